package process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the first line of a script names. Where the kernel finds no such program, it says of the script that there is no
 * such file, which sends whoever reads that to a file that is there. An empty file has no first line, and ends with 0.
 */
public final class Interpreter {
    private static final int FIRST_LINE_BYTES = 256; // the kernel reads no more of it
    private static final String LINE_END_OF_WINDOWS = "\r";

    private Interpreter() {}

    /** @return why this is no script that does its work; empty if nothing shows that, and of what is no script */
    public static Optional<String> missing(Path program) {
        String head;
        try (var in = Files.newInputStream(program)) {
            head = new String(in.readNBytes(FIRST_LINE_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return Optional.empty(); // a program that may be run and not read
        }
        if (head.isEmpty()) {
            return Optional.of(
                    "is an empty file, which a shell takes for a script that does nothing: install it again");
        }
        if (!head.startsWith("#!")) {
            return Optional.empty();
        }
        String line = head.substring(2).split("\n", 2)[0];
        if (line.endsWith(LINE_END_OF_WINDOWS)) {
            return Optional.of(
                    "is a script with the line ends of Windows, so the program that its first line names is not"
                            + " found: correct it by sed -i 's/\\r$//'");
        }
        String interpreter = line.strip().split("\\s", 2)[0];
        return interpreter.isEmpty() || Files.isExecutable(Path.of(interpreter))
                ? Optional.empty()
                : Optional.of("is a script for " + interpreter + ", which is not on this machine: install that");
    }
}
