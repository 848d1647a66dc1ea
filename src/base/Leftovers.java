package base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What ended processes left in a folder for scratch: a library of 60 MB, half a copy of a database. The folder may be
 * everybody's, so that only what no other program names so is removed from it.
 */
public final class Leftovers {
    /** DuckDB's driver unpacks its library under such a name. */
    public static final String LIBRARY = "libduckdb_java";
    /** How the names of all other scratch begin. */
    public static final String SCRATCH = "soak-scratch-";

    private static final Pattern UNPACKED = Pattern.compile(LIBRARY + "\\d+\\.so");
    private static final Pattern OWNED = Pattern.compile(SCRATCH + "[a-z-]+-(\\d{1,18})-.*");
    /** A younger library may be one that is just being unpacked, and is open in nobody between that and its use. */
    private static final Duration YOUNG = Duration.ofMinutes(1);
    /** No process needs one of these by its name for so long. */
    private static final Duration OLD = Duration.ofMinutes(10);

    private Leftovers() {}

    /** The name of scratch of this process begins so: whoever finds it knows whether its owner has ended. */
    public static String owned(String kind) {
        return SCRATCH + kind + "-" + ProcessHandle.current().pid() + "-";
    }

    /** What cannot be removed stays: a report on a folder that cannot be written is a report all the same. */
    public static void remove(Path tmp) {
        try (Stream<Path> files = Files.isDirectory(tmp) ? Files.list(tmp) : Stream.empty()) {
            files.filter(file -> isScratch(file.getFileName().toString()))
                    .toList()
                    .forEach(Leftovers::removeIfNobodys);
        } catch (IOException | UncheckedIOException unreadable) {
            // then they stay
        }
    }

    private static boolean isScratch(String name) {
        return OWNED.matcher(name).matches() || UNPACKED.matcher(name).matches();
    }

    private static void removeIfNobodys(Path file) {
        try {
            if (isNobodys(file)) {
                Folders.delete(file);
            }
        } catch (IOException readOnlyOrGone) {
            // then it stays, or another report was faster; the others are looked at all the same
        }
    }

    private static boolean isNobodys(Path file) throws IOException {
        Matcher owned = OWNED.matcher(file.getFileName().toString());
        if (owned.matches()) {
            return ProcessHandle.of(Long.parseLong(owned.group(1))).isEmpty();
        }
        Instant changed =
                Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
        return changed.isBefore(Instant.now().minus(OLD))
                || changed.isBefore(Instant.now().minus(YOUNG)) && Files.isRegularFile(file) && !isInUse(file);
    }

    /** Whether a process that can be looked into has it open or mapped. */
    public static boolean isInUse(Path file) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            Path real = file.toRealPath();
            for (Path process : processes
                    .filter(p -> p.getFileName().toString().matches("\\d+"))
                    .toList()) {
                if (hasOpen(process, real) || hasMapped(process, real)) {
                    return true;
                }
            }
            return false;
        } catch (IOException notLinux) {
            return true;
        }
    }

    private static boolean hasOpen(Path process, Path file) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.anyMatch(descriptor -> leadsTo(descriptor, file));
        } catch (IOException | UncheckedIOException goneOrNotOurs) {
            return false;
        }
    }

    private static boolean leadsTo(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static boolean hasMapped(Path process, Path file) {
        try (Stream<String> maps = Files.lines(process.resolve("maps"))) {
            return maps.anyMatch(line -> line.endsWith(" " + file));
        } catch (IOException | UncheckedIOException goneOrNotOurs) {
            return false;
        }
    }
}
