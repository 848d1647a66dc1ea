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
        fail() { # EXIT_CODE WHY
          echo "$2" >&2
          exit "$1"
        }
        [ "$target" = rollout_plan ] && [ -n "$resource" ] && [ -n "$url" ] ||
          fail 3 "--target rollout_plan, --resource and --orchestrator-url are needed"
        [ -n "$AUTONOMY_OPERATOR" ] || fail 4 "no operator identity"
        ask() { # METHOD PATH: the answer's body
          authority=${url#http://}
          { exec 3<>"/dev/tcp/${authority%%:*}/${authority##*:}"; } 2>/dev/null || fail 5 "cannot reach $url"
          printf '%s\\r\\n' "$1 $2 HTTP/1.1" "Host: $authority" "X-Autonomy-Operator: $AUTONOMY_OPERATOR" \\
            'Connection: close' 'Content-Length: 0' '' >&3
          while IFS= read -r line <&3 && [ "$line" != $'\\r' ]; do :; done
          cat <&3
          exec 3>&-
        }
        read -r code seconds bytes <<<"$(ask POST "/_cli/start?id=$resource&strategy=$strategy")"
        [ -n "$code" ] || fail 5 "cannot reach $url"
        if [ "$seconds" != 0 ]; then sleep "$seconds"; fi
        if [ "$bytes" != 0 ]; then yes "output of a talkative command" | head -c "$bytes"; fi
        outcome=$([ "$code" = 0 ] && echo success || echo failure)
        now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
        record='{"event_name":"rollback.executed","category":"rollout","action":"execute","outcome":"'$outcome'"'
        record=$record',"source":"cli","timestamp":"'$now'","actor":"'$AUTONOMY_OPERATOR'"'
        record=$record',"resource_type":"rollout_plan","resource":"'$resource'","details":{"reason":"'$reason'"}}'
        echo "$record" >&2
        if [ -n "$AUTONOMY_AUDIT_DIR" ] && [ -d "$AUTONOMY_AUDIT_DIR" ]; then
          echo "$record" >>"$AUTONOMY_AUDIT_DIR/cli.jsonl"
        fi
        ask POST "/_cli/end" >/dev/null
        [ "$code" = 0 ] || fail "$code" "plan $resource: ERROR success is not what this is"
        echo "plan $resource: $strategy requested"
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
