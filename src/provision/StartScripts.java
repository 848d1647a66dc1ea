package provision;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import soak.BuildName;
import soak.ShellWords;
import soak.Version;

/** The start scripts of a frozen build: a function of the build alone, so that every machine has the same. */
final class StartScripts {
    private static final List<String> SCRIPTS = List.of("setup", "round", "report", "controlplane");

    private StartScripts() {}

    /**
     * Name and text of each.
     *
     * @param jars the class path, below bin/lib
     */
    static Map<String, String> of(List<String> jars) {
        Map<String, String> scripts = new LinkedHashMap<>();
        for (String script : SCRIPTS) {
            if (StartScripts.class.getResource("/" + script + ".class") != null) {
                scripts.put(script, startScript(script, "", jars));
            }
        }
        if (scripts.containsKey("round")) {
            scripts.put("probe", startScript("round", " --probe", jars));
        }
        scripts.put("due", DUE.replace("{path}\n", USUAL_PATH));
        return scripts;
    }

    private static String startScript(String script, String arguments, List<String> jars) {
        String classPath = jars.stream()
                .map(jar -> "$lib/" + jar.replaceAll("([\"$`\\\\])", "\\\\$1"))
                .collect(Collectors.joining(":"));
        return START.replace("{path}\n", USUAL_PATH)
                .replace("{script}", script)
                .replace("{arguments}", arguments)
                .replace("{options}", runtimeOptions(script))
                .replace("{limits}\n", script.equals("controlplane") ? "" : LIMITS.replace("{script}", script))
                .replace("{shared}\n", script.equals("controlplane") ? "" : SHARED)
                .replace("{archive}", script.equals("controlplane") ? "" : ARCHIVE)
                .replace("{version}", ShellWords.quote(Version.current()))
                .replace(
                        "{checkout}",
                        ShellWords.quote(BuildName.of(Version.current()).checkout()))
                .replace("{jar}", classPath.split(":")[0])
                .replace("{classpath}", classPath);
    }

    /** The script's own {@code //RUNTIME_OPTIONS}, from its source in this jar: they stand once. */
    private static String runtimeOptions(String script) {
        try (InputStream source = StartScripts.class.getResourceAsStream("/scripts/" + script + ".java")) {
            if (source == null) {
                throw new IllegalStateException(
                        "the jar lacks scripts/" + script + ".java: setup.java takes it in by //FILES");
            }
            return new String(source.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("//RUNTIME_OPTIONS"))
                    .map(line ->
                            " " + line.substring("//RUNTIME_OPTIONS".length()).strip())
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A crontab's PATH may be no path: cron expands nothing, so that PATH=$HOME/bin:$PATH leads nowhere. */
    private static final String USUAL_PATH = """
        # cron expands nothing, so its PATH=$HOME/bin:$PATH is no path: the usual places come last, and whoever has a PATH keeps it.
        PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
        export PATH
        """;

    private static final String START = """
        #!/bin/sh
        # {script}, as setup froze it; replaced only by setup.java SOAK_DIR --upgrade. The folder may be moved, once setup --stop
        # has ended the control plane and --remove-crontab has taken out the lines; setup --install-crontab puts the new ones in.
        set -eu
        {path}
        self=$(readlink -f -- "$0")
        bin=${self%/*}
        lib=$bin/lib
        soak=${bin%/*}
        [ -n "$(pwd -P 2>/dev/null)" ] || cd / # no Java starts in a folder that is gone
        if [ ! -f "{jar}" ]; then # 127: another build may yet run a round
          checkout={checkout}
          echo "{script}: the program is not in $lib, for an archive holds none of it: in the public source, $checkout, and start ./{script}.java there" >&2
          exit 127
        fi
        # Java takes file names from the locale: cron's is empty, and one that is named need not be on this machine.
        SOAK_LOCALE=${SOAK_LOCALE:-${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}}
        LC_ALL=C.UTF-8
        export SOAK_LOCALE LC_ALL
        java=
        [ ! -r "$bin/build.txt" ] || while IFS= read -r line; do # it names what this machine has; all else in here is the same wherever it is built
          case $line in "java_home: "*) java=${line#java_home: }/bin/java ;; esac
        done <"$bin/build.txt"
        if [ ! -x "$java" ]; then # gone with an update of the machine; 127 as a shell has it, which is no round's: another build may yet find a Java
          gone=$java
          java=${JAVA_HOME:+$JAVA_HOME/bin/java}
          [ -x "$java" ] || java=$(command -v java) || {
            echo "{script}: the Java of the setup, $gone, no longer exists and there is no other: install Java 17 or newer, or set JAVA_HOME" >&2
            exit 127
          }
          version=$("$java" -version 2>&1 | sed -n 's/.*version "\\([0-9]*\\).*/\\1/p')
          [ "${version:-0}" -ge 17 ] || {
            echo "{script}: the Java of the setup, $gone, no longer exists and $java is version ${version:-unknown}: install Java 17 or newer, or set JAVA_HOME" >&2
            exit 127
          }
        fi
        {limits}
        # Without a SOAK_DIR, here or as the argument, this build's own soak is meant.
        [ -n "${SOAK_DIR:-}" ] || [ -f config.env ] || { SOAK_DIR=$soak; export SOAK_DIR; }
        {shared}
        # Libraries are unpacked here; someone who may only read the soak unpacks them elsewhere.
        tmp=$soak/tmp
        mkdir -p "$tmp" 2>/dev/null || :
        [ -d "$tmp" ] && [ -w "$tmp" ] || tmp=${TMPDIR:-/tmp}
        case "${JAVA_TOOL_OPTIONS:-}" in # what the command line says would override it
          *-Djava.io.tmpdir=*) tmp=${JAVA_TOOL_OPTIONS#*-Djava.io.tmpdir=} tmp=${tmp%% *} ;;
        esac
        exec "$java"{options} {archive}"-Djava.library.path=$lib" "-Djava.io.tmpdir=$tmp" -Dsoak.version={version} -cp "{classpath}" {script}{arguments} "$@"
        """;

    /** Not for the control plane, which runs for days and whose memory is measured. */
    private static final String SHARED = """
        # The archive of classes is a cache: used where it was made, by the Java that made it, and if it has its size, for to Java one that
        # was cut is a SIGBUS. The rest Java checks itself, and goes on without it and without a word where it is not what it was.
        classes=$bin/classes.jsa
        made=
        size=
        [ ! -f "$bin/classes.txt" ] || [ ! -r "$bin/classes.txt" ] || { IFS= read -r made && IFS= read -r size; } <"$bin/classes.txt" || :
        [ "$made" = "$java in $lib" ] && [ -f "$classes" ] && [ -r "$classes" ] && [ "$size" = "$(wc -c <"$classes" 2>/dev/null)" ] || classes=
        """;

    /** Java that is refused memory or files at its start says neither when nor which limit, and its exit code is 1. */
    private static final String LIMITS = """
        # A Java that gets too few addresses or files ends without a time, often without a reason: this line stands before its own.
        limits=$(ulimit -Hn 2>/dev/null && ulimit -v 2>/dev/null) || limits=
        too_low() { # WHAT LIMIT NEED: unlimited, or unknown, is enough
          case $2 in '' | *[!0-9]*) return 0 ;; esac
          [ "$2" -ge "$3" ] ||
            echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) {script}: warning: $1 is $2, and Java may need $3: if it fails below, this is why; raise the limit where this is started" >&2
        }
        too_low 'ulimit -n' "${limits%%[!0-9]*}" 64
        too_low 'ulimit -v' "${limits##*[!0-9]}" 4000000
        """;

    /** Without the check of its sums one whose bytes changed would end the JVM by a signal. */
    private static final String ARCHIVE = "${classes:+\"-XX:SharedArchiveFile=$classes\"}"
            + " ${classes:+-XX:+VerifySharedSpaces \"-Xlog:cds*=off\"} ";

    private static final String DUE = """
        #!/bin/sh
        {path}
        # due STEP EVERY AT: succeeds if the UTC step of STEP seconds that lies now begins AT seconds after a multiple of EVERY.
        # A crontab's hours are those of the machine's zone; this lets a line that fires every hour keep to UTC.
        [ $# -eq 3 ] || { echo "due: give STEP, EVERY and AT in seconds, as the lines of setup's crontab do" >&2; exit 64; }
        [ $(( $(date +%s) / $1 * $1 % $2 )) -eq "$3" ]
        """;
}
