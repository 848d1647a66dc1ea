package workload;

import base.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import settings.Config;
import settings.ToldCommand;
import soak.Mutex;
import soak.RotatedLogs;
import soak.RoundFiles;

/**
 * alerts.log: {@code <ISO-8601> ALERT key=value … day=N}, appended once per date and key, and again where it has grown
 * worse (contract, section 4 "Alerts"), and ALERT_COMMAND, run once per line that is new. What has been raised is what
 * the log says: nothing else is kept.
 */
public final class AlertLog {
    /** An alert without its stamp; the key ends at its value, if it has one. */
    private static final Pattern ALERT =
            Pattern.compile("(?:ALERT|WARN) ([A-Za-z0-9_]+)(?:=(\\S+))?(?: \\S+)* day=(-?\\d+)");
    /** What is used up does not come back the next day: each value of it stands once in the whole soak. */
    public static final String UPTIME_BUDGET_LEFT = "uptime_budget_left";
    /** Ten plans lost in the morning are no reason to keep quiet of two hundred in the evening. */
    private static final Set<String> GROWING = Set.of("lost_plans", "duplicate_plans", "recoveries_refuted");

    private static final String DAILY = "daily_";
    private static final Pattern STAMP = Pattern.compile("^\\S+ ");

    private final Config config;
    private final PrintWriter err;
    private final Duration commandLimit;

    /** @param err where a failing ALERT_COMMAND is told of */
    public AlertLog(Config config, PrintWriter err) {
        this(config, err, ToldCommand.LIMIT);
    }

    /** @param commandLimit how long ALERT_COMMAND may run before it is killed */
    public AlertLog(Config config, PrintWriter err, Duration commandLimit) {
        this.config = config;
        this.err = err;
        this.commandLimit = commandLimit;
    }

    /**
     * Appends the alert, unless the log has one of the same key and the same {@code day=}; of
     * {@link #UPTIME_BUDGET_LEFT}, the same value; of what can grow, at least its value; and of a date that is over,
     * its value: one that was raised while the date ran was premature.
     *
     * @param at the stamp, written in whole seconds
     * @param alert such as {@code ALERT lost_plans=2 threshold=0 day=3}
     * @return whether the line is new
     */
    public boolean raise(Instant at, String alert) throws IOException {
        Matcher wanted = ALERT.matcher(alert);
        if (!wanted.matches()) {
            throw new IllegalArgumentException("not an alert of the plan's format: " + alert);
        }
        String line = line(at, alert);
        // A round and a report may look and append at the same time; the log itself is opened by too many to carry a
        // lock.
        boolean isNew = Mutex.holding(config.dir(), "alerts.lock", () -> {
            if (isRaised(wanted, at)) {
                return false;
            }
            Durable.appendLine(config.dir().alertsLog(), line);
            return true;
        });
        if (isNew && !config.alertCommand().isBlank()) {
            tell(line);
        }
        return isNew;
    }

    /** The line as the log holds it. */
    public static String line(Instant at, String alert) {
        return at.truncatedTo(ChronoUnit.SECONDS) + " " + alert;
    }

    /** What a line of the log says, whenever it was written. */
    public static String withoutStamp(String line) {
        return STAMP.matcher(line).replaceFirst("");
    }

    private boolean isRaised(Matcher wanted, Instant at) throws IOException {
        return logged().stream()
                .map(line -> ALERT.matcher(withoutStamp(line)))
                .anyMatch(m -> m.matches() && identity(m).equals(identity(wanted)) && saysAsMuch(m, wanted, at));
    }

    /** The lines of the log and of what was rotated out of it: whoever rotates it has read them once. */
    private List<String> logged() throws IOException {
        Path log = config.dir().alertsLog();
        // ISO-8859-1 reads any byte: a damaged line must not keep the next alert from being written.
        List<String> lines =
                new ArrayList<>(Files.exists(log) ? Files.readAllLines(log, StandardCharsets.ISO_8859_1) : List.of());
        for (Path rotated : RotatedLogs.of(log)) {
            try (InputStream in = RotatedLogs.opened(rotated)) {
                new String(RoundFiles.bounded(in), StandardCharsets.ISO_8859_1)
                        .lines()
                        .forEach(lines::add);
            } catch (IOException unreadable) {
                // a packed one may be half written
            }
        }
        return lines;
    }

    private static boolean saysAsMuch(Matcher logged, Matcher wanted, Instant at) {
        String key = wanted.group(1);
        if (GROWING.contains(key)) {
            return number(logged.group(2)).compareTo(number(wanted.group(2))) >= 0;
        }
        // a daily report's stamp is its date's end, or the present
        boolean dateIsOver = at.equals(at.truncatedTo(ChronoUnit.DAYS));
        return !(key.startsWith(DAILY) && dateIsOver) || Objects.equals(logged.group(2), wanted.group(2));
    }

    /** @return -1 for what is none: a damaged line says less than any other */
    private static BigInteger number(String value) {
        return value != null && value.matches("\\d{1,18}") ? new BigInteger(value) : BigInteger.ONE.negate();
    }

    private static String identity(Matcher alert) {
        return alert.group(1)
                + (alert.group(1).equals(UPTIME_BUDGET_LEFT) ? "=" + alert.group(2) : " day=" + alert.group(3));
    }

    /** Runs ALERT_COMMAND. That an alert could not be sent is said, and must not keep evidence from being written. */
    private void tell(String line) {
        ToldCommand.run(config, config.alertCommand(), line, commandLimit)
                .ifPresent(problem -> err.println("warning: ALERT_COMMAND " + problem.what() + " for the line \"" + line
                        + "\" (the line is in " + config.dir().alertsLog().getFileName() + ")" + problem.said()));
    }
}
