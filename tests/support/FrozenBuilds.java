import base.Folders;
import base.Sha256;
import build.FrozenJudge;
import build.Judge;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import provision.FrozenBuild;
import soak.SoakDir;

/** A soak's frozen build, and one whose SQL is another. */
final class FrozenBuilds {
    /** Of all tests: a hundred megabytes each would be most of their time. */
    static final Path LIBRARIES = shared();

    private FrozenBuilds() {}

    /** Freezes the build of the tests into a soak; its libraries are large, and are links. */
    static void freeze(SoakDir dir) throws IOException {
        Files.createDirectories(dir.bin());
        Path lib = Files.createSymbolicLink(dir.bin().resolve("lib"), LIBRARIES);
        new FrozenBuild(dir).freeze(Instant.parse("2025-01-01T00:00:00Z"));
        Files.delete(lib);
        Files.createDirectory(lib);
        for (String line : Files.readAllLines(dir.bin().resolve("SHA256SUMS"))) {
            String name = line.substring(line.indexOf("  ") + 2);
            if (name.startsWith("lib/")) {
                Files.createDirectories(dir.bin().resolve(name).getParent());
                Files.createLink(dir.bin().resolve(name), LIBRARIES.resolve(name.substring(4)));
            }
        }
    }

    /**
     * Freezes a build that differs from the tests' in one file.
     *
     * @return its judge
     */
    static Judge freezeAnother(SoakDir dir, String path, String from, String to) throws IOException {
        freeze(dir);
        alter(dir, path, from, to, true);
        return new Judge("0.9.0", FrozenJudge.of(dir).orElseThrow().sha256());
    }

    /** Edits a file in the jar; the build's list tells of it if {@code listed}. */
    static void alter(SoakDir dir, String path, String from, String to, boolean listed) throws IOException {
        Path jar = dir.root().resolve(FrozenJudge.of(dir).orElseThrow().jar());
        Path edited = Files.createTempFile(dir.bin(), "edited", ".jar");
        boolean found = false;
        try (JarFile old = new JarFile(jar.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(edited))) {
            out.setLevel(0);
            for (JarEntry entry : (Iterable<JarEntry>) old.stream()::iterator) {
                out.putNextEntry(new JarEntry(entry.getName()));
                try (InputStream in = old.getInputStream(entry)) {
                    byte[] bytes = in.readAllBytes();
                    if (entry.getName().equals(path)) {
                        String text = new String(bytes, StandardCharsets.UTF_8);
                        found = text.contains(from);
                        bytes = text.replace(from, to).getBytes(StandardCharsets.UTF_8);
                    }
                    out.write(bytes);
                }
            }
        }
        if (!found) {
            throw new IllegalStateException(path + " holds no " + from);
        }
        String was = Sha256.of(jar);
        Files.delete(jar);
        Files.move(edited, jar);
        if (listed) {
            Path sums = dir.bin().resolve("SHA256SUMS");
            Files.writeString(sums, Files.readString(sums).replace(was, Sha256.of(jar)));
        }
    }

    private static Path shared() {
        try {
            Path lib = Files.createTempDirectory("frozen-lib");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Folders.delete(lib);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            return lib;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
