package provision;

import base.Room;
import base.Scratch;
import base.Sha256;
import build.BuildSums;
import build.OwnBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import soak.SoakDir;

/**
 * The archive of classes beside a frozen build: what the JVM makes of the classes of a round and a report (AppCDS),
 * which every start would else make anew.
 *
 * <p>It is a cache, and no part of the build: it differs from machine to machine, SHA256SUMS does not list it, no
 * archive for a reviewer holds it, and it may be deleted at any time. The start scripts use it only with the Java and
 * in the folder that it was made for; the JVM itself compares the jars' sizes and times, and goes on without it where
 * anything differs.
 *
 * <p>It is static, and not what {@code -XX:ArchiveClassesAtExit} makes: that takes no class files as old as picocli's.
 */
public final class ClassArchive {
    private static final long MOST_BYTES = 64L << 20;
    private static final long LIMIT_SECONDS = 300;
    private static final String LIST = "classes.lst";
    /** Newer Javas number the classes of a list: two lists number them differently, and none of ours needs a number. */
    private static final Pattern NUMBER_IN_LIST = Pattern.compile(" id: \\d+$");

    private static final String ARCHIVE = "classes.jsa";

    private final SoakDir dir;

    public ClassArchive(SoakDir dir) {
        this.dir = dir;
    }

    /**
     * Makes it, unless there is one for these jars and this Java. Where that cannot be done, all starts are as without.
     *
     * @param practice writes a soak with some rounds into a folder, for a report to be run on
     */
    public void refresh(Consumer<Path> practice) throws InterruptedException {
        try {
            if (Files.isRegularFile(dir.classes())
                    && Files.isRegularFile(dir.classesOf())
                    && Files.readString(dir.classesOf()).equals(described())) {
                return;
            }
            Files.deleteIfExists(dir.classesOf()); // from here on no script uses the old one
            if (Room.left(dir.bin(), dir.root()) < MOST_BYTES || Room.left(dir.tmp(), dir.root()) < MOST_BYTES) {
                return; // it is made in the one and kept in the other
            }
            try (Scratch scratch = Scratch.in(dir.tmp(), "classes")) {
                make(scratch, practice);
            }
        } catch (IOException | UncheckedIOException cannotBeMade) {
            // a soak without it is a soak all the same
        }
    }

    private void make(Scratch scratch, Consumer<Path> practice) throws IOException, InterruptedException {
        Path folder = scratch.folder();
        practice.accept(folder.resolve("practice"));
        Set<String> classes = new LinkedHashSet<>();
        run(scratch, "-XX:DumpLoadedClassList=round.lst", "probe", dir.root().toString());
        run(scratch, "-XX:DumpLoadedClassList=report.lst", "report", "practice", "--type", "final");
        for (String list : List.of("round.lst", "report.lst")) {
            if (Files.exists(folder.resolve(list))) {
                Files.readAllLines(folder.resolve(list)).stream()
                        .map(line -> NUMBER_IN_LIST.matcher(line).replaceFirst(""))
                        .forEach(classes::add);
            }
        }
        classes.addAll(ownClasses()); // also what a round alone needs, and a report of another kind
        Files.write(folder.resolve(LIST), classes);
        boolean ended = run(
                scratch,
                "-Xshare:dump -Xlog:disable -XX:SharedClassListFile=" + LIST + " -XX:SharedArchiveFile=" + ARCHIVE,
                "report");
        if (ended && Files.isRegularFile(folder.resolve(ARCHIVE))) {
            Files.setPosixFilePermissions(folder.resolve(ARCHIVE), PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(folder.resolve(ARCHIVE), dir.classes(), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(dir.classesOf(), described());
        }
    }

    /**
     * Runs a start script, so that the options and the class path are its own. Names are relative to the scratch
     * folder: the variable splits at blanks.
     */
    private boolean run(Scratch scratch, String javaOptions, String script, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(dir.bin().resolve(script).toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.folder().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .keySet()
                .removeIf(name -> name.endsWith("JAVA_OPTIONS") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().put("JDK_JAVA_OPTIONS", javaOptions);
        Process process = builder.start();
        scratch.endFirst(process::destroyForcibly);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return false;
        }
        return process.exitValue() == 0;
    }

    private static List<String> ownClasses() throws IOException {
        try (ZipFile jar = new ZipFile(OwnBuild.jar().toFile())) {
            return jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .sorted()
                    .toList();
        }
    }

    /**
     * What classes.txt says of the archive that is there. The start scripts compare the first line and the second, its
     * size; the third changes with the jars and with an update of Java.
     */
    private String described() throws IOException {
        Path lib = dir.bin().toRealPath().resolve(dir.lib().getFileName());
        Path java = Path.of(new FrozenBuild(dir).javaHome(), "bin/java");
        List<Path> files = new ArrayList<>(List.of(java.toRealPath(), java.resolveSibling("../lib/modules")));
        BuildSums.of(dir).files().keySet().stream()
                .filter(name -> name.endsWith(".jar"))
                .forEach(name -> files.add(dir.bin().resolve(name)));
        StringBuilder state = new StringBuilder();
        for (Path file : files) {
            state.append(file).append(' ').append(Files.size(file)).append(' ').append(Files.getLastModifiedTime(file));
        }
        return java + " in " + lib + "\n" + Files.size(dir.classes()) + "\n" + Sha256.of(state.toString()) + "\n";
    }
}
