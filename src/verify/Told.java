package verify;

import archive.ArchivedSoak;
import base.Json;
import base.Printable;
import base.Sha256;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import report.Judging;
import report.Junit;
import seal.Finding;
import seal.SealReport;
import seal.Stamp;
import settings.Config;

/** What a verification found, in words: a line for each finding, the first bad one first, then one sentence. */
final class Told {
    private final Config config;
    private final List<Stamp> stamps;
    private final SignatureCheck signature;
    private final SealReport seals;
    private final Rejudged rejudged;
    private final PinnedOpinion pinned;
    private final List<String> notChecked = new ArrayList<>();

    /**
     * @param archive as it was unpacked; null for a folder
     * @param anchors whether heads from elsewhere were given
     * @param authorities whether CAs of authorities were given
     * @param withoutJson a note on the files that lack it; null for none
     */
    Told(
            Config config,
            ArchivedSoak archive,
            boolean anchors,
            boolean authorities,
            List<Stamp> stamps,
            SignatureCheck signature,
            SealReport seals,
            Rejudged rejudged,
            String withoutJson,
            PinnedOpinion pinned) {
        this.config = config;
        this.stamps = stamps;
        this.signature = signature;
        this.seals = seals;
        this.rejudged = rejudged;
        this.pinned = pinned;
        if (seals.head() == null) {
            notChecked.add(
                    "no round is sealed, so nothing shows whether files were edited, added or removed; this version"
                            + " seals each round that it runs");
        } else if (!anchors) {
            notChecked.add(
                    "whether all seals were rebuilt after an edit, which anyone can do who can write to the folder:"
                            + " to check, give --heads FILE with a head that was kept elsewhere");
        } else if (seals.sealed().count() > 0) {
            String last = "rounds/" + seals.sealed().last();
            notChecked.add(
                    "whether the seals of the rounds that are sealed and not anchored were rebuilt after an edit:"
                            + " to check, give --heads FILE with the head of " + last + " or of a round after it");
        }
        stamps.stream()
                .filter(stamp -> stamp.problem() == null && !stamp.trusted())
                .findFirst()
                .ifPresent(stamp -> notChecked.add("who signed " + stamp.file() + " as "
                        + Printable.line(stamp.authority())
                        + ": anyone who can write to the folder can sign in any name; "
                        + (authorities
                                ? "no CA in --tsa-ca issued its certificate; if you trust the authority, add its CA to"
                                        + " that file, with each intermediate certificate that the stamp lacks"
                                : "to check, give --tsa-ca FILE with the CA of an authority that you trust")));
        if (signature.file() != null && signature.verified() == null) {
            notChecked.add(
                    "who signed " + signature.file() + ": to check, give --public-key FILE with a key that you trust");
        }
        if (!rejudged.reports().isEmpty()) {
            notChecked.add("pages and texts (.html, .txt) and final-report.intoto.json: only the JSON beside them was"
                + " judged again, and they may differ from it; rely on a report that you make yourself: --type final"
                + " --print-only");
        }
        notChecked.addAll(rejudged.notCompared());
        if (withoutJson != null) {
            notChecked.add(withoutJson);
        }
        if (archive != null && !archive.isMarked()) {
            notChecked.add("whose folder it is, unpacked: without an ARCHIVE-README.txt, or with a tmp/, reports take"
                    + " it for one in which a soak runs, write into it, and --type daily runs the ALERT_COMMAND of its"
                    + " config.env; add --print-only to each report on it");
        }
        if (archive != null) {
            notChecked.add("the control plane's database and audit records: no seal holds them, and no verdict"
                    + " rests on them");
        }
        if (pinned.judging().notRun() != null) {
            notChecked.add("what the pinned judge says: " + pinned.judging().notRun());
        }
        if (rejudged.overall() == null) {
            notChecked.add("no verdict: there is no round to judge");
        }
    }

    boolean isGood() {
        return seals.alterations().isEmpty()
                && rejudged.reports().stream().allMatch(Rejudged.Stored::agrees)
                && pinned.agrees();
    }

    private List<Rejudged.Stored> differing() {
        return rejudged.reports().stream().filter(report -> !report.agrees()).toList();
    }

    private String sentence() {
        List<Finding> altered = seals.alterations();
        List<Rejudged.Stored> differing = differing();
        if (!altered.isEmpty()) {
            return "ALTERED since it was " + (signature.findings().containsAll(altered) ? "signed" : "sealed") + ": "
                    + count(altered.size(), "file or folder", "files and folders")
                    + " changed, missing or added, the first " + altered.get(0).path() + "."
                    + (differing.isEmpty() ? "" : " " + differs(differing.size()) + ".");
        }
        if (!differing.isEmpty()) {
            return differs(differing.size()) + ", the first " + differing.get(0).file() + "; " + fits() + ".";
        }
        if (!pinned.agrees()) {
            return "The pinned judge comes to another result: "
                    + pinned.lines().get(0).replaceFirst("^differs: ", "") + "; " + fits() + ".";
        }
        return capitalized(fits())
                + (rejudged.reports().isEmpty()
                        ? ", and there is no stored report to compare with it."
                        : ", and " + count(rejudged.reports().size(), "stored report agrees", "stored reports agree")
                                + " with the evidence.");
    }

    private static String differs(int reports) {
        return count(reports, "stored report differs", "stored reports differ") + " from the evidence";
    }

    private String fits() {
        if (seals.head() == null) {
            return "nothing is sealed";
        }
        long unchecked = seals.findings().stream()
                .filter(finding -> finding.kind() == Finding.Kind.UNCHECKED)
                .count();
        return unchecked == 0
                ? "everything that is sealed fits"
                : "what is sealed fits, except for " + count((int) unchecked, "file that", "files that")
                        + " cannot be checked";
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String count(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    // --- text -------------------------------------------------------------------------------------------------------

    String text() {
        StringBuilder text = new StringBuilder();
        seals.findings().forEach(finding -> text.append(finding.line()).append('\n'));
        for (Rejudged.Stored report : differing()) {
            report.differences()
                    .forEach(difference -> text.append("differs: ")
                            .append(report.file())
                            .append(": ")
                            .append(difference)
                            .append('\n'));
        }
        pinned.lines().forEach(line -> text.append(line).append('\n'));
        rounds(text, "anchored", seals.anchored());
        rounds(text, "sealed", seals.sealed());
        rounds(text, "without a seal", seals.unsealed());
        for (Stamp stamp : stamps) {
            if (stamp.problem() == null) {
                text.append("time stamp: ")
                        .append(stamp.file())
                        .append(": ")
                        .append(Sha256.brief(stamp.sha256()))
                        .append(" at ")
                        .append(stamp.at())
                        .append(", by ")
                        .append(Printable.line(stamp.authority()))
                        .append(stamp.trusted() ? "" : " (not checked)")
                        .append('\n');
            }
        }
        if (Boolean.TRUE.equals(signature.verified())) {
            text.append("signature: ").append(signature.file()).append(": by the key that --public-key gives\n");
        }
        if (seals.head() != null) {
            text.append("head: ")
                    .append(seals.head().roundId())
                    .append(' ')
                    .append(seals.head().sha256())
                    .append('\n');
        }
        if (rejudged.overall() != null) {
            text.append("judged again, as of ")
                    .append(rejudged.asOf())
                    .append(": overall ")
                    .append(rejudged.overall())
                    .append(", Gate D ")
                    .append(rejudged.gateD())
                    .append('\n');
        }
        text.append("judge: ")
                .append(pinned.judging().own().sha256())
                .append(" (")
                .append(pinned.judging().standing())
                .append(")\n");
        if (!pinned.judging().files().isEmpty()) {
            text.append("judge: differs from the pinned one in ")
                    .append(Judging.named(pinned.judging().files()))
                    .append('\n');
        }
        notChecked.forEach(what -> text.append("not checked: ").append(what).append('\n'));
        return text.append(sentence()).append('\n').toString();
    }

    private static void rounds(StringBuilder text, String word, SealReport.Rounds rounds) {
        if (rounds.count() > 0) {
            text.append("rounds ")
                    .append(word)
                    .append(": ")
                    .append(rounds.count())
                    .append(", ")
                    .append(rounds.first())
                    .append(rounds.count() == 1 ? "" : " to " + rounds.last())
                    .append('\n');
        }
    }

    // --- JSON -------------------------------------------------------------------------------------------------------

    String json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("soak_id", config.soakId());
        json.put("ok", isGood());
        json.put("sentence", sentence());
        json.put("findings", seals.findings().stream().map(Told::json).toList());
        json.put("altered_files", seals.alterations().size());
        json.put("anchored_rounds", seals.anchored().toJson());
        json.put("sealed_rounds", seals.sealed().toJson());
        json.put("unsealed_rounds", seals.unsealed().toJson());
        json.put("head", seals.head() == null ? null : seals.head().toJson());
        json.put("time_stamps", stamps.stream().map(Told::json).toList());
        json.put("signature_verified", signature.verified());
        json.put("as_of", rejudged.asOf().toString());
        json.put("overall", rejudged.overall());
        json.put("gate_d", rejudged.gateD());
        json.put("reports", rejudged.reports().stream().map(Told::json).toList());
        json.put("not_checked", notChecked);
        pinned.judging().addTo(json);
        return Json.write(json);
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", finding.kind().word());
        json.put("path", finding.path());
        json.put("what", finding.what());
        json.put("round_id", finding.roundId());
        return json;
    }

    private static Map<String, Object> json(Stamp stamp) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", stamp.file());
        json.put("sha256", stamp.sha256());
        json.put("at", stamp.at() == null ? null : stamp.at().toString());
        json.put("authority", stamp.authority());
        json.put("trusted", stamp.trusted());
        json.put("problem", stamp.problem());
        return json;
    }

    private static Map<String, Object> json(Rejudged.Stored report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", report.file());
        json.put("agrees", report.agrees());
        json.put("differences", report.differences());
        return json;
    }

    // --- JUnit ------------------------------------------------------------------------------------------------------

    String junit() {
        List<Map<String, Object>> cases = new ArrayList<>();
        List<Finding> altered = seals.alterations();
        cases.add(row(
                "seals",
                "every_sealed_file_is_as_it_was",
                seals.head() == null ? "NOT SEALED" : altered.isEmpty() ? "PASS" : "FAIL",
                altered.isEmpty()
                        ? fits()
                        : String.join("\n", altered.stream().map(Finding::line).toList())));
        for (Rejudged.Stored report : rejudged.reports()) {
            cases.add(row(
                    report.file(),
                    "is_what_the_evidence_gives",
                    report.agrees() ? "PASS" : "FAIL",
                    report.agrees() ? "agrees" : String.join("\n", report.differences())));
        }
        if (pinned.judging().isAnother()) {
            cases.add(row(
                    "judge",
                    "comes_to_what_the_pinned_one_does",
                    pinned.judging().notRun() != null ? "NOT RUN" : pinned.agrees() ? "PASS" : "FAIL",
                    pinned.agrees() ? pinned.judging().notice() : String.join("\n", pinned.lines())));
        }
        return Junit.of(config, "verify", config.startedAt(), rejudged.asOf())
                .property("gate_d", rejudged.gateD())
                .property("overall", rejudged.overall())
                .verdicts("verify", cases)
                .xml(text());
    }

    private static Map<String, Object> row(String id, String name, String verdict, String detail) {
        return Map.of("id", id, "name", name, "verdict", verdict, "detail", detail);
    }
}
