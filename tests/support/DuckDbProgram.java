import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A program that knows nothing of a soak: opens a DuckDB file, asks, prints the rows with tabs between their cells. */
final class DuckDbProgram {
    private DuckDbProgram() {}

    /** @param args the file, then queries; a line of dashes parts their answers */
    public static void main(String[] args) throws Exception {
        Properties readOnly = new Properties();
        readOnly.setProperty("duckdb.read_only", "true");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + args[0], readOnly);
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            for (int i = 1; i < args.length; i++) {
                try (ResultSet rows = statement.executeQuery(args[i])) {
                    while (rows.next()) {
                        List<String> cells = new ArrayList<>();
                        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                            cells.add(String.valueOf(rows.getString(column)).replace("\n", "\\n"));
                        }
                        System.out.println(String.join("\t", cells));
                    }
                }
                System.out.println("---");
            }
        }
    }
}
