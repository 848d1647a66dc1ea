package provision;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import soak.BuildName;
import soak.BuildSums;
import soak.Durable;
import soak.Failure;
import soak.Judge;
import soak.KeyedLines;
import soak.OwnBuild;
import soak.ReproducibleJar;
import soak.Room;
import soak.Sha256;
import soak.ShellWords;
import soak.SoakDir;
import soak.Time;
import soak.Version;

/**
 * The build that cron runs: this process's own class path, copied into SOAK_DIR/bin with plain start scripts, so that a
 * {@code git pull}, an emptied cache or a lost network in mid-soak changes nothing.
 *
 * <p>A jar's name holds its hash. New content therefore has a new name: the jars of a running round are never touched,
 * and each start script changes from the old set to the new one by a rename.
 *
 * <pre>
 * bin/setup bin/round bin/report bin/controlplane   start scripts
 * bin/probe                                         round --probe: a look that counts nowhere
 * bin/due                                           is a UTC time now? for crontabs on hosts that are not in UTC
 * bin/lib/NAME-HASH.jar                             what they run
 * bin/build.txt                                     version, time of freezing, compiler, this machine's Java
 * bin/SHA256SUMS                                    for sha256sum -c, in bin
 * </pre>
 *
 * <p>What SHA256SUMS lists is a function of the commit and of the JDK that compiled it; what differs by machine stands
 * in build.txt alone.
 */
public final class FrozenBuild {
    private static final List<String> SCRIPTS = List.of("setup", "round", "report", "controlplane");
    private static final int HASH_IN_NAME = 12;
    private static final String EXECUTABLE = "rwxr-xr-x";
    private static final String READABLE = "rw-r--r--";
    private static final String JAVA_HOME = System.getProperty("java.home");

    private final SoakDir dir;
    private final Path bin;
    private final Path lib;

    public FrozenBuild(SoakDir dir) {
        this.dir = dir;
        bin = dir.bin();
        lib = bin.resolve("lib");
    }

    public boolean exists() {
        return Files.exists(dir.buildText()) && Files.exists(dir.buildSums());
    }

    /** Whether this very process runs from it. */
    public boolean runsThis() {
        return OwnBuild.isFrozenIn(dir);
    }

    /** The version that was frozen. */
    public String version() {
        return buildText().getOrDefault("version", "unknown");
    }

    private Map<String, String> buildText() {
        try {
            return KeyedLines.of(dir.buildText());
        } catch (IOException e) {
            throw Failure.failed(
                    dir.buildText() + " cannot be read (" + e
                            + "): replace the frozen build by setup.java SOAK_DIR --upgrade",
                    e);
        }
    }

    /**
     * Freezes this process's class path.
     *
     * @return false if exactly this build is there already
     */
    public boolean freeze(Instant now) throws IOException {
        Map<String, String> sums = new LinkedHashMap<>();
        List<String> damaged = exists() ? damage() : List.of();
        Files.createDirectories(lib);
        List<String> jars = new ArrayList<>();
        for (Path entry : OwnBuild.classPath()) {
            if (!Files.isRegularFile(entry)) {
                throw Failure.failed("setup does not run from jars (" + entry
                        + "), so there is nothing to freeze: start it with ./setup.java or ./jbang setup");
            }
            jars.add(copied(entry, sums, damaged));
        }
        Map<String, String> scripts = new LinkedHashMap<>();
        for (String script : SCRIPTS) {
            if (FrozenBuild.class.getResource("/" + script + ".class") != null) {
                scripts.put(script, startScript(script, "", jars));
            }
        }
        if (scripts.containsKey("round")) {
            scripts.put("probe", startScript("round", " --probe", jars));
        }
        scripts.put("due", DUE.replace("{path}\n", USUAL_PATH));
        scripts.forEach((name, text) -> sums.put(name, Sha256.of(text.getBytes(StandardCharsets.UTF_8))));
        String sumsText = sums.entrySet().stream()
                .map(e -> e.getValue() + "  " + e.getKey() + "\n")
                .collect(Collectors.joining());
        if (exists()
                && Files.readString(dir.buildSums()).equals(sumsText)
                && damaged.isEmpty()
                && JAVA_HOME.equals(buildText().get("java_home"))) {
            return false;
        }
        Durable.syncFolder(lib);
        for (Map.Entry<String, String> script : scripts.entrySet()) {
            replace(bin.resolve(script.getKey()), script.getValue(), EXECUTABLE);
        }
        replace(
                dir.buildText(),
                "version: " + Version.current() + "\nfrozen_at: " + now.truncatedTo(ChronoUnit.SECONDS)
                        + "\ncompiled_by: " + ReproducibleJar.compiledBy(OwnBuild.jar()) + "\njava_version: "
                        + System.getProperty("java.version") + "\njava_home: " + JAVA_HOME + "\n",
                READABLE);
        replace(dir.buildSums(), sumsText, READABLE);
        return true;
    }

    /** How much the first freezing would write; 0 where a build is frozen already. */
    long bytesToFreeze() throws IOException {
        long bytes = 0;
        for (Path jar : exists() ? List.<Path>of() : OwnBuild.classPath()) {
            if (Files.isRegularFile(jar)) {
                bytes += jar.equals(OwnBuild.jar()) ? ReproducibleJar.of(jar).length : Files.size(jar);
            }
        }
        return bytes;
    }

    /** @return what is not as it was frozen, a name each; empty if all is */
    public List<String> damage() {
        List<String> broken = new ArrayList<>();
        try {
            BuildSums sums = BuildSums.of(dir);
            for (Map.Entry<String, String> sum : sums.files().entrySet()) {
                Path file = bin.resolve(sum.getKey());
                if (!Files.isRegularFile(file) || !sum.getValue().equals(Sha256.of(file))) {
                    broken.add(sum.getKey());
                }
            }
            if (!sums.broken().isEmpty()) {
                broken.add("SHA256SUMS (" + sums.broken().size() + " of its lines are no hash and a name)");
            }
        } catch (IOException e) {
            broken.add("SHA256SUMS (" + e + ")");
        }
        return broken;
    }

    private String copied(Path jar, Map<String, String> sums, List<String> damaged) throws IOException {
        byte[] own = jar.equals(OwnBuild.jar()) ? ReproducibleJar.of(jar) : null;
        String hash = own == null ? Sha256.of(jar) : Sha256.of(own);
        String name = jar.getFileName().toString().replaceFirst("(-[0-9a-f]{" + HASH_IN_NAME + "})?\\.jar$", "") + "-"
                + hash.substring(0, HASH_IN_NAME) + ".jar";
        Path place = lib.resolve(name);
        if (!Files.exists(place) || damaged.contains("lib/" + name)) {
            Path part = Files.createTempFile(lib, "jar-", Durable.TEMPORARY);
            try {
                if (own == null) {
                    Files.copy(jar, part, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.write(part, own);
                }
                if (!hash.equals(Sha256.of(part))) {
                    throw Failure.failed(
                            jar + " changed while it was copied, perhaps by another build: run this again");
                }
                try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(READABLE));
                Files.move(part, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        sums.put("lib/" + name, hash);
        return name;
    }

    /** With its permissions before it has its name: cron may start it in any instant. */
    private void replace(Path file, String text, String permissions) throws IOException {
        Path part = Files.createTempFile(bin, file.getFileName() + "-", Durable.TEMPORARY);
        try {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(permissions));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        Durable.syncFolder(bin);
    }

    private static String startScript(String script, String arguments, List<String> jars) {
        String classPath = jars.stream()
                .map(jar -> "$lib/" + jar.replaceAll("([\"$`\\\\])", "\\\\$1"))
                .collect(Collectors.joining(":"));
        return START.replace("{path}\n", USUAL_PATH)
                .replace("{script}", script)
                .replace("{arguments}", arguments)
                .replace("{options}", runtimeOptions(script))
                .replace("{room}\n", script.equals("report") ? ROOM : "")
                .replace("{version}", ShellWords.quote(Version.current()))
                .replace(
                        "{checkout}",
                        ShellWords.quote(BuildName.of(Version.current()).checkout()))
                .replace("{jar}", classPath.split(":")[0])
                .replace("{classpath}", classPath);
    }

    /** The script's own {@code //RUNTIME_OPTIONS}, from its source in this jar: they stand once. */
    private static String runtimeOptions(String script) {
        try (InputStream source = FrozenBuild.class.getResourceAsStream("/scripts/" + script + ".java")) {
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

    /**
     * The first time it is frozen; afterwards an upgrade replaces it, and whoever runs another build or a damaged one
     * is told.
     */
    public void freezeOrTell(boolean upgrade, Time time, PrintWriter err) throws IOException {
        if (!exists()) {
            freeze(time.now());
            err.println("setup: froze the build " + version() + " into " + bin);
        } else if (upgrade) {
            String from = version();
            boolean newBuild = freeze(time.now());
            boolean newJudge = !Judge.pinned(dir, Instant.MAX).equals(Optional.of(Judge.own()));
            if (newBuild || newJudge) {
                ResumeLog.append(
                        dir,
                        time,
                        "upgraded from=" + from + " to=" + version() + " "
                                + Judge.own().inLog());
            }
            if (newBuild) {
                err.println("setup: upgraded the frozen build from " + from + " to " + version()
                        + "; a running control plane keeps its version until it restarts");
            } else {
                err.println("setup: the frozen build already has this version (" + from + ")"
                        + (newJudge ? "; its judge is pinned now" : ""));
            }
        } else {
            List<String> damage = damage();
            if (!damage.isEmpty()) {
                err.println("setup: WARNING: the frozen build in " + bin + " has changed since it was frozen ("
                        + String.join(", ", damage) + "): replace it by setup.java " + dir.word() + " --upgrade");
            } else if (!runsThis() && !version().equals(Version.current())) {
                err.println("setup: cron keeps running the frozen build " + version() + "; this is " + Version.current()
                        + " (--upgrade replaces it)");
            }
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
        # Without a SOAK_DIR, here or as the argument, this build's own soak is meant.
        [ -n "${SOAK_DIR:-}" ] || [ -f config.env ] || { SOAK_DIR=$soak; export SOAK_DIR; }
        # Libraries are unpacked here; someone who may only read the soak unpacks them elsewhere.
        tmp=$soak/tmp
        mkdir -p "$tmp" 2>/dev/null || :
        [ -d "$tmp" ] && [ -w "$tmp" ] || tmp=${TMPDIR:-/tmp}
        {room}
        case "${JAVA_TOOL_OPTIONS:-}" in # what the command line says would override it
          *-Djava.io.tmpdir=*) tmp=${JAVA_TOOL_OPTIONS#*-Djava.io.tmpdir=} tmp=${tmp%% *} ;;
        esac
        exec "$java"{options} "-Djava.io.tmpdir=$tmp" -Dsoak.version={version} -cp "{classpath}" {script}{arguments} "$@"
        """;

    /** For a report alone: what it unpacks is large. */
    private static final String ROOM = """
        # A report unpacks {library} KiB: where the soak's disk lacks that beside what rounds need, the machine's scratch has to do.
        free() { df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print $4 }'; }
        kib=$(free "$tmp")
        if [ "${kib:-{needed}}" -lt {needed} ]; then
          kib=$(free "${TMPDIR:-/tmp}")
          [ "${kib:-0}" -lt {library} ] || tmp=${TMPDIR:-/tmp}
        fi
        """.replace("{needed}", Long.toString(Room.FOR_REPORTS + Room.FOR_ROUNDS >> 10))
            .replace("{library}", Long.toString(Room.FOR_REPORTS >> 10));

    private static final String DUE = """
        #!/bin/sh
        {path}
        # due STEP EVERY AT: succeeds if the UTC step of STEP seconds that lies now begins AT seconds after a multiple of EVERY.
        # A crontab's hours are those of the machine's zone; this lets a line that fires every hour keep to UTC.
        [ $# -eq 3 ] || { echo "due: give STEP, EVERY and AT in seconds, as the lines of setup's crontab do" >&2; exit 64; }
        [ $(( $(date +%s) / $1 * $1 % $2 )) -eq "$3" ]
        """;
}
