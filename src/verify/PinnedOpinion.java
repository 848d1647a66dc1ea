package verify;

import base.Json;
import base.PlainFile;
import base.Sha256;
import build.FrozenJudge;
import build.Judge;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import report.Judging;
import report.PinnedJudge;
import seal.Finding;
import settings.Config;
import soak.SoakDir;

/**
 * What the judge that the soak pinned says, where it is another than this build's: of the evidence beside this build's
 * verdicts, and of the stored reports of windows that have passed.
 *
 * @param judging who judges here, and on what the two differ
 * @param stored by a report's file, where it says what the pinned judge does not give
 */
record PinnedOpinion(Judging judging, Map<String, List<String>> stored) {
    static PinnedOpinion of(Config config, Rejudged rejudged, boolean archived) throws IOException {
        if (archived || rejudged.report() == null) {
            return new PinnedOpinion(
                    Judging.unasked(
                            config,
                            rejudged.scope(),
                            archived ? PinnedJudge.OF_AN_ARCHIVE : "there is no round to judge"),
                    Map.of());
        }
        Judging judging =
                Judging.of(config, rejudged.scope(), "--type", "final").beside(rejudged.report());
        Map<String, List<String>> stored = new TreeMap<>();
        if (judging.other() != null && judging.other().report() != null) {
            for (Rejudged.Stored report : rejudged.reports()) {
                List<String> differences = differences(config.dir(), report, judging);
                if (!differences.isEmpty()) {
                    stored.put(report.file(), differences);
                }
            }
        }
        return new PinnedOpinion(judging, stored);
    }

    private static List<String> differences(SoakDir dir, Rejudged.Stored report, Judging judging) throws IOException {
        if (report.scope() == null || report.scope().isNow()) {
            return List.of();
        }
        JsonNode file = Json.parse(PlainFile.text(dir.root().resolve(report.file())));
        if (!file.path("complete").asBoolean()) {
            return List.of(); // as of a moment at which a round may have run
        }
        Integer day = report.scope().checkpointDay();
        PinnedJudge pinned = day == null
                ? judging.other()
                : PinnedJudge.run(
                        dir,
                        judging.pinned(),
                        List.of(
                                "--type",
                                "checkpoint",
                                "--day",
                                day.toString(),
                                "--as-of",
                                report.scope().asOf().toString()));
        if (pinned.report() == null) {
            return List.of();
        }
        List<String> known = new ArrayList<>();
        pinned.report().fieldNames().forEachRemaining(known::add);
        ObjectNode told = ((ObjectNode) file).retain(known); // a newer build may tell more
        return Differences.of(Rejudged.withoutSiteChecks(told), Rejudged.withoutSiteChecks(pinned.report()));
    }

    boolean agrees() {
        return judging.differences().isEmpty() && stored.isEmpty();
    }

    /** A line each, as findings have them. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        judging.differences().forEach(difference -> lines.add("differs: judge: " + difference.words()));
        stored.forEach((file, differences) ->
                differences.forEach(what -> lines.add("differs: " + file + ": by the pinned judge, " + what)));
        return lines;
    }

    /** The frozen build, where it holds another judge than the one that was pinned when it was frozen. */
    static List<Finding> frozen(SoakDir dir) {
        Judge pinned = Judge.pinned(dir, Instant.MAX).orElse(null);
        FrozenJudge frozen = FrozenJudge.of(dir).orElse(null);
        if (pinned == null || frozen == null || frozen.sha256().equals(pinned.sha256())) {
            return List.of();
        }
        List<String> files = Judge.differing(Judge.ownFiles(), frozen.files());
        return List.of(new Finding(
                Finding.Kind.ALTERED,
                frozen.jar(),
                "holds the judge " + Sha256.brief(frozen.sha256()) + ", but " + pinned.brief() + " was pinned"
                        + (pinned.isSame(Judge.own())
                                ? ": it differs in " + Judging.named(files)
                                : "; to see which files differ, verify with a build that has the pinned judge"),
                null));
    }
}
