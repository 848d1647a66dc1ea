import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The CLI of a foreign control plane. It takes the flags of {@code autonomy rollback execute} and finds the control
 * plane by --orchestrator-url, wherever that runs.
 */
final class ForeignCli {
    /** In bash for its /dev/tcp: a JVM for each recovery would be most of a test's time. */
    private static final String SCRIPT = """
        #!/bin/bash
        # Exit codes: 0 done, 3 usage, 4 no operator, 5 control plane out of reach, 7 the control plane refused.
        [ "$1 $2" = "rollback execute" ] || { echo "unknown command: $*" >&2; exit 3; }
        shift 2
        while [ $# -gt 0 ]; do
          case $1 in
            --target) target=$2 ;; --resource) resource=$2 ;; --strategy) strategy=$2 ;;
            --reason) reason=$2 ;; --orchestrator-url) url=$2 ;; --output) : ;;
            *) echo "unknown flag $1" >&2; exit 3 ;;
          esac
          shift 2
        done
        [ "$target" = rollout_plan ] && [ -n "$resource" ] && [ -n "$url" ] || { echo "--target rollout_plan, --resource and --orchestrator-url are needed" >&2; exit 3; }
        [ -n "$AUTONOMY_OPERATOR" ] || { echo "no operator identity" >&2; exit 4; }
        ask() { # METHOD PATH: the answer's body
          authority=${url#http://}
          { exec 3<>"/dev/tcp/${authority%%:*}/${authority##*:}"; } 2>/dev/null || { echo "cannot reach $url" >&2; exit 5; }
          printf '%s %s HTTP/1.1\\r\\nHost: %s\\r\\nX-Autonomy-Operator: %s\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n' "$1" "$2" "$authority" "$AUTONOMY_OPERATOR" >&3
          while IFS= read -r line <&3 && [ "$line" != $'\\r' ]; do :; done
          cat <&3
          exec 3>&-
        }
        read -r code seconds bytes <<<"$(ask POST "/_cli/start?id=$resource&strategy=$strategy")"
        [ -n "$code" ] || { echo "cannot reach $url" >&2; exit 5; }
        if [ "$seconds" != 0 ]; then sleep "$seconds"; fi
        if [ "$bytes" != 0 ]; then yes "output of a talkative command" | head -c "$bytes"; fi
        outcome=$([ "$code" = 0 ] && echo success || echo failure)
        record='{"event_name":"rollback.executed","category":"rollout","action":"execute","outcome":"'$outcome'","source":"cli","timestamp":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'","actor":"'$AUTONOMY_OPERATOR'","resource_type":"rollout_plan","resource":"'$resource'","details":{"reason":"'$reason'"}}'
        echo "$record" >&2
        if [ -n "$AUTONOMY_AUDIT_DIR" ] && [ -d "$AUTONOMY_AUDIT_DIR" ]; then echo "$record" >>"$AUTONOMY_AUDIT_DIR/cli.jsonl"; fi
        ask POST "/_cli/end" >/dev/null
        if [ "$code" = 0 ]; then echo "plan $resource: $strategy requested"; else echo "plan $resource: ERROR success is not what this is" >&2; fi
        exit "$code"
        """;

    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger peak = new AtomicInteger();

    interface Recovery {
        /** @return an HTTP status */
        int of(String planId, String strategy) throws IOException;
    }

    /** The plan ids that it was run for, in the order of their starts. */
    List<String> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /** How many ran at the same time at most. */
    int peak() {
        return peak.get();
    }

    RawHttpServer.Answer ended() {
        now.decrementAndGet();
        return RawHttpServer.Answer.of(200, "text/plain", "");
    }

    /** What one that begins is told: its exit code, how long it takes, and how much it prints. */
    RawHttpServer.Answer begun(RawHttpServer.Request r, ForeignSwitches switches, Recovery recovery)
            throws IOException {
        peak.accumulateAndGet(now.incrementAndGet(), Math::max);
        String id = r.query("id", "");
        calls.add(id);
        int status = switches.turn("cli_fail_every") ? 500 : recovery.of(id, r.query("strategy", ""));
        String seconds = switches.has("cli_hang")
                ? String.valueOf(ForeignControlPlane.HANG_MS / 1000)
                : switches.value("cli_seconds", "0");
        return RawHttpServer.Answer.of(
                200,
                "text/plain",
                (status == 200 ? 0 : 7) + " " + seconds + " " + switches.value("cli_output_bytes", "0") + "\n");
    }

    /** Writes it into a folder, and returns its path. */
    static Path in(Path folder) throws IOException {
        Path script = folder.resolve("autonomy");
        Files.writeString(script, SCRIPT);
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
