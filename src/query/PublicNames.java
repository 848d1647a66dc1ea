package query;

import base.EditDistance;
import evidence.EvidenceDatabase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The views and columns that a question may rest on. The database compares a name that it does not know with every name
 * that it has, and most of those are inner tables and macros that change from build to build: its hint is replaced.
 */
final class PublicNames {
    private static final Pattern NO_TABLE = Pattern.compile("^(.*Table with name (\\S+) does not exist!?)");
    private static final Pattern NO_COLUMN = Pattern.compile(
            "Referenced column \"([^\"]+)\" (?:was )?not found|does not have a column named \"([^\"]+)\"");
    private static final Pattern HINT = Pattern.compile("\\nDid you mean \"([^\"]+)\"\\?");
    private static final String OWN_VIEW = "A view of this soak's own (SOAK_DIR/views)";
    private static final int LIKELY = 3;
    private static final int SHOWN = 5;

    /** The columns of all views that are there: c is the column, v its view. */
    static final String OF_VIEWS = """
         FROM duckdb_columns() c JOIN duckdb_views() v ON v.view_name = c.table_name AND v.schema_name = c.schema_name
          AND v.database_name = c.database_name WHERE NOT v.internal\
        """;

    static final String IN_ORDER = " ORDER BY c.table_name, c.column_index";
    private static final String COLUMNS =
            "SELECT c.table_name AS view, v.comment, c.column_name AS \"column\"" + OF_VIEWS + IN_ORDER;
    private static final String MACROS = "SELECT DISTINCT function_name FROM duckdb_functions() WHERE NOT internal";

    private final EvidenceDatabase database;
    private final Map<String, List<String>> columns = new TreeMap<>();
    private final Map<String, String> meanings = new LinkedHashMap<>();

    PublicNames(EvidenceDatabase database) {
        this.database = database;
        for (Map<String, Object> row : database.query(COLUMNS)) {
            String view = row.get("view").toString();
            boolean isOwn = database.siteViews().contains(view);
            if (row.get("comment") != null || isOwn) {
                columns.computeIfAbsent(view, named -> new ArrayList<>())
                        .add(row.get("column").toString());
                meanings.putIfAbsent(view, isOwn ? OWN_VIEW : row.get("comment").toString());
            }
        }
    }

    /** Whether the database's words are about a name that it does not know. */
    static boolean concern(String said) {
        return Stream.of(NO_TABLE, NO_COLUMN, HINT)
                .anyMatch(words -> words.matcher(said).find());
    }

    /** Each view by its name. */
    List<List<Object>> views() {
        return meanings.entrySet().stream()
                .<List<Object>>map(view -> List.of(view.getKey(), view.getValue()))
                .toList();
    }

    /** What the database said, with hints at names that a question may rest on and at no others. */
    String reworded(String said, String sql) {
        Matcher table = NO_TABLE.matcher(said);
        if (table.find()) {
            String near = String.join(
                    " or ",
                    nearest(table.group(2)).map(name -> '"' + name + '"').toList());
            return HINT.matcher(said)
                    .replaceFirst("")
                    .replace(table.group(1), table.group(1) + (near.isEmpty() ? "" : "\nDid you mean " + near + "?"));
        }
        Matcher column = NO_COLUMN.matcher(said);
        if (column.find()) {
            return said + columnHints(column.group(1) == null ? column.group(2) : column.group(1), sql);
        }
        Matcher hint = HINT.matcher(said);
        return hint.find() && macros().contains(hint.group(1)) ? hint.replaceFirst("") : said;
    }

    private List<String> macros() {
        return database.query(MACROS).stream()
                .map(row -> row.get("function_name").toString())
                .toList();
    }

    /** Views whose name contains it, is contained in it or is few letters away; the nearest first. */
    private Stream<String> nearest(String written) {
        String asked = bare(written);
        return columns.keySet().stream()
                .filter(view -> asked.length() >= LIKELY
                        && (view.contains(asked)
                                || asked.contains(view)
                                || EditDistance.between(asked, view) <= Math.min(LIKELY, view.length() / 2)))
                .sorted(Comparator.comparingInt(view -> EditDistance.between(asked, view)))
                .limit(2);
    }

    private static String bare(String name) {
        return name.replace("\"", "").replaceFirst("^.*\\.", "").toLowerCase(Locale.ROOT);
    }

    private String columnHints(String written, String sql) {
        String asked = bare(written);
        StringBuilder hints = new StringBuilder();
        columns.forEach((view, names) -> {
            List<String> like = names.stream()
                    .filter(name -> asked.length() >= LIKELY && name.contains(asked) && !name.equals(asked))
                    .limit(SHOWN)
                    .toList();
            if (!like.isEmpty()
                    && Pattern.compile("\\b" + view + "\\b").matcher(sql).find()) {
                hints.append("\nIn ").append(view).append(": ").append(String.join(", ", like));
            }
        });
        List<String> holders = columns.keySet().stream()
                .filter(view -> columns.get(view).contains(asked))
                .toList();
        if (!holders.isEmpty()) {
            hints.append("\nViews with a column ").append(asked).append(": ").append(String.join(", ", holders));
        }
        return hints.toString();
    }
}
