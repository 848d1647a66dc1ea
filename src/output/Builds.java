package output;

import base.Failure;
import base.KeyedLines;
import base.Sha256;
import base.Why;
import build.BuildName;
import build.BuildSums;
import build.OwnBuild;
import build.ReproducibleJar;
import build.Version;
import com.fasterxml.jackson.databind.JsonNode;
import evidence.EvidenceDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import soak.SoakDir;

/**
 * Who measured and who judged, so that a reader can fetch both from the public source (contract, section 4 "Builds").
 *
 * @param judging this very program
 * @param measuring the builds that the rounds name, by the evidence alone
 * @param controlPlane the builds that the rounds found running, likewise
 * @param frozen what lies in bin/ now; null where nothing does
 */
public record Builds(
        Map<String, Object> judging,
        List<Map<String, Object>> measuring,
        List<Map<String, Object>> controlPlane,
        Map<String, Object> frozen) {
    /** Fields of final-report.json. */
    public static final String JUDGING = "judging_build";

    public static final String MEASURING = "measuring_builds";
    public static final String CONTROL_PLANE = "control_plane_builds";
    public static final String FROZEN = "frozen_build";

    public static Builds of(EvidenceDatabase database, SoakDir dir) {
        try {
            return new Builds(
                    Own.JUDGING,
                    Evidence.rows(database, "SELECT * FROM measuring_build ORDER BY first_round, version").stream()
                            .map(Builds::named)
                            .toList(),
                    Evidence.rows(
                            database, "SELECT * FROM control_plane_build ORDER BY first_round, program, jar_sha256"),
                    frozenIn(dir));
        } catch (IOException e) {
            throw Failure.failed(
                    dir.bin() + " cannot be read (" + Why.of(e, dir.bin()) + "): let this user read it", e);
        }
    }

    /** Asked once: a program does not change while it runs. */
    private static final class Own {
        private static final Map<String, Object> JUDGING = own();
    }

    private static Map<String, Object> own() {
        Map<String, Object> build = source(Version.current());
        try {
            boolean isJar = Files.isRegularFile(OwnBuild.jar());
            build.put("jar_sha256", isJar ? ReproducibleJar.sha256(OwnBuild.jar()) : null);
            build.put("compiled_by", isJar ? ReproducibleJar.compiledBy(OwnBuild.jar()) : null);
            return build;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fields that any version gives; all null where none is known. */
    private static Map<String, Object> source(String version) {
        BuildName name = version == null ? null : BuildName.of(version);
        Map<String, Object> build = new LinkedHashMap<>();
        build.put("version", version);
        build.put("commit", name == null ? null : name.commit());
        build.put("local_changes", name == null ? null : name.localChanges());
        return build;
    }

    private static Map<String, Object> named(Map<String, Object> row) {
        Map<String, Object> build = source((String) row.get("version"));
        row.forEach(build::putIfAbsent);
        return build;
    }

    private static Map<String, Object> frozenIn(SoakDir dir) throws IOException {
        if (!Files.isRegularFile(dir.buildSums()) || !Files.isRegularFile(dir.buildText())) {
            return null;
        }
        Map<String, String> said = KeyedLines.of(dir.buildText());
        Map<String, Object> build = source(said.get("version"));
        build.put("build_sha256", Sha256.of(dir.buildSums()));
        build.put("jar_sha256", BuildSums.of(dir).ownJar().orElse(null));
        build.put("compiled_by", said.get("compiled_by"));
        return build;
    }

    public void addTo(Map<String, Object> json) {
        json.put(JUDGING, judging);
        json.put(MEASURING, measuring);
        json.put(CONTROL_PLANE, controlPlane);
        json.put(FROZEN, frozen);
    }

    /** For the templates: a label and words a line. */
    public List<Map<String, Object>> lines() {
        List<Map<String, Object>> lines = new ArrayList<>();
        controlPlane.forEach(build -> lines.add(line("Control plane", ran(build))));
        measuring.forEach(build -> lines.add(line("Measuring build", measured(build))));
        if (frozen != null) {
            lines.add(line("Frozen build in bin/", words(frozen) + sums(frozen) + jar(frozen)));
        }
        lines.add(line("Judging build", words(judging) + jar(judging)));
        lines.add(line("Its source", BuildName.of(Version.current()).checkout()));
        lines.add(line("To judge again", command("SOAK_DIR") + " (or give the packed archive in place of SOAK_DIR)"));
        return lines;
    }

    /**
     * What a folder itself tells, without being judged.
     *
     * @param lines for a reader
     * @param source of what judged, else of what measures
     */
    public record Known(List<String> lines, BuildName source) {}

    /** @param report final-report.json; missing where there is none */
    public static Known known(SoakDir dir, JsonNode report) throws IOException {
        List<String> lines = new ArrayList<>();
        Map<String, Object> frozen = frozenIn(dir);
        report.path(CONTROL_PLANE).forEach(build -> lines.add("The control plane was " + ran(map(build))));
        report.path(MEASURING).forEach(build -> lines.add("Measured by " + measured(map(build))));
        if (frozen != null) {
            lines.add("Frozen in bin/: " + words(frozen) + sums(frozen) + jar(frozen));
        }
        JsonNode judging = report.path(JUDGING);
        if (judging.isObject()) {
            lines.add("final-report.json was judged by " + words(map(judging)) + jar(map(judging)));
        }
        Object version = judging.isObject()
                ? map(judging).get("version")
                : frozen == null ? Version.NUMBER : frozen.get("version");
        return new Known(lines, BuildName.of(version == null ? Version.NUMBER : (String) version));
    }

    /** As texts: the file may be damaged, and an archive is made all the same. */
    private static Map<String, Object> map(JsonNode build) {
        Map<String, Object> texts = new LinkedHashMap<>();
        build.properties()
                .forEach(field -> texts.put(
                        field.getKey(),
                        field.getValue().isNull() ? null : field.getValue().asText()));
        return texts;
    }

    /** @param soak the folder, or its archive, as a word of a command line */
    public static String command(String soak) {
        return "./report.java " + soak + " --type verify";
    }

    private static Map<String, Object> line(String label, String words) {
        return Map.of("label", label, "words", words);
    }

    /** Of one of {@link #MEASURING}. */
    private static String measured(Map<String, Object> build) {
        return words(build) + sums(build) + rounds(build);
    }

    /** Of one of {@link #CONTROL_PLANE}. */
    private static String ran(Map<String, Object> build) {
        return (build.get("program") == null ? "a program of no known name" : build.get("program"))
                + (build.get("program_sha256") == null ? "" : ", SHA-256 " + build.get("program_sha256"))
                + (build.get("version") == null ? "" : ", " + words(build))
                + (build.get("jar") == null ? "" : ", " + build.get("jar"))
                + jar(build)
                + rounds(build);
    }

    private static String rounds(Map<String, Object> build) {
        boolean one = Objects.equals(build.get("first_round"), build.get("last_round"));
        return ": " + build.get("rounds") + (one ? " round, " : " rounds, ") + build.get("first_round")
                + (one ? "" : " to " + build.get("last_round"));
    }

    private static String words(Map<String, Object> build) {
        return build.get("version") == null
                ? "unknown (rounds without harness_version)"
                : BuildName.of((String) build.get("version")).words();
    }

    private static String sums(Map<String, Object> build) {
        Object sha256 = build.get("build_sha256");
        return sha256 == null ? ", no frozen build" : ", bin/SHA256SUMS has SHA-256 " + sha256;
    }

    private static String jar(Map<String, Object> build) {
        return (build.get("jar_sha256") == null ? "" : ", jar SHA-256 " + build.get("jar_sha256"))
                + (build.get("compiled_by") == null ? "" : ", compiled by Java " + build.get("compiled_by"));
    }
}
