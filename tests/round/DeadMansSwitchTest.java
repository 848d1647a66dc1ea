import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import soak.RoundFiles;
import workload.RoundLock;

/** PING_URL, held against a real HTTP server: what it is told, and that nothing it does changes a round. */
@Tag("slow")
class DeadMansSwitchTest extends AttachedSoak {
    private static final String SECRET = "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278";

    RawHttpServer service;
    final List<RawHttpServer.Request> pings = Collections.synchronizedList(new ArrayList<>());
    RawHttpServer.Handler answers = ping -> RawHttpServer.Answer.of(200, "text/plain", "OK");

    @BeforeEach
    void start() throws IOException {
        service = new RawHttpServer("127.0.0.1", 0, ping -> {
            pings.add(ping);
            return answers.handle(ping);
        });
        rig.with("PING_URL", url(""));
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
    }

    private String url(String more) {
        return "http://127.0.0.1:" + service.port() + "/" + SECRET + more;
    }

    private List<String> paths() {
        return pings.stream().map(RawHttpServer.Request::path).toList();
    }

    /** The round as it would have been without a switch, and no word of the secret anywhere. */
    private void unharmed(RoundRig.Round round) throws IOException {
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(10, round.summary().get("create_ok").asInt());
        assertFalse((round.out() + round.err() + round.text("round-summary.json")).contains(SECRET), round.err());
    }

    /** The round's line, which ends with 12 digits of its head, with the whole of it. */
    private static String withWholeHead(RoundRig.Round round) throws IOException {
        String line = round.out().strip();
        String head = Sha256.of(round.folder().resolve("round-summary.json"));
        assertTrue(line.endsWith(", head " + head.substring(0, 12)), line);
        return line.substring(0, line.length() - 12) + RoundFiles.id(round.folder()) + " " + head;
    }

    @Test
    void a_good_round_says_that_it_began_and_that_it_ended_well_with_its_line() throws Exception {
        RoundRig.Round round = rig.round();
        unharmed(round);
        assertEquals(List.of("/" + SECRET + "/start", "/" + SECRET), paths());
        assertEquals("", pings.get(0).body());
        assertEquals(withWholeHead(round), pings.get(1).body());
        String run = pings.get(0).query("rid", "none");
        assertTrue(run.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), run);
        assertEquals(run, pings.get(1).query("rid", "none"), "start and end are one run");
        assertEquals("POST", pings.get(1).method());
        assertEquals(List.of(), round.warnings("PING_URL"));
        RoundRig.Round next = rig.round();
        String head =
                RoundFiles.id(round.folder()) + " " + Sha256.of(round.folder().resolve("round-summary.json"));
        assertEquals("the round before: head " + head, pings.get(2).body());
        assertEquals(0, next.exit(), next.err());
        assertFalse(pings.get(2).query("rid", run).equals(run), "the next round is another run");
    }

    @Test
    void a_failed_round_gives_its_exit_code_and_says_which_step() throws Exception {
        rig.cp.set("health", "500");
        RoundRig.Round round = rig.round();
        assertEquals(Exit.BAD, round.exit());
        assertEquals(List.of("/" + SECRET + "/start", "/" + SECRET + "/10"), paths());
        assertTrue(
                pings.get(1).body().contains("FAIL [v01_health"), pings.get(1).body());
    }

    @Test
    void a_round_that_cannot_begin_gives_its_exit_code_and_why() throws Exception {
        Files.writeString(rig.dir.planTemplate(), "no JSON");
        RoundRig.Round round = rig.round();
        assertEquals(Exit.USAGE, round.exit());
        assertEquals(List.of("/" + SECRET + "/start", "/" + SECRET + "/64"), paths());
        assertTrue(
                pings.get(1).body().contains("plan-template.json"), pings.get(1).body());
    }

    @Test
    void a_round_that_finds_another_one_running_says_nothing_for_that_one_will() throws Exception {
        try (RoundLock other = RoundLock.take(rig.dir)) {
            assertEquals(Exit.LOCKED, rig.round().exit());
        }
        assertEquals(List.of(), paths());
    }

    @Test
    void a_query_stays_and_a_slash_at_the_end_is_no_empty_name() throws Exception {
        rig.with("PING_URL", url("/?create=1"));
        unharmed(rig.round());
        assertEquals(List.of("/" + SECRET + "/start", "/" + SECRET), paths());
        assertEquals("1", pings.get(1).query("create", "none"));
    }

    @Test
    void a_redirect_is_followed_with_the_line_in_hand() throws Exception {
        answers = ping -> ping.path().startsWith("/new")
                ? RawHttpServer.Answer.of(200, "text/plain", "OK")
                : RawHttpServer.Answer.redirect("/new" + ping.path());
        RoundRig.Round round = rig.round();
        unharmed(round);
        assertEquals(List.of(), round.warnings("PING_URL"));
        assertEquals("/new/" + SECRET, pings.get(3).path());
        assertEquals(withWholeHead(round), pings.get(3).body());
    }

    @Test
    void a_service_that_answers_500_or_does_not_know_the_check_is_a_warning() throws Exception {
        answers = ping -> RawHttpServer.Answer.of(500, "text/plain", "no");
        RoundRig.Round round = rig.round();
        unharmed(round);
        assertEquals(
                List.of("the ping /start to 127.0.0.1 (PING_URL) was not accepted: HTTP 500"),
                round.warnings("PING_URL"));
        assertTrue(
                round.err().contains("round: warning: the ping to 127.0.0.1 (PING_URL) was not accepted: HTTP 500\n"),
                round.err());
        answers = ping -> RawHttpServer.Answer.of(200, "text/plain", "OK (not found)");
        assertTrue(rig.round().err().contains("the service says OK (not found)"));
    }

    @Test
    void a_service_that_redirects_for_ever_or_is_gone_is_a_warning() throws Exception {
        answers = ping -> RawHttpServer.Answer.redirect(ping.path());
        unharmed(rig.round());
        service.close();
        RoundRig.Round round = rig.round();
        unharmed(round);
        assertTrue(
                round.warnings("PING_URL").get(0).contains("refused"),
                round.warnings("PING_URL").toString());
    }

    @Test
    void a_service_that_hangs_or_drips_is_given_up_and_no_measured_time_holds_it() throws Exception {
        for (RawHttpServer.Answer slow :
                List.of(RawHttpServer.Answer.hang(60_000), RawHttpServer.Answer.trickle("OK", 500))) {
            answers = ping -> slow;
            RoundRig.Round round = rig.round();
            unharmed(round);
            assertTrue(
                    round.warnings("PING_URL").get(0).contains("/start"),
                    round.warnings("PING_URL").toString());
            assertTrue(
                    round.err().contains("round: warning: the ping to 127.0.0.1 (PING_URL) was not accepted: "),
                    round.err());
        }
    }

    @Test
    void a_url_that_is_none_is_a_warning_and_the_soak_goes_on() throws Exception {
        rig.with("PING_URL", "hc-ping.com/" + SECRET);
        RoundRig.Round round = rig.round();
        unharmed(round);
        assertTrue(
                round.warnings("PING_URL").get(0).startsWith("PING_URL is not an http:// or https:// URL"),
                round.warnings("PING_URL").toString());
    }

    @Test
    void without_a_url_nobody_is_told() throws Exception {
        rig.with("PING_URL", "");
        unharmed(rig.round());
        assertEquals(List.of(), paths());
    }

    @Test
    void a_round_that_is_killed_says_that_it_began_and_no_more() throws Exception {
        rig.cp.set("health", "hang");
        Process killed = new ProcessBuilder(Fork.java("round", folder.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (rig.folders().isEmpty() && killed.isAlive()) {
            Thread.sleep(20);
        }
        killed.destroyForcibly().waitFor();
        assertEquals(List.of("/" + SECRET + "/start"), paths());
    }
}
