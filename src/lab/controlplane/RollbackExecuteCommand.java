package lab.controlplane;

import base.Exit;
import base.Failure;
import base.HeadersFile;
import base.Why;
import build.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code rollback execute}: recovers one plan through the orchestrator, and leaves an audit record of it.
 *
 * <p>A round starts it once a stuck plan, so it loads neither a JSON library nor a database.
 */
@Command(
        name = "execute",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Recovers one rollout plan by a retry or a rollback, and records it in the audit trail.",
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  AUTONOMY_OPERATOR          who does this; required",
            "  AUTONOMY_AUDIT_DIR         folder of the audit trail; else stderr alone",
            "  AUTONOMY_RBAC_ENFORCEMENT  0 = anyone may; else who is listed in",
            "                             AUTONOMY_RBAC_DIR/operators, one a line",
            "  AUTONOMY_RBAC_DIR          folder of the role store",
            "  AUTONOMY_TLS_CA            PEM file: the CAs to trust in place of Java's own",
            "  AUTONOMY_TLS_CERT, _KEY    PEM files: the client certificate, and its key",
            "  AUTONOMY_HEADERS_FILE      lines Name: value that go along; mode 600"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the plan was recovered", "64:usage", "70:it was not: unknown, refused, denied, or no answer"
        })
public final class RollbackExecuteCommand implements Callable<Integer> {
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int READ_TIMEOUT_MS = 30_000;
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final Pattern OPERATOR = Pattern.compile("[\\x21-\\x7e]{1,200}");
    private static final Pattern ERROR_BODY =
            Pattern.compile("\\{\\s*\"error\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\s*\\}\\s*");

    enum Target {
        ROLLOUT_PLAN
    }

    enum Strategy {
        RETRY,
        ROLLBACK
    }

    enum Output {
        TEXT,
        JSON
    }

    @Option(
            names = "--target",
            required = true,
            paramLabel = "rollout_plan",
            description = "What is recovered: rollout_plan.")
    Target target;

    @Option(names = "--resource", required = true, paramLabel = "PLAN_ID", description = "The plan.")
    String planId;

    @Option(
            names = "--strategy",
            required = true,
            paramLabel = "retry|rollback",
            description = "retry: try the current stage again; rollback: end the plan.")
    Strategy strategy;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why; kept in the audit record.")
    String reason;

    @Option(
            names = "--orchestrator-url",
            required = true,
            paramLabel = "URL",
            description = "The control plane, as http://127.0.0.1:19000.")
    String url;

    @Option(
            names = "--output",
            defaultValue = "text",
            paramLabel = "json|text",
            description = "Shape of what is printed (default: ${DEFAULT-VALUE}).")
    Output output;

    @Spec
    CommandSpec spec;

    /**
     * What came of the request. {@code httpCode} is 000 where there was no answer; {@code problem} is null where it
     * succeeded.
     */
    private record Result(String httpCode, String problem) {}

    @Override
    public Integer call() throws IOException {
        Surroundings surroundings = Surroundings.of(spec);
        Map<String, String> environment = surroundings.environment();
        String operator = environment.getOrDefault("AUTONOMY_OPERATOR", "");
        if (!OPERATOR.matcher(operator).matches()) {
            throw Failure.usage(
                    operator.isEmpty()
                            ? "AUTONOMY_OPERATOR is not set: set it to the name of who does this"
                            : "AUTONOMY_OPERATOR must be printable ASCII without spaces");
        }
        URL recover = recoverUrl();
        if (!Rbac.allows(environment, operator)) {
            record(
                    surroundings,
                    operator,
                    "auth.access.denied",
                    "auth",
                    "check",
                    "denied",
                    Map.of("permission", "fleet:read", "command", "rollback execute"));
            throw Failure.failed("access denied: " + operator + " holds no role: " + Rbac.remedy(environment));
        }
        Result result = post(recover, operator, environment);
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("strategy", word(strategy));
        details.put("reason", reason);
        details.put("http_code", result.httpCode);
        details.put("error", result.problem);
        record(
                surroundings,
                operator,
                "rollback.executed",
                "rollback",
                "execute",
                result.problem == null ? "success" : "failure",
                details);
        if (result.problem != null) {
            throw Failure.failed("plan " + planId + " was not recovered: " + result.problem);
        }
        spec.commandLine()
                .getOut()
                .println(
                        output == Output.JSON
                                ? Audit.json(Map.of(
                                        "resource_type",
                                        word(target),
                                        "resource",
                                        planId,
                                        "strategy",
                                        word(strategy),
                                        "outcome",
                                        "success",
                                        "http_code",
                                        result.httpCode))
                                : "recovered plan " + planId + " by " + word(strategy));
        return Exit.OK;
    }

    private URL recoverUrl() {
        try {
            URI base = URI.create(url);
            if (base.getHost() == null || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
                throw new IllegalArgumentException("no http URL");
            }
            String path = "/v1/rollouts/"
                    + URLEncoder.encode(planId, StandardCharsets.UTF_8).replace("+", "%20") + "/recover";
            return URI.create(url.replaceAll("/+$", "") + path).toURL();
        } catch (IllegalArgumentException | MalformedURLException e) {
            throw Failure.usage("--orchestrator-url must be like http://127.0.0.1:19000, not " + url);
        }
    }

    private Result post(URL recover, String operator, Map<String, String> environment) {
        List<HeadersFile.Header> headers = file(environment, "AUTONOMY_HEADERS_FILE")
                .map(file -> HeadersFile.read("AUTONOMY_HEADERS_FILE", file))
                .orElse(List.of());
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) recover.openConnection(Proxy.NO_PROXY);
            if (connection instanceof HttpsURLConnection encrypted) {
                encrypted.setSSLSocketFactory(Guard.context(
                                "AUTONOMY_TLS_CA",
                                file(environment, "AUTONOMY_TLS_CA").orElse(null),
                                "AUTONOMY_TLS_CERT",
                                file(environment, "AUTONOMY_TLS_CERT").orElse(null),
                                "AUTONOMY_TLS_KEY",
                                file(environment, "AUTONOMY_TLS_KEY").orElse(null))
                        .getSocketFactory());
            }
            connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
            connection.setReadTimeout(READ_TIMEOUT_MS);
            connection.setInstanceFollowRedirects(false);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("X-Autonomy-Operator", operator);
            for (HeadersFile.Header header : headers) {
                connection.setRequestProperty(header.name(), header.value());
            }
            byte[] body = Audit.json(Map.of("strategy", word(strategy))).getBytes(StandardCharsets.UTF_8);
            // otherwise the JDK sends a POST again, silently, where no answer came
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int code = connection.getResponseCode();
            if (code == HttpURLConnection.HTTP_OK) {
                // half an answer is none: this throws
                connection.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
            return new Result(
                    Integer.toString(code),
                    code == HttpURLConnection.HTTP_OK
                            ? null
                            : "the control plane answered " + code + sentence(connection.getErrorStream()));
        } catch (IOException e) {
            return new Result(
                    "000", "no answer from " + url + " (" + e.getMessage() + "): is the control plane running?");
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    private static Optional<Path> file(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(file -> !file.isEmpty())
                .map(Path::of);
    }

    private static String sentence(InputStream body) throws IOException {
        String text = body == null ? "" : new String(body.readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
        Matcher error = ERROR_BODY.matcher(text);
        String shown = error.matches() ? error.group(1) : text.strip();
        return shown.isEmpty() ? "" : ": " + shown;
    }

    private void record(
            Surroundings surroundings,
            String operator,
            String event,
            String category,
            String action,
            String outcome,
            Map<String, ?> details)
            throws IOException {
        Audit.Event record = new Audit.Event(
                event,
                category,
                action,
                outcome,
                "cli",
                surroundings.time().now(),
                operator,
                word(target),
                planId,
                details);
        spec.commandLine().getErr().println(record.toJson());
        String dir = surroundings.environment().getOrDefault("AUTONOMY_AUDIT_DIR", "");
        if (dir.isEmpty()) {
            return;
        }
        try {
            new Audit(Path.of(dir)).append(record);
        } catch (IOException e) {
            throw Failure.failed(
                    "the audit record could not be written to AUTONOMY_AUDIT_DIR (" + Why.of(e, null) + "); plan "
                            + planId + ": " + event + ", " + outcome,
                    e);
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
