package base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code key: value} lines, as setup writes them into setup-summary.txt and bin/build.txt. */
public final class KeyedLines {
    private KeyedLines() {}

    /**
     * @return values by key, in the order of the lines; none where there is no such file; of a key that stands there
     *     twice the first, as the views read it; what is not UTF-8 is read as far as it goes
     * @throws PlainFile.Refused if it is longer than any that setup writes
     */
    public static Map<String, String> of(Path file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        if (Files.isRegularFile(file)) {
            new String(PlainFile.bytes(file), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] pair = line.split(": ", 2);
                values.putIfAbsent(pair[0], pair.length == 2 ? pair[1].strip() : "");
            });
        }
        return values;
    }

    /** The same; none where it cannot be read, which reports tell. */
    public static Map<String, String> orNone(Path file) {
        try {
            return of(file);
        } catch (IOException unreadable) {
            return Map.of();
        }
    }
}
