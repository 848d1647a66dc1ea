import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the control plane says of a request that fails stands beside the code: ten times HTTP 400 alone is no evidence.
 */
class FailedAnswerTest extends AnsweringRig {
    private static RawHttpServer.Answer says(int status, String body) {
        return RawHttpServer.Answer.of(status, "text/plain", body);
    }

    @ParameterizedTest
    @CsvSource({
        "health, v01_health",
        "create, v02_creates",
        "stuck, v03_stuck_scan",
        "list, v05_plan_count",
        "metrics, v06_metrics"
    })
    void the_body_of_a_failed_endpoint_stands_beside_its_code(String endpoint, String step) throws Exception {
        rig.cp.answer(endpoint, says(400, "missing field:\r\n  spec.foo\n"));
        RoundRig.Round round = rig.round();
        assertTrue(failure(round, step).contains("HTTP 400: missing field: spec.foo"), failure(round, step));
        assertTrue(
                round.err()
                        .lines()
                        .anyMatch(line ->
                                line.contains(step + " FAIL: ") && line.contains("HTTP 400: missing field: spec.foo")),
                round.err());
    }

    @ParameterizedTest
    @CsvSource({"create, v02_creates", "stuck, v03_stuck_scan", "list, v05_plan_count", "metrics, v06_metrics"})
    void a_probe_that_counts_nowhere_and_a_page_of_html_in_place_of_the_answer_say_so(String endpoint, String step)
            throws Exception {
        String page = "<!DOCTYPE html>\n<html><head><title>Sign in</title><style>" + "p { color: red }\n".repeat(2_000)
                + "</style><script>if (1 < 2) alert('x')</script></head>"
                + "<body class=\"a\"><!-- build 7 --><h1>Sign&nbsp;in &amp; go on</h1></body></html>";
        rig.cp.answer(endpoint, RawHttpServer.Answer.of(endpoint.equals("create") ? 502 : 200, "text/html", page));
        assertTrue(
                failure(rig.round(), step).endsWith("a page of HTML: Sign in Sign in & go on"),
                failure(rig.round(), step));
        assertTrue(
                endpoint.equals("create") || rig.probe().out().contains("a page of HTML: Sign in Sign in & go on"),
                rig.probe().out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "204 No Content||page 1: HTTP 204",
                "200 OK||page 1: the answer is neither an object nor an array",
                "206 Partial Content|{\"plans\":[]}|page 1: HTTP 206: {\"plans\":[]}",
                "200 OK|\"fine\"|page 1: the answer is neither an object nor an array; received: \"fine\"",
                "200|{\"plans\":[|page 1 is cut off (line 1, column 11); received: {\"plans\":[",
                "200|{} {}|page 1 continues after its first value (line 1, column 4); received: {} {}",
                "200|[NaN]|page 1 is not JSON: Non-standard token 'NaN' (line 1, column 5); received: [NaN]"
            })
    void an_answer_without_a_list_is_no_scan_and_no_listing_and_is_quoted(String status, String body, String told)
            throws Exception {
        byte[] said = body == null ? new byte[0] : body.getBytes(UTF_8);
        rig.cp.answer("stuck", bytes(status, said));
        rig.cp.answer("list", RawHttpServer.Answer.bytes(("HTTP/1.0 " + status + "\r\n\r\n").getBytes(UTF_8), said));
        RoundRig.Round round = rig.round();
        assertEquals(told, failure(round, "v03_stuck_scan"));
        assertTrue(failure(round, "v05_plan_count").startsWith(told.split(";")[0]), failure(round, "v05_plan_count"));
        assertTrue(round.summary().get("lost_plans").isNull());
    }

    @Test
    void a_page_is_one_whatever_comes_before_it_and_in_whatever_it_is_written() throws Exception {
        String page = "<html><body>Sign in</body></html>";
        RawHttpServer.Answer[] forms = {
            bytes("502 X", ("<?xml version=\"1.0\"?>\n<!-- a -->\n<!DOCTYPE html>" + page).getBytes(UTF_8)),
            bytes("502 X", ("<!---->".repeat(15_000) + page).getBytes(UTF_8)),
            bytes("502 X", page.getBytes(StandardCharsets.UTF_16LE)),
            bytes("502 X\r\nContent-Type: text/html; charset=utf-16be", page.getBytes(StandardCharsets.UTF_16BE))
        };
        for (RawHttpServer.Answer form : forms) {
            rig.cp.answer("create", form);
            String told = failure(rig.round(), "v02_creates");
            assertTrue(told.endsWith(": HTTP 502: a page of HTML: Sign in"), told);
        }
        rig.cp.answer("create", bytes("400 X", ("<!---->".repeat(200) + "no page").getBytes(UTF_8)));
        assertTrue(failure(rig.round(), "v02_creates").endsWith("--><!---->no page"));
        rig.cp.answer(
                "create",
                bytes(
                        "400 X\r\nContent-Type: text/plain; charset=utf-16le",
                        "\u043d\u0435\u0442 \u043f\u043e\u043b\u044f spec.foo".getBytes(StandardCharsets.UTF_16LE)));
        assertTrue(
                failure(rig.round(), "v02_creates")
                        .endsWith(": HTTP 400: \u043d\u0435\u0442 \u043f\u043e\u043b\u044f spec.foo"),
                "what the header says is believed where it is not UTF-8 text");
    }

    @Test
    void a_page_at_health_is_healthy_by_its_code_and_a_warning() throws Exception {
        rig.cp.answer("health", RawHttpServer.Answer.of(200, "text/html", "<html><body>captive portal</body></html>"));
        RoundRig.Round round = rig.round();
        assertEquals("ok", round.summary().get("health").asText());
        assertTrue(
                round.summary().get("warnings").toString().contains("HTTP 200 with a page of HTML: captive portal"),
                round.summary().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"status\":\"unhealthy\",\"error\":\"db gone\"} | true",
                "{\"state\":\"NOT_SERVING\"} | true",
                "{\"healthy\":false} | true",
                "{\"status\":\"ok\",\"error\":{\"store\":\"read-only\"}} | true",
                "{\"status\":\"ok\",\"error\":null,\"errors\":[],\"checks\":{\"cache\":{\"status\":\"down\"}}} | false",
                "{\"status\":\"warn\",\"ok\":true,\"error\":\"\"} | false",
                "unhealthy? no JSON | false"
            })
    void a_body_that_says_unhealthy_beside_200_is_healthy_by_its_code_and_a_warning(String body, boolean warned)
            throws Exception {
        rig.cp.answer("health", RawHttpServer.Answer.json(200, body));
        RoundRig.Round round = rig.round();
        assertEquals("ok", round.summary().get("health").asText());
        String warnings = round.summary().get("warnings").toString();
        assertEquals(warned, warnings.contains("HTTP 200 with " + body.replace("\"", "\\\"") + ". The code"), warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"code\":500,\"message\":\"database is locked\",\"data\":null} | code is 500, and no plan",
                "{\"status\":503,\"stuck_plans\":[],\"plans\":[]} | status is 503, and no plan",
                "{\"status\":\"error\",\"message\":\"locked\",\"data\":null} | status is \"error\"",
                "{\"code\":200,\"message\":\"done\",\"data\":null} | ",
                "{\"code\":0,\"data\":null} | ",
                "{\"data\":null} | ",
                "{\"stuck_plans\":null} | "
            })
    void an_error_beside_no_plan_is_no_empty_scan_and_a_null_alone_is_one(String body, String told) throws Exception {
        rig.cp.answer("stuck", RawHttpServer.Answer.json(200, body));
        RoundRig.Round round = rig.round();
        assertEquals(told == null, round.summary().get("scan_ok").asBoolean());
        assertTrue(failure(round, "v03_stuck_scan").contains(told == null ? "" : told), round.err());
        assertTrue(told == null || failure(round, "v03_stuck_scan").contains("received: {"), round.err());
    }

    @Test
    void a_long_body_is_cut_between_characters_and_a_line_of_cron_log_stays_short() throws Exception {
        for (int shift = 0; shift < 4; shift++) {
            rig.cp.answer("create", says(422, "x".repeat(shift) + "\uD83D\uDE00ü世".repeat(1_000)));
            RoundRig.Round round = rig.round();
            String told = failure(round, "v02_creates").replaceFirst(".*HTTP 422: ", "");
            assertTrue(
                    told.getBytes(UTF_8).length <= 2048 && told.getBytes(UTF_8).length > 2040 && told.endsWith("…"),
                    told.length() + " characters");
            assertFalse(told.contains("\uFFFD") || told.contains("\\u"), told);
            assertTrue(round.err().lines().allMatch(line -> line.getBytes(UTF_8).length < 750), round.err());
            assertEquals(1, round.out().lines().count(), round.out());
        }
    }

    @Test
    void control_characters_are_spelt_out_and_line_ends_are_blanks() throws Exception {
        rig.cp.answer(
                "create",
                says(500, "a\u001b[2Jb\u0007c\u009bd\u202ee\0f\r\n2026-10-01T00:00:00Z round 1: PASS\u2028g"));
        RoundRig.Round round = rig.round();
        assertTrue(
                failure(round, "v02_creates")
                        .endsWith("HTTP 500: a\\u001b[2Jb\\u0007c\\u009bd\\u202ee\\u0000f 2026-10-01T00:00:00Z round 1:"
                                + " PASS g"),
                failure(round, "v02_creates"));
    }

    @Test
    void a_body_that_is_no_text_is_told_by_its_first_bytes_and_bad_bytes_within_a_text_are_replaced() throws Exception {
        byte[] binary = new byte[200];
        new java.util.Random(9).nextBytes(binary);
        binary[0] = 0x1f;
        binary[1] = (byte) 0x8b;
        rig.cp.answer("create", bytes("500 X", binary));
        assertTrue(
                failure(rig.round(), "v02_creates").contains("HTTP 500: 200 bytes that are not text (1f 8b "),
                failure(rig.round(), "v02_creates"));
        rig.cp.answer("create", bytes("500 X", "prefix \u00e9\u00e8 suffix".getBytes(StandardCharsets.ISO_8859_1)));
        assertTrue(
                failure(rig.round(), "v02_creates").endsWith("HTTP 500: prefix \uFFFD\uFFFD suffix"),
                failure(rig.round(), "v02_creates"));
        rig.cp.answer(
                "create",
                bytes(
                        "500 X\r\nContent-Type: text/plain; charset=\"iso-8859-1\"",
                        "prefix \u00e9\u00e8 suffix".getBytes(StandardCharsets.ISO_8859_1)));
        assertTrue(
                failure(rig.round(), "v02_creates").endsWith("HTTP 500: prefix éè suffix"),
                failure(rig.round(), "v02_creates"));
        rig.cp.answer("create", bytes("204 X", new byte[0]));
        assertTrue(failure(rig.round(), "v02_creates").endsWith(": HTTP 204"), failure(rig.round(), "v02_creates"));
    }

    @Tag("slow")
    @Test
    void setup_says_what_the_control_plane_answered() throws Exception {
        rig.cp.answer("health", says(503, "warming up:\n index 3 of 7\u001b[2J"));
        Setups attached = new Setups(folder, "attached");
        String[] options = {
            "--attach",
            "--set",
            "CP_URL=" + rig.cp.url(),
            "--set",
            "CP_METRICS_URL=" + rig.cp.metricsUrl(),
            "--set",
            "CP_START_TIMEOUT_SECONDS=1",
            "--plan-template",
            rig.dir.planTemplate().toString(),
            "--cli",
            ForeignControlPlane.cli(folder).toString()
        };
        Fork.Result ran = attached.run(options);
        assertEquals(base.Exit.FAILED, ran.exit(), ran.err());
        assertTrue(ran.err().contains("(HTTP 503: warming up: index 3 of 7\\u001b[2J)"), ran.err());
        try (Setups own = new Setups(folder, "own")) {
            Files.createDirectories(own.dir.cpData());
            Files.writeString(own.dir.cpData().resolve("switches"), "health=500\n");
            Fork.Result started = own.run(
                    "--cp-command",
                    ForeignControlPlane.command(),
                    "--listen",
                    own.listen,
                    "--metrics-listen",
                    own.metricsListen,
                    "--set",
                    "CP_START_TIMEOUT_SECONDS=3",
                    "--plan-template",
                    rig.dir.planTemplate().toString(),
                    "--cli",
                    ForeignControlPlane.cli(folder).toString());
            assertEquals(base.Exit.FAILED, started.exit(), started.err());
            assertTrue(started.err().contains("last answer: HTTP 500: {\"title\":"), started.err());
        }
    }

    @Test
    void of_several_failed_creates_the_first_ones_body_is_told() throws Exception {
        java.util.concurrent.atomic.AtomicInteger turn = new java.util.concurrent.atomic.AtomicInteger();
        rig.cp.answer(
                "create", out -> says(400, "reason " + turn.incrementAndGet()).write(out));
        String told = failure(rig.round(), "v02_creates");
        assertTrue(
                told.startsWith("2 of 2 creates failed, first soak-") && told.endsWith("-01: HTTP 400: reason 1"),
                told);
    }

    @Test
    void a_header_value_that_the_body_repeats_is_hidden_also_where_it_is_cut_or_written_as_json_writes_it()
            throws Exception {
        Path headers = Files.writeString(folder.resolve("headers"), "Authorization: Bearer " + TOKEN + "\n");
        Files.setPosixFilePermissions(headers, PosixFilePermissions.fromString("rw-------"));
        rig.with("CP_HEADERS_FILE", headers.toString());
        for (int before = 2_000; before < 2_060; before++) {
            for (String body : new String[] {
                "x".repeat(before) + TOKEN, "{\"error\":\"" + "x".repeat(before) + TOKEN.replace("/", "\\/") + "\"}"
            }) {
                if (before % 15 == 0) {
                    rig.cp.answer("create", says(401, body));
                    RoundRig.Round round = rig.round();
                    assertTrue(
                            !round.text("round-summary.json").contains("tok-")
                                    && !round.err().contains("tok-"),
                            failure(round, "v02_creates"));
                }
            }
        }
        rig.cp.answer("create", says(401, "who is " + TOKEN + "?"));
        assertTrue(failure(rig.round(), "v02_creates")
                .endsWith("CP_HEADERS_FILE names; received: who is [header of CP_HEADERS_FILE]?"));
        rig.cp.answer(
                "create",
                says(
                        401,
                        "{\"who\":\"" + TOKEN.replace("=", "\\u003d") + "\",\"at\":\"/v1?t="
                                + TOKEN.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D") + "\"}"));
        assertTrue(failure(rig.round(), "v02_creates")
                .endsWith("received: {\"who\":\"[header of CP_HEADERS_FILE]\",\"at\":\"/v1?t=[header of"
                        + " CP_HEADERS_FILE]\"}"));
        Files.writeString(
                headers,
                "Authorization: Basic "
                        + java.util.Base64.getEncoder().encodeToString("admin:hunter-22-22".getBytes(UTF_8)) + "\n");
        rig.cp.answer("create", says(401, "admin may not log in by hunter-22-22"));
        assertTrue(failure(rig.round(), "v02_creates")
                .endsWith("received: admin may not log in by [header of CP_HEADERS_FILE]"));
    }

    @Test
    void json_with_a_mark_in_utf_16_or_packed_is_read_and_kept_as_every_reader_reads_it() throws Exception {
        rig.cp.set("stuck_plans", "1");
        JsonNode plain = rig.round().summary();
        assertEquals(0, plain.get("lost_plans").asInt());
        String stuck = "{\"diagnosis\":[{\"plan_id\":\"somebody-else-é\"}]}";
        java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream gzip = new java.util.zip.GZIPOutputStream(packed)) {
            gzip.write(stuck.getBytes(UTF_8));
        }
        RawHttpServer.Answer[] forms = {
            bytes("200 OK", ("\uFEFF" + stuck).getBytes(UTF_8)),
            bytes("200 OK", ("\uFEFF" + stuck).getBytes(StandardCharsets.UTF_16LE)),
            bytes("200 OK", stuck.getBytes(StandardCharsets.UTF_16BE)),
            bytes(
                    "200 OK\r\nContent-Type: application/json; charset=ISO-8859-1",
                    stuck.getBytes(StandardCharsets.ISO_8859_1)),
            bytes("200 OK\r\nContent-Type: application/json; charset=ISO-8859-1", stuck.getBytes(UTF_8)),
            bytes("200 OK\r\nContent-Type: application/json; charset=-no-such-name:", stuck.getBytes(UTF_8)),
            bytes("200 OK\r\ncontent-encoding: GZIP", packed.toByteArray())
        };
        for (RawHttpServer.Answer form : forms) {
            rig.cp.answer("stuck", form);
            RoundRig.Round round = rig.round();
            assertEquals(
                    "PASS",
                    round.summary().get("v03_stuck_scan").asText(),
                    round.summary().toString());
            assertEquals(1, round.summary().get("stuck_foreign").asInt());
            assertEquals(stuck, round.text("stuck-scan.json"));
        }
        rig.cp.answer("stuck", bytes("200 OK\r\nContent-Encoding: br", new byte[] {
            0x0b, 0x02, (byte) 0x80, 0x5b, 0x5d, 0x03, 0, 0, 1
        }));
        String told = failure(rig.round(), "v03_stuck_scan");
        assertTrue(
                told.contains("9 bytes that are not text (0b 02 80 5b 5d 03 00 00 01; Content-Encoding: br, which was"
                        + " not requested)"),
                told);
        rig.cp.answer("create", bytes("201 Created\r\nContent-Encoding: br", new byte[] {0x0b, 0x02, (byte) 0x80}));
        JsonNode created = rig.round().summary();
        assertEquals(2, created.get("create_ok").asInt(), "a promise needs no body");
        assertEquals(0, created.get("lost_plans").asInt());
    }
}
