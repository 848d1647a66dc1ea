import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;

/** A soak of two plans a round on a control plane whose answers the test writes, byte by byte if need be. */
abstract class AnsweringRig extends AttachedSoak {
    static final String TOKEN = "tok-4f7Jd/93kq+xx==";

    @BeforeEach
    final void makeFew() throws IOException {
        rig.with("PLANS_PER_ROUND", "2");
    }

    /** @param head the status, and further headers, without the length */
    static RawHttpServer.Answer bytes(String head, byte[] body) {
        return RawHttpServer.Answer.bytes(
                ("HTTP/1.1 " + head + "\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8), body);
    }

    /** Why a step failed, as the round's summary has it. */
    static String failure(RoundRig.Round round, String step) {
        return round.summary().get("failures").path(step).asText();
    }
}
