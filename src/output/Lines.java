package output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import soak.PlainFile;

/** {@code key: value} lines, as setup writes them. */
final class Lines {
    private Lines() {}

    /** @return none where there is no such file; of a key that stands there twice the first */
    static Map<String, String> of(Path file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        if (Files.isRegularFile(file)) {
            for (String line : new String(PlainFile.bytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                String[] pair = line.split(": ", 2);
                values.putIfAbsent(pair[0], pair.length == 2 ? pair[1].strip() : "");
            }
        }
        return values;
    }
}
