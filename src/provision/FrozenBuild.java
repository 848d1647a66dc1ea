package provision;

import base.Durable;
import base.Failure;
import base.Inode;
import base.KeyedLines;
import base.Sha256;
import base.Time;
import base.Why;
import build.BuildSums;
import build.Judge;
import build.OwnBuild;
import build.ReproducibleJar;
import build.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import soak.SoakDir;

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
 * bin/lib/NAME-HASH.jar                             what they run; DuckDB's jar and libraries in a folder NAME-HASH
 * bin/build.txt                                     version, time of freezing, compiler, this machine's Java
 * bin/SHA256SUMS                                    for sha256sum -c, in bin
 * bin/classes.jsa bin/classes.txt                   a cache, in no list ({@link ClassArchive})
 * </pre>
 *
 * <p>What SHA256SUMS lists is a function of the commit and of the JDK that compiled it; what differs by machine stands
 * in build.txt alone.
 */
public final class FrozenBuild {
    private static final String EXECUTABLE = "rwxr-xr-x";
    private static final String READABLE = "rw-r--r--";
    private static final String JAVA_HOME = System.getProperty("java.home");

    private final SoakDir dir;
    private final Path bin;
    private final Path lib;

    public FrozenBuild(SoakDir dir) {
        this.dir = dir;
        bin = dir.bin();
        lib = dir.lib();
    }

    public boolean exists() {
        return Files.exists(dir.buildText()) && Files.exists(dir.buildSums());
    }

    /** Whether this very process runs from it. */
    public boolean runsThis() {
        return OwnBuild.isFrozenIn(dir.bin());
    }

    /** The version that was frozen. */
    public String version() {
        return buildText().getOrDefault("version", "unknown");
    }

    /** The Java that its scripts run, as long as it is there. */
    String javaHome() {
        return buildText().getOrDefault("java_home", JAVA_HOME);
    }

    private Map<String, String> buildText() {
        try {
            return KeyedLines.of(dir.buildText());
        } catch (IOException e) {
            throw Failure.failed(
                    dir.buildText() + " cannot be read (" + Why.of(e, dir.buildText())
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
            FrozenJar jar = FrozenJar.of(entry);
            for (FrozenJar.Part part : jar.parts()) {
                sums.put("lib/" + part.name(), copied(part, damaged));
            }
            jars.add(jar.classPath());
        }
        Map<String, String> scripts = StartScripts.of(jars);
        scripts.forEach((name, text) -> sums.put(name, Sha256.of(text.getBytes(StandardCharsets.UTF_8))));
        String sumsText = sums.entrySet().stream()
                .map(e -> e.getValue() + "  " + e.getKey() + "\n")
                .collect(Collectors.joining());
        if (exists()
                && Files.readString(dir.buildSums()).equals(sumsText)
                && damaged.isEmpty()
                && JAVA_HOME.equals(buildText().get("java_home"))
                && inode().equals(buildText().get(SoakDir.INODE))) {
            return false;
        }
        Durable.syncFolder(lib);
        for (Map.Entry<String, String> script : scripts.entrySet()) {
            Durable.write(bin.resolve(script.getKey()), script.getValue(), EXECUTABLE);
        }
        Durable.write(
                dir.buildText(),
                "version: " + Version.current() + "\nfrozen_at: " + now.truncatedTo(ChronoUnit.SECONDS)
                        + "\ncompiled_by: " + ReproducibleJar.compiledBy(OwnBuild.jar()) + "\njava_version: "
                        + System.getProperty("java.version") + "\njava_home: " + JAVA_HOME
                        + "\n" + SoakDir.INODE + ": " + inode() + "\n",
                READABLE);
        Durable.write(dir.buildSums(), sumsText, READABLE);
        return true;
    }

    private String inode() {
        return Inode.of(dir.root()).orElse("unknown");
    }

    /** How much the first freezing would write; 0 where a build is frozen already. */
    long bytesToFreeze() throws IOException {
        long bytes = 0;
        for (Path jar : exists() ? List.<Path>of() : OwnBuild.classPath()) {
            if (Files.isRegularFile(jar)) {
                bytes += FrozenJar.bytes(jar);
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
                } else if (!sum.getKey().contains("/") && !Files.isExecutable(file)) { // a copy by zip, or over a FAT
                    broken.add(sum.getKey() + " (not executable)");
                }
            }
            if (!sums.broken().isEmpty()) {
                broken.add("SHA256SUMS (" + sums.broken().size() + " of its lines are no hash and a name)");
            }
        } catch (IOException e) {
            broken.add("SHA256SUMS (" + Why.of(e, dir.buildSums()) + ")");
        }
        return broken;
    }

    /** @return its hash, of the bytes that were written */
    private String copied(FrozenJar.Part part, List<String> damaged) throws IOException {
        Path place = lib.resolve(part.name());
        if (!damaged.contains("lib/" + part.name()) && part.isIn(place)) {
            return Sha256.of(place);
        }
        Path folder = Files.createDirectories(place.getParent());
        Path copy = Files.createTempFile(folder, "jar-", Durable.TEMPORARY);
        try {
            String hash;
            try (DigestInputStream in = new DigestInputStream(part.content().open(), Sha256.digest())) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                hash = Sha256.hex(in.getMessageDigest());
            }
            if (!part.isIn(copy)) {
                throw Failure.failed("a jar of this program changed while it was copied to " + place
                        + ", perhaps by another build: run this again");
            }
            try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(READABLE));
            Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Durable.syncFolder(folder);
            return hash;
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** What may keep cron from running it, a sentence each. */
    List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        List<String> damage = damage();
        if (!damage.isEmpty()) {
            doubts.add("the frozen build in " + bin + " has changed since it was frozen (" + String.join(", ", damage)
                    + "): replace it by setup.java " + dir.word() + " --upgrade");
        }
        Path java = Path.of(javaHome(), "bin/java");
        if (!Files.isExecutable(java)) {
            doubts.add("the Java of the frozen build, " + java + ", no longer exists: rounds run by another one that"
                    + " cron's PATH or JAVA_HOME has, and else not at all (exit 127); setup.java " + dir.word()
                    + " --upgrade has them run by " + Path.of(JAVA_HOME, "bin/java"));
        }
        return doubts;
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
            List<String> doubts = doubts();
            if (!doubts.isEmpty()) {
                doubts.forEach(doubt -> err.println("setup: WARNING: " + doubt));
            } else if (!runsThis() && !version().equals(Version.current())) {
                err.println("setup: cron keeps running the frozen build " + version() + "; this is " + Version.current()
                        + " (--upgrade replaces it)");
            }
        }
    }
}
