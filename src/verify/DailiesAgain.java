package verify;

import base.Json;
import base.PlainFile;
import build.Judge;
import com.fasterxml.jackson.databind.JsonNode;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import seal.Head;
import settings.Config;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * The daily summaries beside what the evidence gives of their dates. SQL compares their figures, for each report lists
 * what differs; what it passes over is looked at here.
 *
 * @param notCompared each with the reason, as a line
 */
record DailiesAgain(List<Rejudged.Stored> compared, List<String> notCompared) {
    private static final String TEXT = "store_check";
    private static final String HEAD = "head";
    private static final String LACKS = "lacks ";
    /** What stands in each beside the figures of its date. */
    private static final List<String> BESIDE = List.of("alerts", "notes", "as_of", "complete", "rehearsal", "cp_mode");

    static DailiesAgain of(Config config, Scope scope) throws IOException {
        Map<String, List<String>> problems = new HashMap<>();
        Map<String, JsonNode> dates = new HashMap<>();
        Set<String> foreign = new HashSet<>();
        try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
            database.query("SELECT file, reason FROM problems WHERE starts_with(file, 'daily/') UNION ALL"
                            + " SELECT file, 'has an alert that alerts.log lacks: ' || line FROM unlogged_alert")
                    .forEach(row -> problems.computeIfAbsent((String) row.get("file"), file -> new ArrayList<>())
                            .add((String) row.get("reason")));
            database.query("SELECT * REPLACE (CAST(date AS VARCHAR) AS date) FROM daily")
                    .forEach(row -> dates.put((String) row.get("date"), Json.MAPPER.valueToTree(row)));
            database.query("SELECT DISTINCT CAST(date AS VARCHAR) AS date FROM rounds WHERE kind = 'legacy'")
                    .forEach(row -> foreign.add((String) row.get("date")));
        }
        DailiesAgain again = new DailiesAgain(new ArrayList<>(), new ArrayList<>());
        for (Path file : RoundFiles.children(config.dir().daily())) {
            String date = SoakDir.dateOfSummary(file).orElse(null);
            if (date != null) {
                String name = config.dir().name(file);
                List<String> told = problems.getOrDefault(name, List.of());
                again.add(config, scope, name, told, dates.get(date), foreign.contains(date));
            }
        }
        return again;
    }

    private void add(Config config, Scope scope, String name, List<String> told, JsonNode given, boolean bash) {
        JsonNode stored;
        try {
            stored = Json.parse(PlainFile.text(config.dir().root().resolve(name)));
        } catch (IOException broken) {
            stored = null; // which SQL tells
        }
        if (stored == null) {
            compared.add(new Rejudged.Stored(name, null, told));
            return;
        }
        String why = whyNot(stored, given, scope, bash);
        if (told.isEmpty() && why != null) {
            notCompared.add(name + ": " + why + ", so it is compared with nothing");
            return;
        }
        List<String> all = new ArrayList<>(told);
        List<String> more = why == null ? differences(config, stored, given) : List.of();
        if (more.stream().anyMatch(what -> what.startsWith(LACKS))) {
            all.removeIf(what -> what.startsWith(LACKS)); // which names fewer
        }
        all.addAll(more);
        compared.add(new Rejudged.Stored(name, null, all));
    }

    /** As the SQL that passes over it. */
    private static String whyNot(JsonNode stored, JsonNode given, Scope scope, boolean bash) {
        if (bash) {
            return "rounds of the bash scripts are of its date";
        }
        if (given == null) {
            return "the evidence has no such date as of " + scope.asOf();
        }
        if (stored.path("complete").isBoolean() && !stored.path("complete").asBoolean()) {
            return "it says that its date was not over (complete=false)";
        }
        return endOf(given).isAfter(scope.asOf()) ? "its date is not over as of " + scope.asOf() : null;
    }

    private static Instant endOf(JsonNode given) {
        return LocalDate.parse(given.path("date").asText())
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }

    /** What SQL does not tell. */
    private static List<String> differences(Config config, JsonNode stored, JsonNode given) {
        List<String> found = new ArrayList<>();
        if (stored.path(Judge.FIELD).path("sha256").asText().equals(Judge.own().sha256())) { // others have others
            Set<String> names = new TreeSet<>(BESIDE);
            given.fieldNames().forEachRemaining(names::add);
            stored.fieldNames().forEachRemaining(names::remove);
            if (Head.of(stored.path(HEAD)).isEmpty() && ownHead(config, given).isPresent()) {
                names.add(HEAD);
            }
            if (!names.isEmpty()) {
                found.add(LACKS + String.join(", ", names));
            }
        }
        if (stored.has(TEXT)) {
            found.addAll(Differences.of(field(stored), field(given)));
        }
        return found;
    }

    private static JsonNode field(JsonNode from) {
        return Json.MAPPER.createObjectNode().set(TEXT, from.path(TEXT));
    }

    private static Optional<Head> ownHead(Config config, JsonNode given) {
        try {
            return Head.ofDate(config.dir().rounds().resolve(given.path("date").asText()), endOf(given));
        } catch (IOException unreadable) {
            return Optional.empty(); // the check of the seals tells
        }
    }
}
