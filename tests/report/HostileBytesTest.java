import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.ShellWords;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes of a hostile control plane, CLI, program and forger reach nothing that people look at: no terminal obeys them,
 * no line is faked by them.
 */
@Tag("slow")
class HostileBytesTest {
    /**
     * Sets a window's title, clears the screen (with ESC and as a C1 control), rings, goes back to the line's begin,
     * writes backwards.
     */
    private static final String HOSTILE =
            "x\u001b]0;owned\u0007\u001b[2J\u009b2J\u202egnp\u2066\u0000\b\rFAKED\u2028\u0085y\u007f\uFEFF";

    private static final String IN_JSON = Json.MAPPER.valueToTree(HOSTILE).toString();

    @TempDir
    Path scratch;

    private static void clean(String what, String text) {
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean does = c != '\n' && c != '\t' && type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            assertTrue(
                    !does,
                    () -> what + " holds a raw " + String.format("U+%04X", c) + ": " + Json.MAPPER.valueToTree(text));
        });
    }

    private static void cleanFiles(Path root, String names) throws IOException {
        int looked = 0;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)
                    .filter(f -> root.relativize(f).toString().matches(names))::iterator) {
                clean(root.relativize(file).toString(), Files.readString(file));
                looked++;
            }
        }
        assertTrue(looked > 0, "no file of " + names);
    }

    private static RawHttpServer.Answer raw(String status, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        return RawHttpServer.Answer.bytes(
                ("HTTP/1.1 " + status + "\r\nServer: " + HOSTILE.replaceAll("[\r\n]", "") + "/1\r\nContent-Length: "
                                + bytes.length + "\r\n\r\n")
                        .getBytes(UTF_8),
                bytes);
    }

    @Test
    void a_hostile_control_plane_and_its_cli_write_nothing_raw_into_logs_alerts_and_what_people_read()
            throws Exception {
        Path says = Files.writeString(scratch.resolve("says"), HOSTILE);
        Path cli = Files.writeString(
                scratch.resolve("cli"), "#!/bin/sh\ncat " + ShellWords.quote(says.toString()) + "\nexit 7\n");
        assertTrue(cli.toFile().setExecutable(true));
        Path soak = Files.createDirectory(scratch.resolve("soak"));
        try (RoundRig rig = RoundRig.attached(soak)) {
            rig.with(
                    "AUTONOMY_CLI",
                    cli.toString(),
                    "RECOVER_FOREIGN",
                    "yes",
                    "PLANS_PER_ROUND",
                    "2",
                    "RECOVERY_REASON",
                    "why \u001b[31m",
                    "ALERT_COMMAND",
                    "cat " + ShellWords.quote(says.toString()) + "; exit 3",
                    "ALERT_CONSECUTIVE",
                    "1");
            rig.cp.answer("health", raw("200 OK", "{\"instance_id\":" + IN_JSON + "}"));
            rig.cp.answer(
                    "stuck",
                    raw("200 OK", "{\"stuck_plans\":[{\"plan_id\":" + IN_JSON + ",\"stuck_since\":" + IN_JSON + "}]}"));
            String[][] turns = {
                {"create", "500 " + HOSTILE.replaceAll("[\r\n]", ""), HOSTILE},
                {"list", "400 X", HOSTILE},
                {"list", "200 OK", "{\"plans\":[{\"id\":" + IN_JSON + "}],\"next_cursor\":" + IN_JSON + "}"},
                {"list", "200 OK", "{\"plans\":[], \"error\":" + IN_JSON + "}"},
                {"list", "200 OK", HOSTILE},
                {"metrics", "200 OK", "m{a=\"" + HOSTILE + "\"} 1\n" + HOSTILE},
                {"stuck", "200 OK", "{" + HOSTILE},
                {"stuck", "200 OK\r\nTransfer-Encoding: " + HOSTILE.replaceAll("[\r\n]", ""), HOSTILE},
                {"health", "503 X", HOSTILE},
                {"health", HOSTILE, HOSTILE},
                {"health", "200 OK", "{\"instance_id\":\"another\u001b\"}"}
            };
            boolean told = false;
            for (String[] turn : turns) {
                rig.cp.answer(turn[0], raw(turn[1], turn[2]));
                RoundRig.Round round = rig.round();
                assertNotEquals(0, round.exit());
                clean(turn[0] + " stdout", round.out());
                clean(turn[0] + " stderr", round.err());
                told |= round.err().contains("x\\u001b]0;owned\\u0007");
                assertEquals(1, round.out().lines().count(), round.out());
                clean("probe", rig.probe().out());
                rig.cp.answer(turn[0], turn[0].equals("create") ? null : raw("200 OK", "{\"plans\":[]}"));
            }
            assertTrue(told, "it is told all the same");
            assertTrue(!rig.alerts().isEmpty());
        }
        cleanFiles(
                soak,
                "alerts\\.log|rounds/.*(round-summary\\.json|recovery\\.txt|integrity\\.json|"
                        + "stuck-since\\.json|refuted\\.txt)");
    }

    @Test
    void the_last_words_of_a_program_that_does_not_start_are_clean_in_the_round_and_in_setup() throws Exception {
        Path says = Files.writeString(scratch.resolve("says"), HOSTILE);
        Path soak = Files.createDirectory(scratch.resolve("soak"));
        try (RoundRig rig = RoundRig.external(soak)) {
            rig.with("CP_COMMAND", "cat " + ShellWords.quote(says.toString()) + "; exit 3");
            RoundRig.Round round = rig.round();
            assertTrue(round.err().contains("\\u001b]0;owned\\u0007"), round.err());
            clean("stderr", round.err());
            clean("failures", round.summary().get("failures").path("v01_health").asText());
        }
        Setups setup = new Setups(scratch, "new soak");
        Files.writeString(scratch.resolve("plan.json"), ForeignControlPlane.TEMPLATE);
        Fork.Result ran = setup.first(
                "--cp-command",
                "cat " + ShellWords.quote(says.toString()) + "; exit 3",
                "--plan-template",
                scratch.resolve("plan.json").toString(),
                "--cli",
                ForeignControlPlane.cli(scratch).toString());
        assertNotEquals(0, ran.exit());
        assertTrue(ran.err().contains("\\u001b]0;owned\\u0007"), ran.err());
        clean("setup's stdout", ran.out());
        clean("setup's stderr", ran.err());
        cleanFiles(scratch.resolve("new soak"), "setup-summary\\.txt");
    }

    @Test
    void forged_evidence_writes_nothing_raw_into_any_report_screen_page_or_table() throws Exception {
        String raw = HOSTILE.replace("\r", "").replace("\u0000", "");
        Path soak = scratch.resolve("soak");
        SoakFixture fixture = SoakFixture.in(soak)
                .days(8)
                .interval(7200)
                .rounds(0, 95)
                .set("SOAK_ID", "soak\u001b[31m\u202e")
                .setupSummary("result: PASS" + raw + "\ncp_start_ms: 1\nhealth_http_code: 200\ncp_mode: " + raw + "\n")
                .alert("2026-10-01T00:10:00Z ALERT lost_plans=1" + raw + " threshold=0 day=1")
                .alert("2026-10-02T00:10:00Z ALERT x" + raw)
                .round(
                        20,
                        r -> r.set("harness_version", HOSTILE)
                                .set("cp_mode", HOSTILE)
                                .set("failures", java.util.Map.of("v01_health", HOSTILE, HOSTILE, HOSTILE))
                                .set("warnings", List.of(HOSTILE))
                                .set("health", HOSTILE)
                                .set("cp_identity", java.util.Map.of("instance", HOSTILE))
                                .set("targets", java.util.Map.of("SOAK_ID", HOSTILE, "SOAK_DAYS", HOSTILE)))
                .round(21, r -> r.lost(HOSTILE, "soak-1"))
                .round(22, r -> r.duplicate(HOSTILE))
                .round(
                        23,
                        r -> r.set("round_id", HOSTILE)
                                .set("store_check", HOSTILE)
                                .set("store_unchecked", HOSTILE)
                                .set("boot_id", HOSTILE))
                .round(
                        24,
                        r -> r.raw("recovery.txt", raw + " exit=7 ms=3\n  " + raw + "\n")
                                .raw("plan-ids.txt", raw + "\n")
                                .raw("create-times.txt", raw + "\n"))
                .round(25, r -> r.summary("{" + HOSTILE))
                .round(
                        26,
                        r -> r.set("scan_http_code", HOSTILE)
                                .set("v03_stuck_scan", HOSTILE)
                                .set(HOSTILE, HOSTILE)
                                .raw(
                                        "metrics-scrape.prom",
                                        "m{a=\"" + raw + "\"} 1\n{\"" + raw.replace("\"", "") + "\"} 2\n"));
        fixture.write();
        String byName = "odd\u001b[31m\u202e\u0007name";
        Files.createDirectories(soak.resolve("rounds/2026-10-03/" + byName));
        Files.createDirectories(soak.resolve("rounds/" + byName));
        String after = "2026-12-01T00:00:00Z";
        String running = "2026-10-03T05:00:00Z";
        String[][] reports = {
            {after, "--type", "final"},
            {after, "--type", "final", "--format", "text"},
            {after, "--type", "final", "--format", "json"},
            {after, "--type", "final", "--format", "junit"},
            {after, "--type", "daily", "--date", "2026-10-02"},
            {after, "--type", "daily", "--date", "2026-10-03", "--format", "text"},
            {after, "--type", "daily", "--date", "2026-10-02", "--format", "junit"},
            {after, "--type", "checkpoint", "--day", "2"},
            {after, "--type", "checkpoint", "--day", "7", "--format", "json"},
            {after, "--type", "checkpoint", "--day", "7", "--format", "junit"},
            {running, "--type", "status"},
            {running, "--type", "status", "--format", "text"},
            {running, "--type", "status", "--format", "json"},
            {running, "--type", "status", "--format", "junit"},
            {after, "--sql", "FROM rounds", "--format", "table"},
            {after, "--sql", "FROM rounds", "--format", "csv"},
            {after, "--sql", "FROM rounds", "--format", "json"},
            {after, "--sql", "FROM rounds", "--format", "markdown"},
            {after, "--sql", "FROM problems"},
            {after, "--sql", "FROM alerts"},
            {after, "--sql", "FROM metrics"},
            {after, "--sql", "FROM recoveries"},
            {after, "--sql", "SELECT '" + raw.replace("\u0000", "") + "' FROM nothing"},
            {after, "--compare", soak.toString()},
            {after, "--compare", soak.toString(), "--format", "json"},
            {after, "--type", raw},
            {after, "--type", "archive"},
            {after, "--export", scratch.resolve("export").toString()}
        };
        boolean told = false;
        for (String[] report : reports) {
            Reports.Ran ran = Reports.run(
                    report[0], soak, List.of(report).subList(1, report.length).toArray(String[]::new));
            String what = String.join(" ", report);
            boolean csv = what.endsWith("csv");
            clean(what, csv ? ran.out().replace("\r\n", "\n") : ran.out());
            clean(what + " (stderr)", ran.err());
            told |= ran.out().contains("\\u001b]0;owned");
            if (what.endsWith("junit")) {
                SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                        .newSchema(Project.folder("tests/junit.xsd").toFile())
                        .newValidator()
                        .validate(new StreamSource(new StringReader(ran.out())));
            }
        }
        assertTrue(told, "it is told all the same");
        cleanFiles(soak, "(daily|checkpoints)/.*|final-report.*|status\\.html");
        cleanFiles(scratch.resolve("export"), "README\\.md|SHA256SUMS|examples/.*");
        Path archive;
        try (Stream<Path> beside = Files.list(scratch)) {
            archive = beside.filter(file -> file.toString().endsWith(".tar.gz"))
                    .findFirst()
                    .orElseThrow();
        }
        clean(
                "ARCHIVE-README.txt",
                Fork.run("tar", "-xzOf", archive.toString(), "soak/ARCHIVE-README.txt")
                        .out());
        try (Stream<Path> pages = Files.walk(soak)) {
            assertTrue(pages.filter(p -> p.toString().endsWith(".html")).count() >= 3);
        }
    }
}
