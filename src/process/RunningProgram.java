package process;

import base.Sha256;
import build.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which build a process runs, by its own files and not by what its command names now: a file that was replaced or
 * removed since its start is read as the process has it open. Of a Java program the jar tells, for its executable is
 * the JVM.
 */
final class RunningProgram {
    private static final List<String> CLASS_PATHS = List.of("-jar", "-cp", "-classpath", "--class-path");
    private static final String OURS = "-D" + Version.PROPERTY + "=";
    private static final String DELETED = " (deleted)";

    private final long pid;
    private final Path proc;
    private final Map<String, String> parts = new LinkedHashMap<>();

    private RunningProgram(long pid) {
        this.pid = pid;
        this.proc = ProcessIdentity.folder(pid);
    }

    /**
     * {@code program_sha256} of the executable; of a Java program {@code jar}, its first, and {@code jar_sha256};
     * {@code version} of the embedded control plane. What cannot be read is not in it.
     */
    static Map<String, String> of(long pid) {
        RunningProgram program = new RunningProgram(pid);
        program.hash("program_sha256", program.proc.resolve("exe"));
        try {
            program.words(List.of(Files.readString(program.proc.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .split("\0")));
        } catch (IOException anothers) {
            // another user's process, or one that has ended
        }
        return program.parts;
    }

    private void words(List<String> words) {
        for (int i = 0; i + 1 < words.size() && !parts.containsKey("jar"); i++) {
            if (words.get(i).startsWith(OURS)) {
                parts.put("version", words.get(i).substring(OURS.length()));
            } else if (CLASS_PATHS.contains(words.get(i))) {
                Stream.of(words.get(i + 1).split(":"))
                        .filter(entry -> entry.endsWith(".jar"))
                        .findFirst()
                        .ifPresent(this::jar);
            }
        }
    }

    private void jar(String name) {
        try {
            // As the process takes it; its bytes, where Java reads names as they are in UTF-8.
            String decoded = new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            Path jar = Files.readSymbolicLink(proc.resolve("cwd")).resolve(decoded);
            hash("jar_sha256", open(jar).orElse(jar));
            if (parts.containsKey("jar_sha256")) {
                parts.put("jar", jar.toString());
            }
        } catch (IOException gone) {
            // then nothing is known of it
        }
    }

    private Optional<Path> open(Path file) throws IOException {
        for (Map.Entry<Path, String> open : ProcessIdentity.descriptors(pid).entrySet()) {
            if (open.getValue().equals(file.toString()) || open.getValue().equals(file + DELETED)) {
                return Optional.of(open.getKey());
            }
        }
        return Optional.empty();
    }

    private void hash(String part, Path file) {
        try {
            parts.put(part, Sha256.of(file));
        } catch (IOException unreadable) {
            // then it is not in it
        }
    }
}
