//FILES sql/=../../sql/**
package evidence;

import build.Bundled;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One file of {@code sql/}. They run in the order of their paths, whose folders are numbered by layer.
 *
 * @param path below {@code sql/}, with slashes, such as {@code 2-views/10-soak.sql}
 */
public record SqlScript(String path, String text) {
    private static final String FOLDER = "sql/";
    private static final String MACROS = "0-macros/";
    private static final String OF_TWO_SOAKS = "8-compare/";
    private static final String EXAMPLES = "examples/";
    private static final String ENDING = ".sql";

    /** The file's name without folder and ending. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1, path.length() - ENDING.length());
    }

    /**
     * One statement of a script.
     *
     * @param path of the script
     * @param line of the script, from 1 on, with which the text begins
     */
    record Statement(String path, String text, int line) {}

    /** Its statements. A line that ends with a semicolon ends one; blanks behind it, which nobody sees, are none. */
    List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        int begins = 1;
        int number = 0;
        StringBuilder statement = new StringBuilder();
        boolean holdsSql = false;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            number++;
            boolean isComment = line.stripLeading().startsWith("--");
            holdsSql |= !isComment && !line.isBlank();
            statement.append(line).append('\n');
            if (holdsSql && !isComment && line.stripTrailing().endsWith(";")) {
                statements.add(new Statement(path, statement.toString(), begins));
                statement.setLength(0);
                holdsSql = false;
                begins = number + 1;
            }
        }
        if (holdsSql) {
            statements.add(new Statement(path, statement.toString(), begins));
        }
        return statements;
    }

    /**
     * What runs over the evidence of one soak: every script of the numbered layers, in running order; a new file is
     * found without being named anywhere.
     */
    public static List<SqlScript> bundled() {
        return all().stream()
                .filter(script -> Character.isDigit(script.path.charAt(0)) && !script.path.startsWith(OF_TWO_SOAKS))
                .toList();
    }

    /** The one of that path. */
    static List<SqlScript> named(String path) {
        return all().stream().filter(script -> script.path.equals(path)).toList();
    }

    /** What runs over the evidence of two. */
    static List<SqlScript> ofTwoSoaks() {
        return all().stream()
                .filter(script -> script.path.startsWith(MACROS) || script.path.startsWith(OF_TWO_SOAKS))
                .toList();
    }

    /** The questions of {@code sql/examples}, by name; they are no layer: each runs when somebody asks it. */
    public static List<SqlScript> examples() {
        return all().stream().filter(script -> script.path.startsWith(EXAMPLES)).toList();
    }

    private static List<SqlScript> all() {
        return ordered(Bundled.own().stream()
                .filter(file -> file.path().startsWith(FOLDER) && file.path().endsWith(ENDING))
                .map(file -> new SqlScript(file.path().substring(FOLDER.length()), file.text()))
                .toList());
    }

    public static List<SqlScript> ordered(List<SqlScript> scripts) {
        return scripts.stream().sorted(Comparator.comparing(SqlScript::path)).toList();
    }

    static void run(Connection connection, List<SqlScript> scripts) {
        for (SqlScript script : scripts) {
            try (java.sql.Statement statement = connection.createStatement()) {
                statement.execute(script.text);
            } catch (SQLException e) {
                // A check that crashes must end the report: a missing verdict is never a pass.
                throw new IllegalStateException("sql/" + script.path + ": " + e.getMessage(), e);
            }
        }
    }
}
