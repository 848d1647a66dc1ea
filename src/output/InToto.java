package output;

import base.Json;
import base.KeyedLines;
import base.Sha256;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import evidence.Attestation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import seal.Head;
import soak.SoakDir;

/**
 * The final report as an in-toto Statement v1 with the predicate test-result v0.1: what a policy engine asks before it
 * lets a release through (contract, section 4 "Attestation"). A function of the report and of what setup recorded:
 * nothing is hashed that may have changed since, but config.env, whose present state the report speaks of.
 */
public final class InToto {
    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1";
    private static final List<String> ANNOTATED =
            List.of("soak_id", "soak_start", "as_of", "complete", "rehearsal", "cp_mode", "overall", "gate_d");

    /** Before a round's id: the subject whose digest is the newest head that the report saw. */
    public static final String HEAD = "head ";

    private InToto() {}

    /**
     * @param reportJson final-report.json as it stands beside the statement, likewise {@code reportText}
     * @return the text of final-report.intoto.json
     */
    public static String statement(SoakDir dir, String reportJson, String reportText) throws IOException {
        return statement(dir, reportJson, reportText, Sha256::of);
    }

    public interface Hash {
        String of(Path file) throws IOException;
    }

    /** @param hash of the settings as they stand beside the statement */
    public static String statement(SoakDir dir, String reportJson, String reportText, Hash hash) throws IOException {
        JsonNode report = parsed(reportJson);
        List<Map<String, Object>> subjects = new ArrayList<>(underTest(dir, report));
        Map<String, Object> annotations = new LinkedHashMap<>();
        ANNOTATED.forEach(field -> annotations.put(field, report.get(field)));
        Map<String, Object> json = descriptor(dir.finalJson(), Sha256.of(reportJson));
        json.put("annotations", annotations);
        subjects.add(json);
        subjects.add(descriptor(dir.finalText(), Sha256.of(reportText)));
        Head.newest(dir.rounds(), Instant.parse(report.path("as_of").asText()))
                .ifPresent(head -> subjects.add(digest(HEAD + head.roundId(), head.sha256())));
        // inside the archive it cannot say its own
        if (Sha256.isHash(report.path("archive_sha256").asText())) {
            subjects.add(descriptor(
                    Path.of(report.get("archive").asText()),
                    report.get("archive_sha256").asText()));
        }
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("_type", STATEMENT);
        statement.put("subject", subjects);
        statement.put("predicateType", TEST_RESULT);
        statement.put("predicate", predicate(dir, reportJson, hash));
        return Json.write(statement);
    }

    /** Whether it is of the kind that is made here, whatever it says: a key may sign statements of other kinds. */
    public static boolean isOfReport(JsonNode statement) {
        return statement.path("_type").asText().equals(STATEMENT)
                && statement.path("predicateType").asText().equals(TEST_RESULT);
    }

    /** The moment of the report that it is about; the end of time where it does not say. */
    public static Instant asOf(JsonNode statement) {
        for (JsonNode subject : statement.path("subject")) {
            try {
                return Instant.parse(subject.path("annotations").path("as_of").asText());
            } catch (DateTimeParseException another) {
                // another subject's annotations say something else
            }
        }
        return Instant.MAX;
    }

    private static JsonNode parsed(String reportJson) {
        try {
            return Json.parse(reportJson);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a final report of ours is not JSON", e);
        }
    }

    private static Map<String, Object> predicate(SoakDir dir, String reportJson, Hash hash) throws IOException {
        Attestation attested = Attestation.of(dir.scratch(), reportJson);
        Map<String, Object> predicate = new LinkedHashMap<>();
        predicate.put("result", attested.result());
        predicate.put("configuration", configuration(dir, hash));
        predicate.put("passedTests", attested.passed());
        predicate.put("warnedTests", List.of());
        predicate.put("failedTests", attested.failed());
        return predicate;
    }

    /**
     * The control plane: each build that the rounds found running. Where none could see it, what was to run: the
     * program as the first setup hashed it, of the embedded one the frozen build. The CLI is setup's.
     */
    private static List<Map<String, Object>> underTest(SoakDir dir, JsonNode report) throws IOException {
        List<Map<String, Object>> subjects = new ArrayList<>();
        report.path(Builds.CONTROL_PLANE).forEach(build -> subjects.add(ran(build)));
        boolean isSeen = !subjects.isEmpty();
        if (report.path("cp_mode").asText().equals("embedded")) {
            if (!isSeen) {
                build(dir).ifPresent(subjects::add);
            }
            return subjects;
        }
        Map<String, String> setup = KeyedLines.of(dir.setupSummary());
        for (String program : isSeen ? List.of("autonomy_cli") : List.of("cp_program", "autonomy_cli")) {
            String sha256 = setup.getOrDefault(program + "_sha256", "");
            if (Sha256.isHash(sha256)) {
                subjects.add(descriptor(Path.of(setup.get(program)), sha256));
            }
        }
        return subjects;
    }

    /** A Java program by its jar; what else is known of it, and the rounds that saw it, are annotations. */
    private static Map<String, Object> ran(JsonNode build) {
        boolean byJar = build.path("jar_sha256").isTextual();
        String name = build.path(byJar ? "jar" : "program").asText();
        Map<String, Object> subject = descriptor(
                Path.of(name),
                build.path(byJar ? "jar_sha256" : "program_sha256").asText());
        Map<String, Object> annotations = new LinkedHashMap<>();
        build.properties().forEach(field -> annotations.put(field.getKey(), field.getValue()));
        subject.put("annotations", annotations);
        return subject;
    }

    private static List<Map<String, Object>> configuration(SoakDir dir, Hash hash) throws IOException {
        List<Map<String, Object>> configuration = new ArrayList<>();
        for (Path file : List.of(dir.config(), dir.planTemplate(), dir.drillTemplate(), dir.setupSummary())) {
            if (Files.exists(file)) {
                configuration.add(descriptor(file, hash.of(file)));
            }
        }
        build(dir).ifPresent(configuration::add);
        return configuration;
    }

    /** By the list of its hashes, which stands in the archive too, where the jars do not. */
    private static Optional<Map<String, Object>> build(SoakDir dir) throws IOException {
        Path sums = dir.buildSums();
        if (!Files.exists(sums)) {
            return Optional.empty();
        }
        Map<String, Object> build = new LinkedHashMap<>();
        build.put("name", SoakDir.BUILD_SUMS);
        build.put("digest", Map.of("sha256", Sha256.of(sums)));
        build.put(
                "annotations", Map.of("version", KeyedLines.of(dir.buildText()).getOrDefault("version", "unknown")));
        return Optional.of(build);
    }

    private static Map<String, Object> descriptor(Path file, String sha256) {
        return digest(file.getFileName().toString(), sha256);
    }

    private static Map<String, Object> digest(String name, String sha256) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("name", name);
        descriptor.put("digest", Map.of("sha256", sha256));
        return descriptor;
    }
}
