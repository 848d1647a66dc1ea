package witness;

import base.Budget;
import base.Post;
import base.Printable;
import base.Why;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.HttpURLConnection;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import seal.Head;
import settings.SettingCheck;

/** Asks a time-stamping authority by HTTP (RFC 3161, sections 2.4 and 3.4). */
final class TimeStampingAuthority {
    private static final Duration BUDGET = Duration.ofSeconds(10);
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final int NONCE_BITS = 64;
    private static final int MOST_OF_A_REASON = 500;

    private TimeStampingAuthority() {}

    /** Why there is no stamp, as the end of a sentence. */
    static final class NotStamped extends Exception {
        private static final long serialVersionUID = 1L;

        NotStamped(String why) {
            super(Printable.line(why, MOST_OF_A_REASON)); // its words would begin lines of cron.log
        }
    }

    /**
     * A stamp of the round's summary: its imprint is the head.
     *
     * @return the whole answer (TimeStampResp in DER), which {@code openssl ts -verify -in} reads
     * @throws NotStamped if no granted answer to this very request came in time
     */
    static byte[] stamp(String url, Head head) throws NotStamped {
        if (!SettingCheck.isUrl(url)) {
            throw new NotStamped("it is not an http:// or https:// URL");
        }
        TimeStampRequestGenerator asking = new TimeStampRequestGenerator();
        asking.setCertReq(true); // so that the file can be checked with the authority's root alone
        TimeStampRequest request = asking.generate(
                TSPAlgorithms.SHA256,
                HexFormat.of().parseHex(head.sha256()),
                new BigInteger(NONCE_BITS, new SecureRandom()));
        Answer answer = Budget.within(BUDGET, "time stamp", () -> ask(URI.create(url), request))
                .orElse(new Answer(null, "no answer within " + BUDGET.toSeconds() + " s"));
        if (answer.problem() != null) {
            throw new NotStamped(answer.problem());
        }
        try {
            TimeStampResponse response = new TimeStampResponse(answer.bytes());
            response.validate(request);
            if (response.getTimeStampToken() == null) {
                throw new NotStamped("it refused the request"
                        + (response.getStatusString() == null ? "" : ": " + response.getStatusString()));
            }
        } catch (IOException | TSPException | RuntimeException e) {
            throw new NotStamped("its answer is no time stamp for this request (" + Why.of(e, null) + ")");
        }
        String unfit = TimeStamps.of("its answer", answer.bytes(), List.of()).problem();
        if (unfit != null) {
            throw new NotStamped("its answer " + unfit);
        }
        return answer.bytes();
    }

    private record Answer(byte[] bytes, String problem) {}

    private static Answer ask(URI url, TimeStampRequest request) {
        try {
            HttpURLConnection connection = Post.sent(url, "application/timestamp-query", request.getEncoded(), BUDGET);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return new Answer(null, "it answered HTTP " + connection.getResponseCode());
            }
            try (InputStream in = connection.getInputStream()) {
                return new Answer(in.readNBytes(MAX_ANSWER_BYTES), null);
            }
        } catch (IOException | RuntimeException e) {
            return new Answer(null, "no answer (" + Post.noAnswer(e, url) + ")");
        }
    }
}
