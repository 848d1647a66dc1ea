import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lines that fit beside each other on a screen. ./jbang format --check looks at the rest. */
class StyleTest {
    private static final int COLUMNS = 120;

    @Test
    void no_line_of_java_or_sql_is_longer_than_120_columns() throws IOException {
        Path root = Project.folder(".").toRealPath();
        List<String> longer = new ArrayList<>();
        int files = 0;
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file :
                    (Iterable<Path>) all.filter(f -> f.toString().matches(".*\\.(java|sql)")
                            && !f.toString().matches(".*/\\.(git|jbang)/.*"))::iterator) {
                files++;
                boolean isHead = true;
                boolean isText = false;
                int number = 0;
                for (String line : Files.readAllLines(file)) {
                    number++;
                    isHead &= line.startsWith("//"); // what JBang reads ends with the line
                    boolean begins = line.split("\"\"\"", -1).length % 2 == 0;
                    if (!isHead && !isText && !begins && line.length() > COLUMNS && !isOneWord(line)) {
                        longer.add(root.relativize(file) + ":" + number);
                    }
                    isText ^= begins;
                }
            }
        }
        assertTrue(files > 400, files + " files");
        assertEquals(List.of(), longer);
    }

    /** A text without a space, or a long name: nowhere to break. */
    private static boolean isOneWord(String line) {
        String code = line.strip().replaceFirst("^(\\+|\\*|void) ", "");
        return code.matches("\"[^ ]*\".{0,3}|\\w+\\(\\)|rollback execute .*");
    }
}
