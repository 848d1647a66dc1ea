import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

/** What a code says that is no error and not the one that was wanted. */
class OtherCodeTest extends AnsweringRig {
    @Test
    void a_redirect_is_told_with_where_it_leads_and_without_what_it_repeats_of_a_secret() throws Exception {
        Path headers = Files.writeString(folder.resolve("headers"), "Authorization: Bearer " + TOKEN + "\n");
        Files.setPosixFilePermissions(headers, PosixFilePermissions.fromString("rw-------"));
        rig.with("CP_HEADERS_FILE", headers.toString());
        rig.cp.answer("list", bytes("307 X\r\nLocation: https://cp.example/v1/rollouts?token=" + TOKEN, new byte[0]));
        String told = failure(rig.round(), "v05_plan_count");
        assertTrue(
                told.startsWith("page 1: HTTP 307: a redirect to https://cp.example/v1/rollouts?token=")
                        && told.endsWith(", which is not followed: config.env must name the address that it leads to"),
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
