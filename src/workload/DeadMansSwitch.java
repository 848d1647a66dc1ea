package workload;

import base.Budget;
import base.Post;
import base.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import settings.SettingCheck;

/**
 * PING_URL: tells a monitoring service that a round began and how it ended, by the paths that healthchecks.io has made
 * common: URL/start, URL for exit code 0, URL/CODE for any other. A round that dies says nothing, and that is what the
 * service raises its alarm by.
 *
 * <p>Whatever a ping comes to, the round is the same: each has a daemon thread of its own that is waited for within a
 * budget, so that neither a name server nor a dripping answer holds a round up. The URL is a capability, so only its
 * host is ever told.
 */
public final class DeadMansSwitch {
    /** For both pings of a round together. */
    public static final Duration BUDGET = Duration.ofSeconds(5);
    /** The first one's part of it: a round must not begin late for long. */
    public static final Duration START_BUDGET = Duration.ofSeconds(2);

    private static final int MAX_REDIRECTS = 5;
    private static final int ANSWER_BYTES = 100;
    /**
     * What healthchecks.io answers, with code 200, where a ping did not count: "OK (not found)", "OK (rate limited)".
     */
    private static final String NOT_COUNTED = "OK (";

    private final String url;
    /** By this the service ties the end of a run to its start. */
    private final UUID run = UUID.randomUUID();

    private long leftNanos = BUDGET.toNanos();

    /**
     * One run's switch.
     *
     * @param url PING_URL; empty = no pings
     */
    public DeadMansSwitch(String url) {
        this.url = url;
    }

    /**
     * @param result gives one line, as of {@link #ended}; asked only where there is a service to tell
     * @return what went wrong, for a warning
     */
    public Optional<String> started(Supplier<String> result) {
        return url.isEmpty() ? Optional.empty() : ping("/start", result.get(), START_BUDGET.toNanos());
    }

    /** @param result one line, kept by the service beside the signal */
    public Optional<String> ended(int exitCode, String result) {
        return ping(exitCode == 0 ? "" : "/" + exitCode, Printable.line(result), leftNanos);
    }

    private Optional<String> ping(String signal, String body, long budgetNanos) {
        if (url.isEmpty()) {
            return Optional.empty();
        }
        if (!SettingCheck.isUrl(url)) {
            return Optional.of("PING_URL is not an http:// or https:// URL: no ping was sent for this round");
        }
        URI base = URI.create(url);
        Duration budget = Duration.ofNanos(budgetNanos);
        long began = System.nanoTime();
        String problem = Budget.within(budget, "ping", () -> send(target(base, signal), body, budgetNanos))
                .orElse("no answer within " + budget.toMillis() + " ms");
        leftNanos -= System.nanoTime() - began;
        return problem.isEmpty()
                ? Optional.empty()
                : Optional.of("the ping" + (signal.isEmpty() ? "" : " " + signal) + " to " + base.getHost()
                        + " (PING_URL) was not accepted: " + problem);
    }

    private URI target(URI base, String signal) {
        String path = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
        String query = base.getRawQuery() == null ? "" : base.getRawQuery() + "&";
        return URI.create(
                base.getScheme() + "://" + base.getRawAuthority() + path + signal + "?" + query + "rid=" + run);
    }

    /** @return empty if the ping was taken, else why not */
    private static String send(URI target, String body, long budgetNanos) {
        try {
            URI at = target;
            for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
                HttpURLConnection connection = Post.sent(
                        at,
                        "text/plain; charset=utf-8",
                        body.getBytes(StandardCharsets.UTF_8),
                        Duration.ofNanos(budgetNanos));
                int code = connection.getResponseCode();
                String location = connection.getHeaderField("Location");
                if (code / 100 == 3 && location != null) {
                    URI next = at.resolve(location);
                    if (at.getScheme().equals("https") && !"https".equals(next.getScheme())) {
                        return "HTTP " + code
                                + " to an address without TLS: the redirect was not followed, to protect the URL";
                    }
                    at = next;
                } else if (code / 100 != 2) {
                    return "HTTP " + code;
                } else {
                    String answer = text(connection);
                    return answer.startsWith(NOT_COUNTED) ? "the service says " + answer : "";
                }
                connection.disconnect();
            }
            return "more than " + MAX_REDIRECTS + " redirects";
        } catch (IOException | RuntimeException e) {
            return "no answer (" + Post.noAnswer(e, target) + ")";
        }
    }

    private static String text(HttpURLConnection connection) throws IOException {
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readNBytes(ANSWER_BYTES), StandardCharsets.UTF_8).strip();
        }
    }
}
