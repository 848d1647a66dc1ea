package export;

import base.Exit;
import base.Failure;
import base.Json;
import base.Printable;
import base.Room;
import base.SqlText;
import evidence.EvidenceDatabase;
import evidence.Scope;
import evidence.SqlScript;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import output.Evidence;
import settings.Config;

/**
 * {@code --export}: every public view as a Parquet file and as a table of {@code soak.duckdb}, for programs that know
 * nothing of a soak. A copy of what was known as of one moment; the evidence stays the truth.
 *
 * <p>Tables, not views: they need no path and no macro, so the file can be moved alone. A Parquet file and its table
 * come from one evaluation of the view, row by row in the view's order.
 */
public final class Export {
    static final String DATABASE = "soak.duckdb";
    private static final String README = "README.md";
    private static final String EXAMPLES = "examples";
    /** What DuckDB 1.0 wrote: every version since then reads it. */
    private static final String STORAGE_VERSION = "v1.0.0";

    private static final String VIEWS = """
        SELECT view_name AS name, comment FROM duckdb_views() WHERE NOT internal AND comment IS NOT NULL
        ORDER BY view_name\
        """;
    private static final String COLUMNS = """
        SELECT column_name AS name, data_type AS type, comment FROM duckdb_columns()
        WHERE NOT internal AND table_name = ? AND database_name = 'memory' ORDER BY column_index\
        """;

    /** More than one view of a soak of 30 days takes in both forms. */
    private static final long STEP_BYTES = 24L << 20;

    private final Config config;
    private final Scope scope;

    public Export(Config config, Scope scope) {
        this.config = config;
        this.scope = scope;
    }

    /** One view as it was exported. */
    private record Exported(String view, String comment, long rows) {}

    /** @throws Failure exit 64 if the folder is not one that an export may write; 70 if it cannot */
    public int run(Path asked, PrintWriter out) throws IOException {
        ExportFolder folder = ExportFolder.checked(asked, List.of(config.dir().root(), config.auditDir()));
        StringBuilder lines = new StringBuilder();
        try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
            Evidence.requireRounds(database, scope);
            folder.replace(scratch -> {
                List<Exported> views = exportViews(database, scratch);
                writeExamples(scratch);
                Map<String, Object> verdict = Evidence.one(database, "SELECT overall, gate_d FROM verdict");
                Files.writeString(scratch.resolve(README), readme(verdict, views));
                views.forEach(v -> lines.append(String.format(Locale.ROOT, "%9d rows  %s\n", v.rows, parquet(v.view))));
            });
        }
        out.print(lines);
        out.print("Export: " + folder.target() + " (as of " + scope.asOf() + "), the same rows as tables in " + DATABASE
                + "\n");
        return Exit.OK;
    }

    private List<Exported> exportViews(EvidenceDatabase database, Path scratch) {
        database.loadFor("audit, metrics");
        List<Exported> exported = new ArrayList<>();
        try (Statement statement = database.connection().createStatement()) {
            statement.execute(
                    "ATTACH " + SqlText.literal(scratch.resolve(DATABASE).toString()) + " AS export (STORAGE_VERSION '"
                            + STORAGE_VERSION + "')");
            for (Map<String, Object> view : database.query(VIEWS)) {
                exported.add(exportView(
                        database, statement, (String) view.get("name"), (String) view.get("comment"), scratch));
            }
            statement.execute("DETACH export");
        } catch (SQLException e) {
            throw Failure.failed(
                    "the export could not be written to " + scratch.getParent() + " (" + e.getMessage()
                            + "): see that the folder can be written and has room, then export again",
                    e);
        }
        return exported;
    }

    private Exported exportView(
            EvidenceDatabase database, Statement statement, String view, String comment, Path scratch)
            throws SQLException {
        Room.require(
                scratch, config.dir().root(), STEP_BYTES, "each step of an export", "give a folder on another disk");
        List<Map<String, Object>> columns = database.query(COLUMNS, view);
        String table = "export.main." + name(view);
        List<String> values = new ArrayList<>();
        List<String> comments =
                new ArrayList<>(List.of("COMMENT ON TABLE " + table + " IS " + SqlText.literal(comment)));
        List<Map<String, Object>> meanings = new ArrayList<>();
        for (Map<String, Object> column : columns) {
            String name = name((String) column.get("name"));
            // Sums of counts are HUGEINT, which Parquet lacks: DuckDB would write a DOUBLE.
            values.add(column.get("type").equals("HUGEINT") ? "CAST(" + name + " AS BIGINT) AS " + name : name);
            if (column.get("comment") != null) {
                comments.add("COMMENT ON COLUMN " + table + "." + name + " IS "
                        + SqlText.literal((String) column.get("comment")));
                meanings.add(Map.of((String) column.get("name"), column.get("comment")));
            }
        }
        statement.execute("CREATE TABLE " + table + " AS SELECT " + String.join(", ", values) + " FROM memory.main."
                + name(view));
        statement.execute(String.join(";\n", comments));
        statement.execute("COPY (FROM " + table + ") TO "
                + SqlText.literal(scratch.resolve(parquet(view)).toString())
                + " (FORMAT parquet, COMPRESSION zstd, KV_METADATA {soak_id: " + SqlText.literal(config.soakId())
                + ", as_of: "
                + SqlText.literal(scope.asOf().toString())
                + ", comment: " + SqlText.literal(comment) + ", columns: " + SqlText.literal(Json.write(meanings))
                + "})");
        long rows = (Long)
                database.query("SELECT count(*) AS n FROM " + table).get(0).get("n");
        return new Exported(view, comment, rows);
    }

    /** The questions run in any DuckDB over these tables. */
    private static void writeExamples(Path scratch) throws IOException {
        Files.createDirectory(scratch.resolve(EXAMPLES));
        for (SqlScript example : SqlScript.examples()) {
            Files.writeString(
                    scratch.resolve(EXAMPLES).resolve(example.name() + ".sql"), example.text(), StandardCharsets.UTF_8);
        }
    }

    private String readme(Map<String, Object> verdict, List<Exported> views) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                """
                # Export of the soak %s, as of %s

                Overall: %s. Gate D: %s.

                A copy of every view of the report, for other programs; the evidence itself is in the soak's folder.
                The next export replaces this folder.

                | file | rows | what it holds |
                |---|---:|---|
                """,
                Printable.text(config.soakId()),
                scope.asOf(),
                verdict.get("overall"),
                verdict.get("gate_d")));
        views.forEach(v -> text.append("| ")
                .append(parquet(v.view))
                .append(" | ")
                .append(v.rows)
                .append(" | ")
                .append(v.comment.replace("|", "\\|"))
                .append(" |\n"));
        return text.append(String.format(Locale.ROOT, """

            `%s` holds the same rows as tables of the same names, with a comment for each table and column.
            DuckDB 1.0 or newer opens it, also without the other files:

                duckdb -readonly soak.duckdb "FROM rounds WHERE NOT healthy"
                duckdb -readonly soak.duckdb < examples/slowest-creates.sql
                duckdb -readonly soak.duckdb \
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'rounds'"
                python3 -c "import duckdb; print(duckdb.connect('soak.duckdb', read_only=True).sql('FROM daily'))"

            All times are UTC; a DuckDB shell shows them in its own zone, until `SET TimeZone = 'UTC'`.
            NULL means that it was not measured. `SHA256SUMS` is for `sha256sum -c`.
            """, DATABASE)).toString();
    }

    private static String parquet(String view) {
        return view + ".parquet";
    }

    private static String name(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
