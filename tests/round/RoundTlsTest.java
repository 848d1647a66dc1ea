import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.ShellWords;
import base.Time;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import lab.controlplane.Guard;
import lab.controlplane.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds against a control plane that speaks TLS, demands client certificates and a token. */
@Tag("slow")
class RoundTlsTest {
    private static final String TOKEN = "tok-0d1f6a3be58c";

    @TempDir
    Path folder;

    @TempDir
    Path files;

    private Pki pki;
    private Pki.Identity client;
    private Path token;
    private Server server;
    private RoundRig rig;

    @BeforeEach
    void start() throws Exception {
        pki = new Pki(files, "ca");
        client = pki.issue("client");
        token = pki.write("token", TOKEN + "\n");
    }

    @AfterEach
    void stop() throws IOException {
        if (rig != null) {
            rig.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /** An attached control plane in this JVM. */
    private RoundRig attached(Pki.Identity identity, boolean metricsTls) throws Exception {
        server = new Server(new Server.Settings(
                                ControlPlanes.ANY_PORT,
                                ControlPlanes.ANY_PORT,
                                files.resolve("data"),
                                files.resolve("audit"),
                                Duration.ofSeconds(1),
                                Time.system(),
                                new PrintWriter(new StringWriter()))
                        .guardedBy(Guard.of(identity.cert(), identity.keyFile(), pki.ca, metricsTls, token)))
                .start();
        rig = RoundRig.attached(folder)
                .with(
                        "CP_URL",
                        "https://127.0.0.1:" + server.port(),
                        "CP_METRICS_URL",
                        (metricsTls ? "https" : "http") + "://127.0.0.1:" + server.metricsPort() + "/metrics",
                        "CP_CURSOR_PARAM",
                        "cursor",
                        "CP_TLS_CA",
                        pki.ca.toString(),
                        "CP_TLS_CERT",
                        client.cert().toString(),
                        "CP_TLS_KEY",
                        client.keyFile().toString(),
                        "CP_HEADERS_FILE",
                        pki.write("headers", "Authorization: Bearer " + TOKEN + "\n")
                                .toString(),
                        "CP_CLI_ENV",
                        "");
        Files.writeString(
                rig.dir.planTemplate(),
                "{\"plan_id\": \"{plan_id}\", \"artifact_ref\": \"a\", \"stages\": [{\"stage_id\": \"one\"}],"
                        + " \"stuck_after_seconds\": 86400}");
        return rig;
    }

    private Pki.Identity server() {
        return pki.issue("cp", "127.0.0.1");
    }

    private static String whyUnhealthy(RoundRig.Round round) {
        JsonNode summary = round.summary();
        assertEquals("failed", summary.get("health").asText());
        assertFalse(summary.get("hung").asBoolean(), "whoever refuses does not hang");
        assertFalse(summary.get("restarted").asBoolean());
        String all = summary.toString() + round.err();
        assertFalse(all.contains("roken pipe") || all.contains("(000)"), all);
        return summary.get("failures").get("v01_health").asText();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_round_over_mutual_tls_with_a_token_is_like_any_other(boolean metricsTls) throws Exception {
        RoundRig.Round round = attached(server(), metricsTls).round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertEquals(10, round.summary().get("create_ok").asInt());
        assertEquals(10, round.summary().get("plan_count").asInt());
        assertTrue(round.summary().get("cp_http_requests_total").asInt() > 0);
    }

    @Test
    void without_a_client_certificate_each_step_says_that_one_is_demanded() throws Exception {
        RoundRig.Round round = attached(server(), false)
                .with("CP_TLS_CERT", "", "CP_TLS_KEY", "")
                .round();
        assertTrue(
                whyUnhealthy(round).contains("127.0.0.1:" + server.port() + " demands a client certificate"),
                round.err());
        for (String step : new String[] {"v03_stuck_scan", "v05_plan_count"}) {
            assertTrue(
                    round.summary().get("failures").get(step).asText().contains("CP_TLS_CERT and CP_TLS_KEY"),
                    round.err());
        }
    }

    @Test
    void without_the_token_the_control_plane_says_401_and_the_round_which_setting_has_it() throws Exception {
        RoundRig.Round round =
                attached(server(), false).with("CP_HEADERS_FILE", "").round();
        assertEquals("401", round.summary().get("health_http_code").asText());
        assertTrue(
                whyUnhealthy(round)
                        .contains("HTTP 401: it asks for valid credentials, in the file that CP_HEADERS_FILE names"),
                round.err());
    }

    @Test
    void a_ca_that_does_not_know_the_control_plane_is_named() throws Exception {
        RoundRig.Round round = attached(server(), false)
                .with("CP_TLS_CA", new Pki(files, "another-ca").ca.toString())
                .round();
        assertTrue(
                whyUnhealthy(round)
                        .contains("comes from a CA that is not trusted here, CN=ca: CP_TLS_CA "
                                + files.resolve("another-ca.pem")),
                round.err());
    }

    @Test
    void plain_http_to_a_tls_port_is_told_so() throws Exception {
        attached(server(), false);
        RoundRig.Round round =
                rig.with("CP_URL", "http://127.0.0.1:" + server.port()).round();
        assertTrue(whyUnhealthy(round).contains("https://"), round.err());
    }

    @Test
    void a_certificate_that_ends_within_a_week_is_a_warning_of_each_round() throws Exception {
        Instant end = Instant.now().plus(Duration.ofDays(5));
        attached(pki.issue("cp", "EC", Instant.now().minusSeconds(60), end, "127.0.0.1"), false)
                .with("SOAK_STARTED_AT", Instant.now().minusSeconds(86_400).toString());
        rig.setNow(Instant.now());
        RoundRig.Round round = rig.round();
        assertEquals(Exit.OK, round.exit(), round.err());
        assertTrue(
                round.summary()
                        .get("warnings")
                        .toString()
                        .contains("the control plane's certificate (CN=cp) expires at "),
                round.summary().get("warnings").toString());
        rig.setNow(Instant.now().minus(Duration.ofDays(3)));
        String earlier = rig.with(
                        "SOAK_STARTED_AT",
                        Instant.now().minus(Duration.ofDays(4)).toString())
                .round()
                .summary()
                .get("warnings")
                .toString();
        assertFalse(earlier.contains("certificate"), "eight days before there is time: " + earlier);
    }

    @Test
    void credentials_that_cannot_be_used_end_the_round_before_it_begins() throws Exception {
        attached(server(), false);
        Path headers = pki.write("headers", "# a slip\n" + TOKEN + "\n");
        RoundRig.Round round = rig.round();
        assertEquals(Exit.USAGE, round.exit(), round.err());
        assertTrue(
                round.err().contains("CP_HEADERS_FILE " + headers + " line 2 is not a header")
                        && !round.err().contains(TOKEN),
                round.err());
        assertEquals(0, rig.folders().size());
    }

    @Test
    void a_control_plane_of_ours_that_we_do_not_trust_any_more_is_not_ended_for_it() throws Exception {
        Pki.Identity identity = server();
        rig = RoundRig.embedded(folder);
        String url = settings.Config.read(rig.dir).cpUrl().replace("http:", "https:");
        String command = settings.Config.read(rig.dir).get("CP_COMMAND") + " --tls-cert-file "
                + ShellWords.quote(identity.cert().toString()) + " --tls-key-file "
                + ShellWords.quote(identity.keyFile().toString());
        rig.with("CP_URL", url, "CP_COMMAND", command, "CP_TLS_CA", pki.ca.toString());
        assertEquals(10, rig.round().summary().get("create_ok").asInt(), "the first round starts it");
        long pid = rig.controlPlane().identity().orElseThrow().pid();
        whyUnhealthy(rig.with("CP_TLS_CA", new Pki(files, "another-ca").ca.toString())
                .round());
        assertEquals(pid, rig.controlPlane().identity().orElseThrow().pid());
        assertTrue(SoakUnderTest.alive(pid));
    }
}
