import command.Cli;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * report.java time and again in one process, each time in the language of the machine: a JVM a report is most of it.
 */
final class SeveralReports {
    private static final String NOW = "2026-10-04T00:00:00Z";
    private static final String NEXT = "--next";

    private SeveralReports() {}

    /** The words of this main class for reports of one soak. */
    @SafeVarargs
    static String[] of(Path soak, List<String>... reports) {
        List<String> words = new ArrayList<>();
        for (List<String> report : reports) {
            words.add(soak.toString());
            words.addAll(report);
            words.add(NEXT);
        }
        return words.toArray(String[]::new);
    }

    public static void main(String[] args) {
        Locale machines = Locale.getDefault();
        List<String> call = new ArrayList<>();
        for (String word : args) {
            if (!word.equals(NEXT)) {
                call.add(word);
                continue;
            }
            Locale.setDefault(machines);
            int exit = Cli.run(new report(Reports.stoppedAt(Instant.parse(NOW))), call.toArray(String[]::new));
            System.out.println("exit " + exit);
            call.clear();
        }
    }
}
