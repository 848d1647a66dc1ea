///bin/sh -c 'PATH=${PATH:+$PATH:}/usr/bin:/bin; exec "$(dirname "$(readlink -f "$0")")/jbang" "$(readlink -f "$0")" "$@"' "$0" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -XX:-UsePerfData -Dsun.net.httpserver.nodelay=true -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms16m -Xmx128m -XX:+ExitOnOutOfMemoryError -Xshare:auto
//SOURCES src/build/OwnBuild.java
//SOURCES src/build/Version.java
//SOURCES src/command/*.java
//SOURCES src/base/*.java
//SOURCES src/lab/controlplane/*.java
import base.Time;
import build.Version;
import command.Cli;
import java.util.Map;
import java.util.concurrent.Callable;
import lab.controlplane.RollbackCommand;
import lab.controlplane.ServeCommand;
import lab.controlplane.Surroundings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The embedded control plane, a real one in small: rollout plans in SQLite behind an HTTP API, metrics on a listener of
 * their own, an audit trail, and the command that recovers a stuck plan. Flags, environment and exit codes are the real
 * one's, so that a soak can run against either.
 *
 * <pre>
 * serve             --listen HOST:PORT --metrics-listen HOST:PORT --data-dir DIR
 *                   [--tls-cert-file PEM --tls-key-file PEM [--tls-ca-file PEM] [--metrics-tls]] [--token-file FILE]
 * rollback execute  --target rollout_plan --resource PLAN_ID --strategy retry|rollback --reason TEXT
 *                   --orchestrator-url URL [--output json|text]
 * </pre>
 *
 * Environment: AUTONOMY_AUDIT_DIR (serve: audit-store beside the data dir; rollback: stderr alone), AUTONOMY_OPERATOR
 * (rollback: required), AUTONOMY_RBAC_ENFORCEMENT (0 = off), AUTONOMY_RBAC_DIR; rollback: AUTONOMY_TLS_CA,
 * AUTONOMY_TLS_CERT, AUTONOMY_TLS_KEY, AUTONOMY_HEADERS_FILE.
 *
 * <p>Files: DATA_DIR/controlplane.db with its -wal and -shm, DATA_DIR/controlplane.lock,
 * AUDIT_DIR/audit-YYYY-MM-DD.jsonl.
 *
 * <p>Exit codes: 0 ended by SIGTERM, or plan recovered; 64 usage; 70 data dir in use, address taken, database damaged,
 * or plan not recovered.
 *
 * <p>Run: {@code ./controlplane.java serve --data-dir cp-data}
 */
@Command(
        name = "controlplane",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "The embedded control plane and its rollback command.",
        subcommands = {ServeCommand.class, RollbackCommand.class})
class controlplane implements Callable<Integer>, Surroundings {
    private final Map<String, String> environment;
    private final Time time;

    @Spec
    CommandSpec spec;

    controlplane() {
        this(System.getenv(), Time.system());
    }

    controlplane(Map<String, String> environment, Time time) {
        this.environment = environment;
        this.time = time;
    }

    public static void main(String[] args) {
        System.exit(Cli.run(new controlplane(), args));
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say serve or rollback execute");
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public Time time() {
        return time;
    }
}
