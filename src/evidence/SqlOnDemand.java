package evidence;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The statements of a soak's scripts, each run when something first needs what it makes, and once. The planning of all
 * of them takes longer than the evidence of a month, and few questions need more than a part.
 *
 * <p>A statement needs whatever its text names. What it would have seen if all had run in the order of their paths, it
 * sees here: a table that it reads holds what the statements before it put there, and nothing of the later ones.
 */
final class SqlOnDemand {
    /**
     * Comments and texts; of a text that is a single word the word, group 1: a macro may take a relation's name as a
     * text.
     */
    private static final Pattern NO_CODE = Pattern.compile("--[^\n]*|'(\\w+)'|'[^']*+(?:''[^']*+)*+'");

    private static final String FIRST_THAT_READS = "2";
    private static final Pattern WORD = Pattern.compile("[A-Za-z_]\\w*");
    private static final Pattern MAKES =
            Pattern.compile("^\\s*(?:CREATE (?:OR REPLACE )?(TABLE|VIEW|MACRO)|SET (VARIABLE)) (\\w+)");
    private static final Pattern CHANGES = Pattern.compile("^\\s*(?:INSERT INTO|UPDATE|DELETE FROM) (\\w+)");
    /** Asks for all views, or for one whose name the text does not hold. */
    private static final Pattern ANY_VIEW = Pattern.compile(
            "\\b(duckdb_\\w+|information_schema|pg_catalog|sqlite_master|pragma\\w*|show|query|query_table)\\b",
            Pattern.CASE_INSENSITIVE);

    private final Connection connection;
    private final List<Step> steps = new ArrayList<>();
    /** By name of a table, view or macro: the steps that make or change it, in their order. */
    private final Map<String, List<Step>> makers = new HashMap<>();
    /** By name of a table: the steps that read it, also through views and macros. */
    private final Map<String, List<Step>> readers = new HashMap<>();

    SqlOnDemand(Connection connection, List<SqlScript.Statement> statements) {
        this.connection = connection;
        statements.forEach(statement -> steps.add(new Step(steps.size(), statement)));
        steps.forEach(step -> step.touched()
                .forEach(name ->
                        makers.computeIfAbsent(name, n -> new ArrayList<>()).add(step)));
        steps.forEach(this::requireUse);
        Map<String, Set<String>> behind = new HashMap<>();
        for (Step step : steps) {
            step.named.removeIf(word -> !makers.containsKey(word) || word.equals(step.makes));
            Set<String> read = step.named.stream()
                    .flatMap(name -> behind.getOrDefault(name, Set.of(name)).stream())
                    .collect(Collectors.toSet());
            if (step.isSeenThrough) {
                behind.put(step.makes, read);
            } else {
                read.forEach(table ->
                        readers.computeIfAbsent(table, n -> new ArrayList<>()).add(step));
            }
        }
    }

    /**
     * A statement that nothing could ever need would never run: a check with a slip in its table's name, and no
     * verdict.
     */
    private void requireUse(Step step) {
        boolean isMeaning = step.makes == null
                && step.changes == null
                && step.bare.stripLeading().startsWith("COMMENT ON ");
        boolean isMade =
                step.changes == null || makers.get(step.changes).stream().anyMatch(maker -> maker.makes != null);
        if (step.touched().isEmpty() && !isMeaning) {
            throw new IllegalStateException("sql/" + step.statement.path() + ": line " + step.statement.line()
                    + " begins a statement that makes, changes and explains nothing");
        }
        if (SiteSql.isOne(step.statement)
                && step.makes != null
                && makers.get(step.makes).size() > 1) {
            throw SiteSql.nameIsTaken(step.statement, step.makes);
        }
        if (!isMade) {
            throw new IllegalStateException("sql/" + step.statement.path() + ": there is no table " + step.changes);
        }
    }

    /** The macros, and the tables that the reader fills. */
    void runBeforeReading() {
        steps.stream()
                .filter(step -> step.statement.path().compareTo(FIRST_THAT_READS) < 0)
                .forEach(this::run);
    }

    /** Runs what {@code sql} needs and has not run yet. */
    void require(String sql) {
        if (ANY_VIEW.matcher(sql).find()) {
            requireAll();
            return;
        }
        TreeSet<Integer> needed = new TreeSet<>();
        Map<Integer, Integer> seen = new HashMap<>();
        Map<String, Integer> seenNames = new HashMap<>();
        words(sql).forEach(name -> need(name, steps.size(), needed, seen, seenNames));
        needed.forEach(i -> run(steps.get(i)));
    }

    void requireAll() {
        steps.forEach(this::run);
    }

    /**
     * All that makes {@code name} what it is before step {@code limit}. What is needed before a later step holds what
     * is needed before an earlier one.
     */
    private void need(
            String name, int limit, Set<Integer> needed, Map<Integer, Integer> seen, Map<String, Integer> seenNames) {
        if (seenNames.getOrDefault(name, -1) >= limit) {
            return;
        }
        seenNames.put(name, limit);
        for (Step step : makers.getOrDefault(name, List.of())) {
            if (step.index >= limit) {
                return;
            }
            need(step, step.isSeenThrough ? limit : step.index, needed, seen, seenNames);
            if (step.changes != null) {
                // Whoever reads the table before this change must have done so.
                readers.getOrDefault(name, List.of()).stream()
                        .filter(reader -> reader.index < step.index)
                        .forEach(reader -> need(reader, reader.index, needed, seen, seenNames));
            }
        }
    }

    private void need(
            Step step, int limit, Set<Integer> needed, Map<Integer, Integer> seen, Map<String, Integer> seenNames) {
        if (seen.getOrDefault(step.index, -1) >= limit) {
            return;
        }
        seen.put(step.index, limit);
        step.named.forEach(name -> need(name, limit, needed, seen, seenNames));
        if (step.changes != null) {
            need(step.changes, step.index, needed, seen, seenNames);
        }
        needed.add(step.index);
    }

    private void run(Step step) {
        if (step.hasRun) {
            return;
        }
        step.hasRun = true;
        try (Statement statement = connection.createStatement()) {
            if (!SiteSql.isOne(step.statement)) {
                statement.execute(step.statement.text());
                return;
            }
            statement.setQueryTimeout(SiteSql.MOST_SECONDS);
            if (statement.executeUpdate(step.statement.text()) == 0 && SiteSql.CHECK_ROW.equals(step.changes)) {
                throw SiteSql.givesNoCheck(step.statement);
            }
        } catch (SQLException e) {
            if (SiteSql.isOne(step.statement)) {
                throw SiteSql.broken(step.statement, e, makers::containsKey);
            }
            // A check that crashes must end the report: a missing verdict is never a pass.
            throw new IllegalStateException("sql/" + step.statement.path() + ": " + e.getMessage(), e);
        }
    }

    private static Set<String> words(String sql) {
        return WORD.matcher(sql)
                .results()
                .map(word -> word.group().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** One statement of a script. */
    private static final class Step {
        final int index;
        final SqlScript.Statement statement;
        /** What it creates, or null. */
        final String makes;
        /** A view or a macro: it holds nothing, and shows what it names as that is when it is read. */
        final boolean isSeenThrough;
        /** The table that it changes, or null. */
        final String changes;

        final Set<String> named;
        /** Without comments and texts. */
        final String bare;

        boolean hasRun;

        Step(int index, SqlScript.Statement statement) {
            this.index = index;
            this.statement = statement;
            bare = NO_CODE.matcher(statement.text()).replaceAll(" $1 ");
            Matcher making = MAKES.matcher(bare);
            Matcher changing = CHANGES.matcher(bare);
            makes = making.find() ? making.group(3).toLowerCase(Locale.ROOT) : null;
            isSeenThrough =
                    makes != null && making.group(1) != null && !making.group(1).equals("TABLE");
            changes = changing.find() ? changing.group(1).toLowerCase(Locale.ROOT) : null;
            named = words(bare);
        }

        Set<String> touched() {
            return makes != null ? Set.of(makes) : changes != null ? Set.of(changes) : Set.of();
        }
    }
}
