//DEPS org.duckdb:duckdb_jdbc:1.4.4.0
package evidence;

import base.Failure;
import base.Leftovers;
import base.Room;
import base.SqlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An in-memory DuckDB with the settings that make its figures the same everywhere; the evidence files stay the truth.
 */
final class DuckDb {
    private static final long MOST_SPILLED_BYTES = 16L << 30;
    private static final String ELSEWHERE = "give another folder by JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=DIR";

    private static final String NOT_LOADED = "DuckDB's native library cannot be loaded";
    private static final String NOT_MAPPED = "failed to map segment";
    private static final String TOO_LITTLE =
            "ulimit -v of whatever starts this is too low for it (" + NOT_MAPPED + "): raise it to 4000000 or more";

    private static final String SPILL = "spill";
    private static final String LIBRARY =
            Leftovers.LIBRARY + ".so_linux_" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");

    private static final int ELF_HEAD = 64;
    private static final int ELF_MAGIC = 0x464c457f;
    private static final int ELF_SECTIONS = 0x28;
    private static final int ELF_SECTION_BYTES = 0x3a;
    private static final int ELF_SECTION_COUNT = 0x3c;

    private static boolean loaded;

    private DuckDb() {}

    /**
     * @param tmp where DuckDB may spill; made if need be, done without where it cannot be written; null: where the
     *     machine's temporary files go
     * @throws Failure exit 70; where there is no room, before anything is written
     */
    static Connection open(Path tmp) {
        try {
            Path machines = Path.of(System.getProperty("java.io.tmpdir"));
            loadDriver(tmp == null ? machines : tmp);
            // made when it spills
            Path writable = tmp == null ? machines.resolve(Leftovers.owned(SPILL)) : prepare(tmp);
            Connection connection = DriverManager.getConnection("jdbc:duckdb:");
            try (Statement statement = connection.createStatement()) {
                statement.execute(settings(writable));
            }
            return connection;
        } catch (SQLException e) {
            throw Failure.failed(
                    "DuckDB cannot start (" + e.getMessage()
                            + "): the report needs a Linux with glibc and about 600 MB of free memory",
                    e);
        }
    }

    /**
     * threads: one is fastest for small files and needs a quarter of the memory. ieee_floating_point_ops: off, else 0/0
     * is NaN, which sorts above every target. TimeZone: dates are UTC's. Extensions: never downloaded.
     */
    private static String settings(Path tmp) {
        return String.format(
                Locale.ROOT,
                """
                SET threads = 1;
                SET memory_limit = '512MB';
                SET ieee_floating_point_ops = false;
                SET TimeZone = 'UTC';
                SET autoinstall_known_extensions = false;
                SET autoload_known_extensions = false;
                SET temp_directory = %s;
                SET extension_directory = %s;
                SET max_temp_directory_size = '%d KiB';
                """,
                SqlText.literal(tmp == null ? "" : tmp.resolve("duckdb-spill")),
                SqlText.literal(tmp == null ? "" : tmp.resolve("duckdb-extensions")),
                tmp == null ? 0 : Math.max(0, Math.min(Room.left(tmp, tmp), MOST_SPILLED_BYTES)) / 1024);
    }

    /**
     * A frozen build's driver finds its library beside its jar. Any other unpacks 60 MB into java.io.tmpdir when its
     * class is loaded, once a JVM, and removes them at a regular end. Once loaded the file is needed no more, so it
     * goes at once: a killed process must not leave it. (The JVM fixes that folder at its start.)
     */
    private static synchronized void loadDriver(Path soakTmp) {
        Leftovers.remove(soakTmp);
        if (loaded) {
            return;
        }
        Path unpackedTo = Path.of(System.getProperty("java.io.tmpdir"));
        boolean unpacks = DuckDb.class.getResource("/" + LIBRARY) != null;
        List<Path> before = List.of();
        if (unpacks) {
            Leftovers.remove(unpackedTo);
            Room.require(
                    unpackedTo, soakTmp, Room.FOR_REPORTS, "DuckDB's library, which every report needs,", ELSEWHERE);
            before = libraries(unpackedTo);
        }
        try {
            if (!unpacks) {
                loadFrozen();
            }
            Class.forName("org.duckdb.DuckDBNative");
            loaded = true;
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
            List<Path> others = before;
            libraries(unpackedTo).stream()
                    .filter(file -> unpacks && !others.contains(file) && !Leftovers.isInUse(file))
                    .forEach(DuckDb::delete);
            throw Failure.failed(NOT_LOADED + ": " + why(e, unpackedTo), e);
        }
        if (unpacks) {
            removeLoaded();
        }
    }

    /** Before the driver does the same, which prints a stack trace where that fails. */
    private static void loadFrozen() throws ClassNotFoundException {
        Path library = beside(Class.forName("org.duckdb.DuckDBNative", false, DuckDb.class.getClassLoader()));
        String remedy = "): replace the frozen build by setup.java SOAK_DIR --upgrade";
        try {
            if (!isWhole(library)) {
                throw Failure.failed(NOT_LOADED + " (" + library + " is damaged" + remedy);
            }
            System.load(library.toString());
        } catch (IOException | UnsatisfiedLinkError e) {
            throw Failure.failed(
                    NOT_LOADED + (hasTooLittleAddressSpace(e) ? ": " + TOO_LITTLE : " (" + e.getMessage() + remedy), e);
        }
    }

    /** An ELF file ends with its table of sections. The linker looks at none of it, and a cut file is a SIGBUS. */
    private static boolean isWhole(Path library) throws IOException {
        try (InputStream in = Files.newInputStream(library)) {
            ByteBuffer head = ByteBuffer.wrap(in.readNBytes(ELF_HEAD)).order(ByteOrder.LITTLE_ENDIAN);
            return head.limit() == ELF_HEAD
                    && head.getInt(0) == ELF_MAGIC
                    && head.getLong(ELF_SECTIONS)
                                    + (long) head.getShort(ELF_SECTION_BYTES) * head.getShort(ELF_SECTION_COUNT)
                            <= Files.size(library);
        }
    }

    private static Path beside(Class<?> driver) {
        try {
            return Path.of(driver.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolveSibling(LIBRARY);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void removeLoaded() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            for (String file : maps.filter(line -> line.contains("/" + Leftovers.LIBRARY))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .toList()) {
                // one that is deleted already is listed as "… (deleted)", which is no file
                Files.deleteIfExists(Path.of(file));
            }
        } catch (IOException | UncheckedIOException notLinux) {
            // then the driver removes it at the end
        }
    }

    /** The library's own words are those of the linker, of a disk or of Java: each has another remedy. */
    private static String why(Throwable failed, Path folder) {
        Throwable root = failed;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // the linker names the file twice
        String words = String.valueOf(root.getMessage()).replaceFirst("^(\\S*" + Leftovers.LIBRARY + "\\S*: )+", "");
        if (root instanceof IOException) {
            return "it could not be unpacked into " + folder + " (" + words
                    + "): make sure that the folder can be written and has " + (Room.FOR_REPORTS >> 20)
                    + " MiB of room, or "
                    + ELSEWHERE;
        }
        if (hasTooLittleAddressSpace(root)) {
            return TOO_LITTLE;
        }
        if (words.contains(NOT_MAPPED) || words.contains("Operation not permitted")) {
            return folder + " does not allow execution (" + words + "): " + ELSEWHERE;
        }
        return words + ": the report needs a Linux with glibc, on x86-64 or ARM64";
    }

    /** The linker has one word for a folder that allows no execution and for a limit of the process. */
    private static boolean hasTooLittleAddressSpace(Throwable e) {
        if (!String.valueOf(e.getMessage()).contains(NOT_MAPPED)) {
            return false;
        }
        try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
            return limits.anyMatch(line -> line.matches("Max address space +\\d.*"));
        } catch (IOException | UncheckedIOException unknown) {
            return false;
        }
    }

    private static List<Path> libraries(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(Leftovers.LIBRARY))
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException readOnly) {
            // then it stays
        }
    }

    /** @return the folder, created; null if it cannot be written */
    private static Path prepare(Path tmp) {
        try {
            Files.createDirectories(tmp);
            return Files.isWritable(tmp) ? tmp : null;
        } catch (IOException readOnly) {
            return null; // a soak folder on read-only media can be reported on all the same
        }
    }
}
