package process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who a process is. A pid alone is reused; with the start time (field 22 of /proc/PID/stat, in clock ticks since boot)
 * and the boot it belongs to, it is not. Ticks are compared as they stand: turning them into a date would drift.
 *
 * @param startTicks field 22 of /proc/PID/stat, "" where a file of the bash scripts holds the bare pid
 * @param bootId /proc/sys/kernel/random/boot_id, "" likewise
 * @param mark what {@link #MARK} is in its environment and in that of all that it starts; "" where it has none
 */
public record ProcessIdentity(long pid, String startTicks, String bootId, String mark) {
    /** The environment variable by which a process of ours is known when the one that led it has ended. */
    public static final String MARK = "SOAK_CONTROL_PLANE";

    private static final Path PROC = Path.of("/proc");

    /** Places of proc(5)'s fields, counted from the state (field 3), the first one after the command's name. */
    private static final int STATE = 0;

    private static final int SESSION = 3;
    private static final int START_TICKS = 19;

    /** The identity of a process; empty if there is none of that pid. */
    public static Optional<ProcessIdentity> of(long pid) {
        return stat(pid).map(fields -> new ProcessIdentity(pid, fields.get(START_TICKS), currentBoot(), mark(pid)));
    }

    private static String mark(long pid) {
        try {
            String environment =
                    new String(Files.readAllBytes(folder(pid).resolve("environ")), StandardCharsets.ISO_8859_1);
            return Stream.of(environment.split("\0"))
                    .filter(variable -> variable.startsWith(MARK + "="))
                    .map(variable -> variable.substring(MARK.length() + 1))
                    .findFirst()
                    .orElse("");
        } catch (IOException gone) {
            return "";
        }
    }

    public static String currentBoot() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** @return the file's identity; empty if the file is missing or holds no pid */
    public static Optional<ProcessIdentity> read(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        // ISO-8859-1 reads any byte: a damaged file names no process, and must not end a round
        List<String> lines = Files.readString(pidFile, StandardCharsets.ISO_8859_1)
                .lines()
                .map(String::strip)
                .toList();
        Map<String, String> named = new LinkedHashMap<>();
        for (String line : lines) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                named.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        if (lines.isEmpty() || !lines.get(0).matches("[1-9][0-9]{0,9}")) {
            return Optional.empty();
        }
        return Optional.of(new ProcessIdentity(
                Long.parseLong(lines.get(0)),
                named.getOrDefault("start_ticks", ""),
                named.getOrDefault("boot_id", ""),
                named.getOrDefault("mark", "")));
    }

    /** The text of cp.pid: the bare pid first, as other programs read it. */
    public String render() {
        return pid + "\nstart_ticks=" + startTicks + "\nboot_id=" + bootId + "\n"
                + (mark.isEmpty() ? "" : "mark=" + mark + "\n");
    }

    /** False for a pid that a script wrote alone: it may have been recycled, so it must never be signalled. */
    public boolean verifiable() {
        return !startTicks.isEmpty() && !bootId.isEmpty();
    }

    /** Whether this very process lives. A zombie has ended; it only waits to be collected. */
    public boolean alive() {
        return stat(pid)
                .filter(fields -> runs(pid, fields))
                .filter(fields -> !verifiable()
                        || (fields.get(START_TICKS).equals(startTicks)
                                && currentBoot().equals(bootId)))
                .isPresent();
    }

    /**
     * The living processes of the session that this process leads: itself and what it started. Once it has ended its
     * pid may have led another session, and that leader may have ended too: then only those are ours that bear our
     * mark.
     */
    public List<Long> session() {
        if (!verifiable() || !currentBoot().equals(bootId)) {
            return List.of();
        }
        Optional<List<String>> leader = stat(pid);
        if (leader.isPresent() && !leader.get().get(START_TICKS).equals(startTicks)) {
            return List.of();
        }
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(p -> stat(p).filter(fields -> fields.get(SESSION).equals(Long.toString(pid)) && runs(p, fields))
                        .isPresent())
                .filter(p -> leader.isPresent() || !mark.isEmpty() && mark.equals(mark(p)))
                .toList();
    }

    /** The living processes that bear this mark, in whatever session: those too that made themselves daemons. */
    public List<Long> marked() {
        return mark.isEmpty() || !currentBoot().equals(bootId)
                ? List.of()
                : ProcessHandle.allProcesses()
                        .map(ProcessHandle::pid)
                        .filter(p -> mark.equals(mark(p))
                                && stat(p).filter(fields -> runs(p, fields)).isPresent())
                        .toList();
    }

    /**
     * While our session lives: all in it, and what it started in sessions of their own. The mark tells those, and of a
     * wrapper that hands no environment on (su, sudo) its children are known as such.
     */
    public List<Long> family() {
        List<Long> session = session();
        return session.isEmpty()
                ? session
                : Stream.concat(session.stream(), marked().stream())
                        .flatMap(pid -> Stream.concat(Stream.of(pid), descendants(pid)))
                        .distinct()
                        .toList();
    }

    private static Stream<Long> descendants(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .filter(child ->
                        stat(child).filter(fields -> runs(child, fields)).isPresent());
    }

    private static boolean runs(List<String> fields) {
        return !fields.get(STATE).equals("Z") && !fields.get(STATE).equals("X");
    }

    /** The process runs while any of its threads does, and holds its sockets so long. */
    private static boolean runs(long pid, List<String> fields) {
        return runs(fields) || livingThread(pid).isPresent();
    }

    /**
     * Where proc(5) tells of a process: /proc/PID is its first thread alone, and tells nothing once that has ended. A
     * program may end it and go on, and a killed one is buried thread by thread; then it is the folder of a thread that
     * lives.
     */
    public static Path folder(long pid) {
        return stat(pid)
                .filter(fields -> !runs(fields))
                .flatMap(ended -> livingThread(pid))
                .orElse(PROC.resolve(Long.toString(pid)));
    }

    /**
     * The descriptors that a process has open, each with where it leads. A process opens and closes files while it is
     * looked at: what is closed by then is left out.
     */
    public static Map<Path, String> descriptors(long pid) throws IOException {
        Map<Path, String> open = new LinkedHashMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder(pid).resolve("fd"))) {
            for (Path descriptor : all) {
                try {
                    open.put(descriptor, Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closed) {
                    // as said above
                }
            }
            return open;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static Optional<Path> livingThread(long pid) {
        try (Stream<Path> threads = Files.list(PROC.resolve(pid + "/task"))) {
            return threads.filter(
                            thread -> stat(thread).filter(ProcessIdentity::runs).isPresent())
                    .findFirst();
        } catch (IOException | UncheckedIOException gone) {
            return Optional.empty();
        }
    }

    private static Optional<List<String>> stat(long pid) {
        return stat(PROC.resolve(Long.toString(pid)));
    }

    /** The fields of a process's or a thread's stat after its name, which may itself hold spaces and parentheses. */
    private static Optional<List<String>> stat(Path folder) {
        try {
            String text = new String(Files.readAllBytes(folder.resolve("stat")), StandardCharsets.ISO_8859_1);
            return Optional.of(
                    List.of(text.substring(text.lastIndexOf(')') + 2).strip().split(" ")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
