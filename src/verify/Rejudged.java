package verify;

import base.Exit;
import base.Failure;
import base.Json;
import base.PlainFile;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import evidence.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import report.CheckpointReport;
import report.FinalReport;
import seal.Heads;
import seal.SealCheck;
import settings.Config;
import settings.SettingCheck;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * The verdicts again, from the evidence alone and by this build, beside those that stand in the folder.
 *
 * @param reports the stored ones, and where each says what the evidence does not give
 * @param notCompared stored ones that are held against nothing, each with the reason
 * @param report the final report by this build, as of the stored one's moment, else of now; null without a round
 * @param scope of that report
 */
record Rejudged(List<Stored> reports, List<String> notCompared, JsonNode report, Scope scope) {
    /**
     * A report in the folder.
     *
     * @param file below the soak's folder
     * @param scope of what it says it covers; null of a daily, and where it does not tell
     * @param differences a sentence each
     */
    record Stored(String file, Scope scope, List<String> differences) {
        boolean agrees() {
            return differences.isEmpty();
        }
    }

    /**
     * @param present of what the evidence can tell at most
     * @param heads as a report that was given them has: what they find is in its verdicts
     */
    static Rejudged of(Config config, Instant present, Heads heads, SealCheck.Progress progress) throws IOException {
        List<Path> checkpoints = RoundFiles.children(config.dir().checkpoints()).stream()
                .filter(file -> SoakDir.dayOfCheckpoint(file).isPresent())
                .toList();
        int all = checkpoints.size() + 2;
        List<Stored> reports = new ArrayList<>();
        Path stored = config.dir().finalJson();
        Instant end = config.schedule().end();
        Scope scope = new Scope(present.isBefore(end) ? present : end, present.isBefore(end), null, heads);
        Map<Scope, String> finals = new HashMap<>(); // each moment is judged once: it reads all evidence
        Function<Scope, String> judge = as -> finals.computeIfAbsent(as, at -> new FinalReport(config, at).judged());
        if (Files.exists(stored)) {
            List<Scope> its = scopes(stored, null, heads);
            reports.add(compared(config, stored, its, judge));
            scope = its.isEmpty() ? scope : its.get(0);
        }
        progress.looked(1, all);
        for (int i = 0; i < checkpoints.size(); i++) {
            reports.add(checkpoint(config, checkpoints.get(i), heads));
            progress.looked(i + 2, all);
        }
        Scope last = scope;
        String judged = given(() -> judge.apply(last));
        if (judged == null) {
            return new Rejudged(reports, List.of(), null, scope);
        }
        DailiesAgain dailies = DailiesAgain.of(config, scope);
        reports.addAll(dailies.compared());
        progress.looked(all, all);
        return new Rejudged(reports, dailies.notCompared(), Json.parse(judged), scope);
    }

    /** Null without a round, likewise {@link #gateD}. */
    String overall() {
        return report == null ? null : report.path("overall").asText();
    }

    String gateD() {
        return report == null ? null : report.path("gate_d").asText();
    }

    Instant asOf() {
        return scope.asOf();
    }

    /** @return null where there is no round to judge */
    private static String given(Supplier<String> judge) {
        try {
            return judge.get();
        } catch (Failure none) {
            if (none.exitCode() == Exit.NO_EVIDENCE) {
                return null;
            }
            throw none;
        }
    }

    private static Stored checkpoint(Config config, Path file, Heads heads) throws IOException {
        List<Scope> scopes = scopes(file, SoakDir.dayOfCheckpoint(file).orElseThrow(), heads);
        return compared(config, file, scopes, as -> new CheckpointReport(config, as).judged());
    }

    /**
     * As of when a stored report speaks; none where it does not tell. One that was made while the soak ran may have
     * been as of then, when a round without a summary still ran, or as of a moment that was asked for.
     */
    private static List<Scope> scopes(Path file, Integer day, Heads heads) {
        try {
            JsonNode report = Json.parse(PlainFile.text(file));
            Instant asOf = Instant.parse(report.path("as_of").asText());
            if (!SettingCheck.isOfCalendar(asOf)) {
                return List.of();
            }
            Scope past = new Scope(asOf, false, day, heads);
            return report.path("complete").asBoolean()
                    ? List.of(past)
                    : List.of(past, new Scope(asOf, true, day, heads));
        } catch (IOException | DateTimeException broken) {
            return List.of();
        }
    }

    private static Stored compared(Config config, Path file, List<Scope> scopes, Function<Scope, String> judge)
            throws IOException {
        List<String> fewest = List.of("is no report that can be read");
        for (Scope scope : scopes) {
            String judged = given(() -> judge.apply(scope));
            List<String> differences = judged == null
                    ? List.of("is there, and no round to judge")
                    : Differences.of(withoutSiteChecks(Json.parse(PlainFile.text(file))), Json.parse(judged));
            if (scope == scopes.get(0) || differences.size() < fewest.size()) {
                fewest = differences;
            }
            if (fewest.isEmpty()) {
                break;
            }
        }
        return new Stored(config.dir().name(file), scopes.isEmpty() ? null : scopes.get(0), fewest);
    }

    /** Nothing else in a report comes of them, and their SQL is not run here: the folder may be a stranger's. */
    static JsonNode withoutSiteChecks(JsonNode report) {
        if (report instanceof ObjectNode fields) {
            fields.remove("site_checks");
        }
        for (Iterator<JsonNode> margins = report.path("margins").elements(); margins.hasNext(); ) {
            if (margins.next().path("kind").asText().equals("site check")) {
                margins.remove();
            }
        }
        return report;
    }
}
