package report;

import base.Json;
import build.FrozenJudge;
import build.Judge;
import com.fasterxml.jackson.databind.JsonNode;
import evidence.Scope;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import settings.Config;

/**
 * Which judge makes a report, whether it is the one that the soak pinned, and what that one says where it is another.
 * No verdict hangs on it, and none is replaced by it.
 *
 * @param pinned at the moment of the report; null where the soak's builds were older than pins
 * @param remedy what to do where the judge is another, as the end of a sentence
 * @param files in which the two differ, as far as the frozen build shows it
 * @param other null where the pinned judge was not asked
 * @param differences between the verdicts of the two
 */
public record Judging(
        Judge own,
        Judge pinned,
        String remedy,
        List<String> files,
        PinnedJudge other,
        List<JudgeDifference> differences) {
    private static final int FILES_SHOWN = 5;

    /**
     * With the word of the pinned judge where it is another and can be run: that takes as long as another report.
     *
     * @param report the arguments that ask for it
     */
    public static Judging of(Config config, Scope scope, String... report) {
        Judging judging = unasked(config, scope);
        if (!judging.isAnother()) {
            return judging;
        }
        List<String> arguments = new ArrayList<>(List.of(report));
        if (!scope.isNow()) {
            arguments.addAll(List.of("--as-of", scope.asOf().toString()));
        }
        arguments.addAll(scope.heads().options());
        return judging.with(PinnedJudge.run(config.dir(), judging.pinned, arguments), List.of());
    }

    /**
     * Without its word.
     *
     * @param why it is not run, as the end of a sentence
     */
    public static Judging unasked(Config config, Scope scope, String why) {
        Judging judging = unasked(config, scope);
        return judging.isAnother() ? judging.with(new PinnedJudge(null, why), List.of()) : judging;
    }

    private Judging with(PinnedJudge asked, List<JudgeDifference> found) {
        return new Judging(own, pinned, remedy, files, asked, found);
    }

    /** Without a word about it. */
    static Judging unasked(Config config, Scope scope) {
        Judge own = Judge.own();
        Judge pinned = Judge.pinned(config.dir(), scope.asOf()).orElse(null);
        List<String> files = pinned == null || pinned.isSame(own)
                ? List.of()
                : FrozenJudge.of(config.dir())
                        .filter(frozen -> frozen.sha256().equals(pinned.sha256()))
                        .map(frozen -> Judge.differing(Judge.ownFiles(), frozen.files()))
                        .orElse(List.of());
        return new Judging(own, pinned, remedy(config, own), files, null, List.of());
    }

    /** An archive and a rehearsal have no build that could be asked, and nothing to upgrade. */
    private static String remedy(Config config, Judge own) {
        if (Judge.pinned(config.dir(), Instant.MAX).filter(own::isSame).isPresent()) {
            return "the soak was upgraded to this one after the report's moment, so show the two side by side.";
        }
        if (Files.exists(config.dir().archiveReadme())) {
            return "rely on the verdicts of a clone of the build that ARCHIVE-README.txt names.";
        }
        return config.rehearsal()
                ? "rely on the verdicts of a clone of the build that rehearsed, or rehearse again."
                : "rely on SOAK_DIR/bin/report, or pin this judge by setup.java SOAK_DIR --upgrade.";
    }

    /** Holds the pinned judge's report against the one that this judge makes. */
    public Judging beside(JsonNode report) {
        return other == null || other.report() == null
                ? this
                : with(other, JudgeDifference.between(report, other.report()));
    }

    Judging beside(Map<String, Object> report) {
        return beside((JsonNode) Json.MAPPER.valueToTree(report));
    }

    public boolean isAnother() {
        return pinned != null && !pinned.isSame(own);
    }

    /** What happened, what it means, and what to do; null where the judge is the pinned one, or none is pinned. */
    public String notice() {
        if (!isAnother()) {
            return null;
        }
        return "ANOTHER JUDGE: " + own.brief() + " made this report, but the soak pinned " + pinned.brief()
                + ", so a verdict here may differ from the agreed judge's: " + remedy;
    }

    /** Why the pinned judge, which is another, was not run; null otherwise. */
    public String notRun() {
        return other == null ? null : other.notRun();
    }

    public String standing() {
        return isAnother()
                ? "not the pinned one, " + pinned.sha256()
                : pinned != null ? "the pinned one" : "not pinned: the build that set this soak up pinned none";
    }

    /** What the two differ in, a sentence each; none where the pinned judge was not asked. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!files.isEmpty()) {
            lines.add("The two differ in " + named(files) + ".");
        }
        if (notRun() != null) {
            lines.add("The pinned judge was not run: " + notRun() + ".");
        } else if (other != null && differences.isEmpty()) {
            lines.add("The pinned judge comes to the same verdicts.");
        }
        differences.forEach(difference -> lines.add(difference.words() + "."));
        return lines;
    }

    /** The first of them. */
    public static String named(List<String> files) {
        return String.join(", ", files.subList(0, Math.min(FILES_SHOWN, files.size())))
                + (files.size() > FILES_SHOWN ? ", and " + (files.size() - FILES_SHOWN) + " more files" : "");
    }

    public void addTo(Map<String, Object> report) {
        Map<String, Object> json = new LinkedHashMap<>(own.toJson());
        json.put("pinned", pinned == null ? null : pinned.toJson());
        if (isAnother()) {
            json.put("notice", notice());
            json.put("differing_files", files);
            json.put("pinned_not_run", notRun());
            json.put(
                    "differences",
                    differences.stream().map(JudgeDifference::toJson).toList());
        }
        report.put(Judge.FIELD, json);
    }

    /** For templates. */
    public Map<String, Object> texts() {
        return Map.of(
                "sha256",
                own.sha256(),
                "standing",
                standing(),
                "notice",
                isAnother() ? notice() : "",
                "lines",
                isAnother() ? lines() : List.of());
    }
}
