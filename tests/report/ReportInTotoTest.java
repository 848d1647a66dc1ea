import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Sha256;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** final-report.intoto.json, read as a policy engine reads it: by digests, lists and the one word of its result. */
@Tag("slow")
class ReportInTotoTest {
    private static final String AFTER = "2026-12-01T00:00:00Z";
    private static final String PROGRAM =
            "cp_program: /opt/autonomy/bin/autonomy-orchestrator\ncp_program_sha256: " + "ab".repeat(32) + "\n";

    @TempDir
    Path scratch;

    private SoakFixture soak() {
        return SoakFixture.in(scratch.resolve("soak"))
                .days(30)
                .interval(21600)
                .rounds(0, 120)
                .set("TARGET_TOTAL_CREATES", "1000")
                .file("plan-template.json", "{}")
                .setupSummary("result: PASS\ncp_start_ms: 412\nhealth_http_code: 200\ncp_mode: external\n" + PROGRAM);
    }

    private static JsonNode statement(SoakFixture soak, String now, String... more) throws Exception {
        Reports.of(now, soak, Fork.words(List.of("--type", "final"), more));
        return Json.parse(Files.readString(soak.dir().finalStatement()));
    }

    private static Map<String, String> digests(JsonNode descriptors) {
        Map<String, String> digests = new LinkedHashMap<>();
        descriptors.forEach(d -> {
            assertEquals(1, d.get("digest").size());
            digests.put(d.get("name").asText(), d.get("digest").get("sha256").asText());
        });
        return digests;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void a_soak_that_passed_is_a_statement_of_the_spec_about_what_was_tested_and_the_report() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        JsonNode statement = statement(soak, AFTER);
        List<String> fields = new ArrayList<>();
        statement.fieldNames().forEachRemaining(fields::add);
        assertEquals(List.of("_type", "subject", "predicateType", "predicate"), fields);
        assertEquals("https://in-toto.io/Statement/v1", statement.get("_type").asText());
        assertEquals(
                "https://in-toto.io/attestation/test-result/v0.1",
                statement.get("predicateType").asText());
        assertEquals(
                Map.of(
                        "autonomy-orchestrator",
                        "ab".repeat(32),
                        "final-report.json",
                        Sha256.of(soak.dir().finalJson()),
                        "final-report.txt",
                        Sha256.of(soak.dir().finalText())),
                digests(statement.get("subject")));
        JsonNode predicate = statement.get("predicate");
        assertEquals("PASSED", predicate.get("result").asText());
        assertEquals(
                Map.of(
                        "config.env",
                        Sha256.of(soak.dir().config()),
                        "plan-template.json",
                        Sha256.of(soak.dir().planTemplate()),
                        "setup-summary.txt",
                        Sha256.of(soak.dir().setupSummary())),
                digests(predicate.get("configuration")));
        JsonNode report = Json.parse(Files.readString(soak.dir().finalJson()));
        assertEquals( // and gate_d
                report.get("checks").size() + report.get("claims").size() + 1,
                predicate.get("passedTests").size());
        assertTrue(texts(predicate.get("passedTests"))
                .containsAll(List.of("VAL12-10 agg_rollback_rate", "C1 no_corruption", "gate_d")));
        assertEquals(
                0,
                predicate.get("failedTests").size()
                        + predicate.get("warnedTests").size());
        assertEquals(
                "2026-10-31T00:00:00Z",
                statement.get("subject").get(1).get("annotations").get("as_of").asText());
        byte[] before = Files.readAllBytes(soak.dir().finalStatement());
        statement(soak, "2026-12-05T00:00:00Z");
        assertEquals(
                new String(before),
                Files.readString(soak.dir().finalStatement()),
                "the same evidence gives the same bytes");
    }

    @Test
    void whatever_has_not_passed_says_so_and_its_gate_is_not_among_the_passed() throws Exception {
        SoakFixture failed = soak().round(3, r -> r.set("scan_http_code", "500"));
        failed.write();
        JsonNode predicate = statement(failed, AFTER).get("predicate");
        assertEquals("FAILED", predicate.get("result").asText());
        assertEquals(List.of("VAL12-05 stuck_detection_ops"), texts(predicate.get("failedTests")));
        assertTrue(
                texts(predicate.get("passedTests")).contains("gate_d"),
                "the plan's minimum is met, and a policy may ask for it by name");

        String complete = Files.readString(failed.dir().finalStatement());
        statement(failed, AFTER, "--as-of", "2026-10-05T00:00:00Z");
        assertEquals(
                complete,
                Files.readString(failed.dir().finalStatement()),
                "a question about an earlier moment takes no complete report's place");

        SoakFixture running = SoakFixture.in(scratch.resolve("running"))
                .days(10)
                .interval(7200)
                .rounds(0, 48)
                .set("TARGET_TOTAL_CREATES", "100");
        running.write();
        JsonNode incomplete = statement(running, "2026-10-05T00:00:00Z");
        assertEquals("FAILED", incomplete.get("predicate").get("result").asText(), "there is no word for not yet");
        assertFalse(texts(incomplete.get("predicate").get("passedTests")).contains("gate_d"));
        assertEquals(
                "INCOMPLETE",
                incomplete
                        .get("subject")
                        .get(0)
                        .get("annotations")
                        .get("overall")
                        .asText());
    }

    @Test
    void a_rehearsal_never_passes_and_says_what_it_is() throws Exception {
        SoakFixture soak = soak().set("SOAK_REHEARSAL", "true");
        soak.write();
        JsonNode statement = statement(soak, AFTER);
        assertEquals("FAILED", statement.get("predicate").get("result").asText());
        assertFalse(texts(statement.get("predicate").get("passedTests")).contains("gate_d"));
        JsonNode annotations = statement.get("subject").get(1).get("annotations");
        assertTrue(annotations.get("rehearsal").asBoolean());
        assertEquals("PASS", annotations.get("overall").asText());
        assertEquals("NOT ASSESSED (rehearsal)", annotations.get("gate_d").asText());
    }

    @Test
    void a_claim_that_failed_beside_ten_passed_checks_is_a_warning() throws Exception {
        SoakFixture soak = soak().missed(50);
        soak.write();
        JsonNode predicate = statement(soak, AFTER).get("predicate");
        assertEquals("WARNED", predicate.get("result").asText());
        assertEquals(List.of("C4 availability_scheduled"), texts(predicate.get("failedTests")));
    }

    @Test
    void with_the_embedded_control_plane_the_frozen_build_is_what_was_tested() throws Exception {
        SoakFixture soak = soak().each(r -> r.set("cp_mode", "embedded"))
                .file("bin/SHA256SUMS", "00  lib/a.jar\n")
                .file("bin/build.txt", "version: 1.0.0+abc\njava_version: 17\n");
        soak.write();
        JsonNode statement = statement(soak, AFTER);
        JsonNode build = statement.get("subject").get(0);
        assertEquals("bin/SHA256SUMS", build.get("name").asText());
        assertEquals(
                Sha256.of(soak.dir().bin().resolve("SHA256SUMS")),
                build.get("digest").get("sha256").asText());
        assertEquals("1.0.0+abc", build.get("annotations").get("version").asText());
        assertTrue(digests(statement.get("predicate").get("configuration")).containsKey("bin/SHA256SUMS"));

        SoakFixture external = soak().file("bin/SHA256SUMS", "00  lib/a.jar\n");
        external.write();
        JsonNode other = statement(external, AFTER);
        assertFalse(digests(other.get("subject")).containsKey("bin/SHA256SUMS"), "here the build is the harness alone");
        assertTrue(digests(other.get("predicate").get("configuration")).containsKey("bin/SHA256SUMS"));
    }

    @Test
    void what_the_rounds_saw_running_is_what_was_tested_whatever_setup_was_told_to_start() throws Exception {
        Map<String, Object> first = Map.of("program", "/opt/cp", "program_sha256", "1".repeat(64));
        Map<String, Object> second = Map.of(
                "program",
                "/opt/java",
                "program_sha256",
                "2".repeat(64),
                "jar",
                "/opt/cp-2.jar",
                "jar_sha256",
                "3".repeat(64));
        SoakFixture soak = soak().each(r -> r.set("cp_identity", first)).round(5, r -> r.set("cp_identity", second));
        soak.write();
        JsonNode subjects = statement(soak, AFTER).get("subject");
        assertFalse(digests(subjects).containsKey("autonomy-orchestrator"), subjects.toString());
        assertEquals("cp", subjects.get(0).get("name").asText());
        assertEquals("1".repeat(64), subjects.at("/0/digest/sha256").asText());
        assertEquals("cp-2.jar", subjects.get(1).get("name").asText());
        assertEquals("3".repeat(64), subjects.at("/1/digest/sha256").asText());
        assertEquals(
                "2".repeat(64), subjects.at("/1/annotations/program_sha256").asText());
        assertEquals(1, subjects.at("/1/annotations/rounds").asInt());
    }

    @Test
    void the_statement_speaks_of_the_report_beside_it_on_disk_and_in_the_archive() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        statement(soak, AFTER, "--archive");
        Path archive = scratch.resolve("soak-val12-2026-12-01.tar.gz");
        Map<String, String> onDisk = digests(
                Json.parse(Files.readString(soak.dir().finalStatement())).get("subject"));
        assertEquals(Sha256.of(soak.dir().finalJson()), onDisk.get("final-report.json"));
        assertEquals(Sha256.of(archive), onDisk.get("soak-val12-2026-12-01.tar.gz"));

        Path unpacked = Files.createDirectory(scratch.resolve("unpacked"));
        assertEquals(
                0,
                Fork.run("tar", "-xzf", archive.toString(), "-C", unpacked.toString())
                        .exit());
        Map<String, String> inside =
                digests(Json.parse(Files.readString(unpacked.resolve("soak/final-report.intoto.json")))
                        .get("subject"));
        assertEquals(
                List.of("autonomy-orchestrator", "final-report.json", "final-report.txt"),
                List.copyOf(inside.keySet()));
        assertEquals(Sha256.of(unpacked.resolve("soak/final-report.json")), inside.get("final-report.json"));
        assertEquals(Sha256.of(unpacked.resolve("soak/final-report.txt")), inside.get("final-report.txt"));

        String before = Sha256.of(archive);
        Files.delete(archive);
        Reports.run(AFTER, soak.dir().root(), "--type", "archive");
        assertEquals(before, Sha256.of(archive), "packed anew, the statement on disk quoting the archive or not");
        assertEquals(
                onDisk,
                digests(Json.parse(Files.readString(soak.dir().finalStatement()))
                        .get("subject")));
    }
}
