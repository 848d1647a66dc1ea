import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import soak.RoundFiles;
import soak.SoakDir;

/** The table of rooms in docs/design.md: each folder of src has its row, and uses what the row allows. */
class DesignTest {
    private static final Path SRC = Project.folder("src");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\| [^|]* \\| ([^|]*) \\|$");
    private static final Pattern ROOM = Pattern.compile("`src/([a-z/]+)`");
    /** In an import or in the code, which may name a class by its whole name. */
    private static final Pattern USE = Pattern.compile("(?<![\\w.\"])([a-z]+(?:\\.[a-z]+)*)\\.([A-Z]\\w*)");

    private static final Pattern COMMENT = Pattern.compile("(?m)^ *(?:/\\*|\\*|//).*$");
    /** Where a row has no names: what may use all, or all but a few. */
    private static final String EVERYTHING = "everything";
    /** No room, but a house of its own. */
    private static final String LAB = "lab";
    /** What every room may use. */
    private static final String SHARED = "base";

    /** What each room may use, in the table's words. */
    private static Map<String, String> rows() {
        Map<String, String> rows = new LinkedHashMap<>();
        for (Matcher row = ROW.matcher(Pages.text(Project.folder("docs/design.md"))); row.find(); ) {
            for (Matcher room = ROOM.matcher(row.group(1)); room.find(); ) {
                rows.put(room.group(1).replace('/', '.'), row.group(2));
            }
        }
        return rows;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> all = Files.walk(SRC)) {
            return all.filter(f -> f.toString().endsWith(".java")).sorted().toList();
        }
    }

    /** A folder within a room belongs to it. */
    private static String room(Path source, Set<String> rooms) {
        String folder = SRC.relativize(source.getParent()).toString().replace('/', '.');
        return rooms.stream()
                .filter(room -> !room.equals(LAB) && folder.startsWith(room + "."))
                .findFirst()
                .orElse(folder);
    }

    @Test
    void every_room_of_the_sources_has_its_row() throws IOException {
        TreeSet<String> rooms = new TreeSet<>();
        sources().forEach(source -> rooms.add(room(source, rows().keySet())));
        rooms.removeAll(rows().keySet());
        assertEquals(List.of(), List.copyOf(rooms), "docs/design.md has no row for these folders of src");
    }

    @Test
    void a_room_uses_what_its_row_allows() throws IOException {
        Map<String, String> rows = rows();
        List<String> others = new ArrayList<>();
        int uses = 0;
        for (Path source : sources()) {
            String room = room(source, rows.keySet());
            String row = rows.getOrDefault(room, EVERYTHING);
            String code = COMMENT.matcher(Files.readString(source)).replaceAll("");
            for (Matcher used = USE.matcher(code); used.find(); ) {
                String other = used.group(1);
                if (other.equals(room) || other.equals(SHARED) || !rows.containsKey(other)) {
                    continue;
                }
                uses++;
                if (!row.contains(EVERYTHING) && !allows(row, other, used.group(2))) {
                    others.add(SRC.relativize(source) + " uses " + other + "." + used.group(2));
                }
            }
        }
        assertEquals(List.of(), others, "docs/design.md, of what each room may use, does not name these");
        assertTrue(uses > 100, uses + " uses");
    }

    /** A room that is named allows all of it; probe's PrometheusText allows this class alone. */
    private static boolean allows(String row, String room, String type) {
        Matcher named = Pattern.compile("\\b" + room + "\\b(?:'s (\\w+))?").matcher(row);
        while (named.find()) {
            if (named.group(1) == null || named.group(1).equals(type)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void the_name_of_a_soaks_file_stands_in_one_class() throws IOException {
        List<String> names = Stream.of(SoakDir.class, RoundFiles.class)
                .flatMap(place -> Stream.of(place.getFields()))
                .filter(field -> field.getType() == String.class)
                .map(DesignTest::value)
                .filter(name -> name.indexOf('.') > 0)
                .toList();
        assertTrue(names.size() > 20, names::toString);
        List<String> twice = new ArrayList<>();
        for (Path source : sources()) {
            boolean isTheirPlace = List.of("SoakDir.java", "RoundFiles.java")
                    .contains(source.getFileName().toString());
            if (!isTheirPlace && !source.startsWith(SRC.resolve(LAB))) {
                String text = Files.readString(source);
                names.stream()
                        .filter(name -> text.contains("\"" + name + "\""))
                        .forEach(name -> twice.add(SRC.relativize(source) + " names " + name));
            }
        }
        assertEquals(List.of(), twice, "SoakDir and RoundFiles have constants for these");
    }

    private static String value(Field constant) {
        try {
            return (String) constant.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
