package provision;

import base.Leftovers;
import base.Sha256;
import build.OwnBuild;
import build.ReproducibleJar;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * One jar of the class path as it is frozen, under a name that holds the hash of what it is.
 *
 * <p>Our own is written anew ({@link ReproducibleJar}). DuckDB's is frozen as a folder: its driver would unpack its
 * library of 57 MB at each start, and uses one that lies beside the jar as it is. The libraries of both architectures
 * lie there, so that what is frozen does not depend on the machine. All others stay as they were published.
 *
 * @param classPath its name in a class path, below bin/lib
 */
record FrozenJar(String classPath, List<Part> parts) {
    private static final int HASH_IN_NAME = 12;
    private static final String LINUX = Leftovers.LIBRARY + ".so_linux_";

    /**
     * One file.
     *
     * @param name below bin/lib
     * @param crc32 of its bytes
     */
    record Part(String name, long bytes, long crc32, Content content) {
        private static Part of(String name, Path file) throws IOException {
            return new Part(name, Files.size(file), crc(file), () -> Files.newInputStream(file));
        }

        private static Part of(String name, byte[] bytes) {
            CRC32 sum = new CRC32();
            sum.update(bytes);
            return new Part(name, bytes.length, sum.getValue(), () -> new ByteArrayInputStream(bytes));
        }

        /** Whether a file is this one: a quick look, where nobody is suspected. */
        boolean isIn(Path file) throws IOException {
            return Files.isRegularFile(file) && Files.size(file) == bytes && crc(file) == crc32;
        }

        private static long crc(Path file) throws IOException {
            try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
                in.transferTo(OutputStream.nullOutputStream());
                return in.getChecksum().getValue();
            }
        }
    }

    /** Opened as often as it is needed. */
    interface Content {
        InputStream open() throws IOException;
    }

    static FrozenJar of(Path jar) throws IOException {
        if (jar.equals(OwnBuild.jar())) {
            byte[] own = ReproducibleJar.of(jar);
            return new FrozenJar(List.of(Part.of(named(jar, Sha256.of(own)) + ".jar", own)));
        }
        List<? extends ZipEntry> libraries = librariesIn(jar);
        if (!libraries.isEmpty()) {
            return unpacked(jar, libraries);
        }
        Path folder = jar.getParent();
        List<Path> beside = librariesBeside(folder);
        if (!beside.isEmpty()) { // this build is a frozen one itself
            List<Part> parts = new ArrayList<>();
            for (Path file : Stream.concat(Stream.of(jar), beside.stream()).toList()) {
                parts.add(Part.of(folder.getFileName() + "/" + file.getFileName(), file));
            }
            return new FrozenJar(parts);
        }
        return new FrozenJar(List.of(Part.of(named(jar, Sha256.of(jar)) + ".jar", jar)));
    }

    private FrozenJar(List<Part> parts) {
        this(parts.get(0).name(), parts);
    }

    /** How many bytes it takes, without reading all of them. */
    static long bytes(Path jar) throws IOException {
        if (jar.equals(OwnBuild.jar())) {
            return ReproducibleJar.of(jar).length;
        }
        long unpacked = librariesIn(jar).stream().mapToLong(ZipEntry::getSize).sum();
        return unpacked > 0 ? unpacked : Files.size(jar);
    }

    private static FrozenJar unpacked(Path jar, List<? extends ZipEntry> libraries) throws IOException {
        byte[] bare = ReproducibleJar.without(jar, name -> name.startsWith(Leftovers.LIBRARY));
        StringBuilder content = new StringBuilder(Sha256.of(bare));
        libraries.forEach(
                entry -> content.append(' ').append(entry.getSize()).append(' ').append(entry.getCrc()));
        String folder = named(jar, Sha256.of(content.toString()));
        List<Part> parts = new ArrayList<>();
        parts.add(Part.of(folder + "/driver.jar", bare));
        for (ZipEntry library : libraries) {
            String name = library.getName();
            parts.add(new Part(folder + "/" + name, library.getSize(), library.getCrc(), () -> entry(jar, name)));
        }
        return new FrozenJar(parts);
    }

    private static String named(Path jar, String sha256) {
        return jar.getFileName().toString().replaceFirst("(-[0-9a-f]{" + HASH_IN_NAME + "})?\\.jar$", "") + "-"
                + sha256.substring(0, HASH_IN_NAME);
    }

    private static InputStream entry(Path jar, String name) throws IOException {
        ZipFile zip = new ZipFile(jar.toFile());
        return new FilterInputStream(zip.getInputStream(zip.getEntry(name))) {
            @Override
            public void close() throws IOException {
                zip.close(); // and the entry's stream with it
            }
        };
    }

    private static List<? extends ZipEntry> librariesIn(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream()
                    .filter(entry -> entry.getName().startsWith(LINUX))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
        }
    }

    private static List<Path> librariesBeside(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(LINUX))
                    .sorted()
                    .toList();
        }
    }
}
