package soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What ended processes left in a folder for scratch: a library of 60 MB, half a copy of a database. */
public final class Leftovers {
    /** DuckDB's driver unpacks its library under such a name. */
    public static final String LIBRARY = "libduckdb_java";

    private static final Pattern OURS = Pattern.compile(
            "(" + LIBRARY
                    + "|sqlite-|archive-|classes-|compare-|judge-|restore-|soak-swarm-|spill-|verify-|told-command|alert-command).*");
    private static final Pattern OWNED =
            Pattern.compile("(?:archive|classes|compare|judge|restore|soak-swarm|spill|verify)-(\\d+)-.*");
    /** A younger library may be one that is just being unpacked, and is open in nobody between that and its use. */
    private static final Duration YOUNG = Duration.ofMinutes(1);
    /** No process needs one of these by its name for so long. */
    private static final Duration OLD = Duration.ofMinutes(10);

    private Leftovers() {}

    /** The name of scratch of this process begins so: whoever finds it knows whether its owner has ended. */
    public static String owned(String kind) {
        return kind + "-" + ProcessHandle.current().pid() + "-";
    }

    /** What cannot be removed stays: a report on a folder that cannot be written is a report all the same. */
    public static void remove(Path tmp) {
        try (Stream<Path> files = Files.isDirectory(tmp) ? Files.list(tmp) : Stream.empty()) {
            for (Path file : files.filter(
                            f -> OURS.matcher(f.getFileName().toString()).matches())
                    .toList()) {
                if (isNobodys(file)) {
                    Folders.delete(file);
                }
            }
        } catch (IOException | UncheckedIOException readOnly) {
            // then they stay
        }
    }

    private static boolean isNobodys(Path file) throws IOException {
        Matcher owned = OWNED.matcher(file.getFileName().toString());
        if (owned.matches()) {
            return ProcessHandle.of(Long.parseLong(owned.group(1))).isEmpty();
        }
        Instant changed = Files.getLastModifiedTime(file).toInstant();
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
            for (Path descriptor : descriptors.toList()) {
                if (Files.readSymbolicLink(descriptor).equals(file)) {
                    return true;
                }
            }
        } catch (IOException | UncheckedIOException goneOrNotOurs) {
            // another user's
        }
        return false;
    }

    private static boolean hasMapped(Path process, Path file) {
        try (Stream<String> maps = Files.lines(process.resolve("maps"))) {
            return maps.anyMatch(line -> line.endsWith(" " + file));
        } catch (IOException | UncheckedIOException goneOrNotOurs) {
            return false;
        }
    }
}
