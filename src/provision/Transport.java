package provision;

import base.Failure;
import base.ShellWords;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import probe.Credentials;
import settings.Config;

/** TLS and headers of a soak: what can be known of them before anything is written, and for how long they hold. */
public final class Transport {
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]", "::1");

    private Transport() {}

    /**
     * The files that config.env names can be read, parsed and used together.
     *
     * @return what there is
     * @throws Failure exit 64 that names key, file and remedy
     */
    public static String check(Config config) {
        Credentials.of(config);
        boolean encrypted =
                urls(config).stream().anyMatch(url -> url.getScheme().equals("https"));
        for (String key : List.of("CP_TLS_CA", "CP_TLS_CERT", "CP_TLS_KEY")) {
            if (!encrypted && config.file(key).isPresent()) {
                throw Failure.usage(key
                        + " is given, but neither CP_URL nor CP_METRICS_URL speaks TLS: write https://, as in --listen"
                        + " https://"
                        + URI.create(config.cpUrl()).getAuthority() + ", or remove the key");
            }
        }
        List<String> given = Stream.of("CP_TLS_CA", "CP_TLS_CERT", "CP_TLS_KEY", "CP_HEADERS_FILE")
                .filter(key -> config.file(key).isPresent())
                .toList();
        return (encrypted ? "TLS" : "plain HTTP") + (given.isEmpty() ? "" : ", with " + String.join(", ", given));
    }

    /** What curl needs to speak as a round does; no secret stands in it. */
    static String curlOptions(Config config) {
        return option(config, "CP_TLS_CA", " --cacert ")
                + option(config, "CP_TLS_CERT", " --cert ")
                + option(config, "CP_TLS_KEY", " --key ")
                + option(config, "CP_HEADERS_FILE", " -H @");
    }

    private static String option(Config config, String key, String option) {
        return config.file(key)
                .map(file -> option + ShellWords.quote(file.toString()))
                .orElse("");
    }

    /**
     * @param credentials that have spoken to the control plane
     * @return what holds now and will not hold, or should not: a sentence each
     */
    public static List<String> warnings(Config config, Credentials credentials, Instant now) {
        List<String> warnings = new ArrayList<>();
        for (URI url : urls(config)) {
            if (config.file("CP_HEADERS_FILE").isPresent()
                    && url.getScheme().equals("http")
                    && !THIS_MACHINE.contains(url.getHost())) {
                warnings.add("the headers of CP_HEADERS_FILE go to " + url.getAuthority()
                        + " without TLS: anyone on the network path can read them");
            }
        }
        Instant end = config.get("SOAK_STARTED_AT").isEmpty()
                ? now.plus(Duration.ofDays(config.days()))
                : config.schedule().end();
        warnings.addAll(credentials.ending(end));
        return warnings;
    }

    private static List<URI> urls(Config config) {
        return List.of(URI.create(config.cpUrl()), URI.create(config.metricsUrl()));
    }
}
