package report;

import archive.ArchivedSoak;
import base.Exit;
import base.Failure;
import base.Json;
import base.Leftovers;
import base.Room;
import base.Scratch;
import base.Sha256;
import build.Version;
import evidence.ComparisonDatabase;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import output.Evidence;
import output.TableFormat;
import output.Templates;
import settings.Config;
import settings.ExistingSoak;
import soak.SoakDir;

/**
 * {@code --compare}: this soak beside another one, its baseline: figures, difference, and whether the difference is
 * more than noise. Nothing is written in either folder's evidence.
 */
public final class Comparison {
    private static final String SCRATCH = "compare";
    /** An archive's files are text: they unpack to about ten times its size. */
    private static final int UNPACKED = 10;

    private static final long LEAST_BYTES = 8L << 20;

    private final Config config;
    private final Path other;
    private final Scope present;
    private final TableFormat form;

    /**
     * @param other the baseline: a soak folder, or an archive of one
     * @param present as of when both are judged: the end of each soak, or this if it comes first
     */
    public Comparison(Config config, Path other, Scope present, TableFormat form) {
        this.config = config;
        this.other = other;
        this.present = present;
        this.form = form;
    }

    /** @param word the text of {@code --format}, null for text */
    public static TableFormat form(String word) {
        return switch (word == null ? "text" : word.toLowerCase(Locale.ROOT)) {
            case "text" -> TableFormat.TABLE;
            case "json" -> TableFormat.JSON;
            case "markdown" -> TableFormat.MARKDOWN;
            default ->
                throw Failure.usage("--format " + word + " is unknown with --compare: give text, json or markdown");
        };
    }

    /** @return exit code: 10 if a figure got worse beyond noise */
    public int run(PrintWriter out) throws IOException {
        if (!Files.exists(other)) {
            throw Failure.usage("--compare " + other
                    + " does not exist: give a soak folder, or an archive that --type archive made");
        }
        try (Scratch scratch = scratch();
                ComparisonDatabase database = ComparisonDatabase.open(scratch.folder())) {
            if (Files.isDirectory(other)) {
                SoakDir dir = ExistingSoak.of(other);
                Config baseline = EvidenceDatabase.withStart(Config.read(dir));
                int interval = baseline.schedule().intervalSeconds();
                take(database, ComparisonDatabase.BASELINE, baseline, until(dir.present(present.asOf(), interval)));
            } else {
                ArchivedSoak unpacked = ArchivedSoak.unpack(other, scratch.folder(), ArchivedSoak.Limits.USUAL);
                Config archived = EvidenceDatabase.withStart(Config.read(new SoakDir(unpacked.folder())));
                Instant until =
                        unpacked.until(Duration.ofSeconds(archived.schedule().intervalSeconds()));
                take(database, ComparisonDatabase.BASELINE, archived, until(until));
            }
            take(database, ComparisonDatabase.THIS, config, present);
            database.judge();
            out.print(form == TableFormat.JSON ? json(database) : text(database));
            return (Long) one(database, "FROM comparison").get("worse") > 0 ? Exit.BAD : Exit.OK;
        }
    }

    /** An archive says nothing of what came after it. */
    private Scope until(Instant its) {
        return its.isBefore(present.asOf()) ? new Scope(its, true, null) : present;
    }

    /**
     * In the soak's own tmp/; where that cannot be written or has no room beside what rounds need, in the machine's.
     */
    private Scratch scratch() throws IOException {
        Path tmp = config.dir().scratch();
        if (tmp == null) {
            return Scratch.of(SCRATCH);
        }
        Leftovers.remove(tmp);
        if (Room.left(tmp, tmp) < Math.max(LEAST_BYTES, Files.isDirectory(other) ? 0 : UNPACKED * Files.size(other))) {
            return Scratch.of(SCRATCH);
        }
        try {
            return Scratch.in(tmp, SCRATCH);
        } catch (IOException readOnly) {
            return Scratch.of(SCRATCH);
        }
    }

    private void take(ComparisonDatabase database, String side, Config soak, Scope until) throws IOException {
        Instant end = soak.schedule().end();
        Scope scope = until.asOf().isBefore(end) ? until : new Scope(end, false, null);
        try (EvidenceDatabase evidence = EvidenceDatabase.open(soak, scope)) {
            if (!Evidence.hasRounds(evidence)) {
                throw Failure.noEvidence("there is no round before " + scope.asOf() + " in "
                        + (side.equals(ComparisonDatabase.BASELINE)
                                ? other
                                : config.dir().root()) + ": nothing to compare");
            }
            database.take(side, evidence, hashes(soak.dir()));
        }
    }

    /** The bodies of creates: another body is another load. */
    private static Map<String, String> hashes(SoakDir dir) throws IOException {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (Path template : List.of(dir.planTemplate(), dir.drillTemplate())) {
            if (Files.isRegularFile(template)) {
                hashes.put(template.getFileName().toString(), Sha256.of(template));
            }
        }
        return hashes;
    }

    private String json(ComparisonDatabase database) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("baseline", name(other, config.dir().root()));
        report.put("this", name(config.dir().root(), other));
        report.putAll(one(database, "FROM comparison"));
        report.put("setup_differences", database.query("FROM setup_differences"));
        report.put("verdicts", database.query("FROM compared_verdicts"));
        report.put("figures", database.query("FROM compared_figures"));
        report.put("whole_soaks", database.query("FROM whole_soaks"));
        report.put(Version.FIELD, Version.NUMBER);
        return Json.write(report);
    }

    private String text(ComparisonDatabase database) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("baseline", TableFormat.printable(name(other, config.dir().root())));
        model.put("this", TableFormat.printable(name(config.dir().root(), other)));
        model.put("t", one(database, "FROM comparison_text"));
        model.put(
                "lines",
                database.query("FROM comparison_lines").stream()
                        .map(row -> TableFormat.printable((String) row.get("line")))
                        .toList());
        model.put("setup", Templates.block(table(database.query("FROM setup_differences"))));
        model.put(
                "verdicts",
                Templates.block(
                        table(database.query("SELECT id, name, baseline, this, change FROM compared_verdicts"))));
        model.put("figures", Templates.block(table(database.query("FROM figures_text"))));
        model.put("soaks", Templates.block(table(database.query("FROM whole_soaks"))));
        return Templates.render("compare.txt.ftl", model);
    }

    /** @return empty if there is no row */
    private String table(List<Map<String, Object>> rows) {
        if (rows.isEmpty()) {
            return "";
        }
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        List<List<Object>> cells = new ArrayList<>();
        rows.forEach(row -> cells.add(new ArrayList<>(
                row.values().stream().map(v -> v == null ? "none" : v).toList())));
        form.print(List.copyOf(rows.get(0).keySet()), cells, out);
        out.flush();
        return text.toString();
    }

    /** Of two that are called the same, as soaks of two machines are, as much of the path as tells them apart. */
    private static String name(Path path, Path beside) {
        Path one = path.toAbsolutePath().normalize();
        Path two = beside.toAbsolutePath().normalize();
        int names = 1;
        while (!one.equals(two) && names < one.getNameCount() && end(one, names).equals(end(two, names))) {
            names++;
        }
        return end(one, names).toString();
    }

    private static Path end(Path path, int names) {
        return path.subpath(Math.max(0, path.getNameCount() - names), path.getNameCount());
    }

    private static Map<String, Object> one(ComparisonDatabase database, String sql) {
        return database.query(sql).get(0);
    }
}
