import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a code says that is no error and not the one that was wanted. */
class OtherCodeTest {
    private static final String TOKEN = "tok-4f7Jd/93kq+xx==";

    @TempDir
    Path folder;

    RoundRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = RoundRig.attached(folder).with("PLANS_PER_ROUND", "2");
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    private static RawHttpServer.Answer bytes(String head, byte[] body) {
        return RawHttpServer.Answer.bytes(
                ("HTTP/1.1 " + head + "\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8), body);
    }

    private String failure(RoundRig.Round round, String step) {
        return round.summary().get("failures").path(step).asText();
    }

    @Test
    void a_redirect_is_told_with_where_it_leads_and_without_what_it_repeats_of_a_secret() throws Exception {
        Path headers = Files.writeString(folder.resolve("headers"), "Authorization: Bearer " + TOKEN + "\n");
        Files.setPosixFilePermissions(headers, PosixFilePermissions.fromString("rw-------"));
        rig.with("CP_HEADERS_FILE", headers.toString());
        rig.cp.answer("list", bytes("307 X\r\nLocation: https://cp.example/v1/rollouts?token=" + TOKEN, new byte[0]));
        String told = failure(rig.round(), "v05_plan_count");
        assertTrue(
                told.startsWith("page 1: HTTP 307: a redirect to https://cp.example/v1/rollouts?token=")
                        && told.endsWith(
                                ", which is not followed: config.env must name the address that answers itself"),
                told);
        assertFalse(told.contains(TOKEN), told);
    }

    @Test
    void a_create_that_is_only_accepted_is_no_promise_and_the_reason_is_told() throws Exception {
        rig.cp.answer("create", RawHttpServer.Answer.json(202, "{\"status\":\"queued\"}"));
        RoundRig.Round round = rig.round();
        assertEquals(0, round.summary().get("create_ok").asInt());
        assertTrue(
                failure(round, "v02_creates")
                        .endsWith("only 201 acknowledges a create: HTTP 202: {\"status\":\"queued\"}"),
                failure(round, "v02_creates"));
    }
}
