package cron;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import soak.SoakDir;

/**
 * What would start the rounds of a soak on the machine that this runs on: a cron daemon or systemd, a line of a crontab
 * or a timer, and what cron has left behind. It reads, and changes nothing. What cannot be seen is unknown, never
 * absent.
 *
 * @param daemon whether something runs that starts commands by the clock
 * @param line whether it is told to start the rounds of this soak
 * @param often whether lines of crontabs start as many rounds a day as the soak has slots, as far as their fields tell
 * @param redirection whether that line's shell can open SOAK_DIR/cron.log: where it cannot, it starts no command
 * @param logWrittenAt when SOAK_DIR/cron.log was last written, in whole seconds; null where it is not there
 */
public record CronWatch(Finding daemon, Finding line, Finding often, Finding redirection, Instant logWrittenAt) {
    /** Whether something is so. */
    public enum Answer {
        YES,
        NO,
        UNKNOWN
    }

    /**
     * @param words a clause that says what is so: {@code cron runs (pid 812)}
     * @param remedy what to do where the answer is NO, or to look at where it is UNKNOWN or where more than one starts
     *     the rounds; else ""
     */
    public record Finding(Answer answer, String words, String remedy) {
        static final Finding FINE = yes("");

        static Finding yes(String words) {
            return new Finding(Answer.YES, words, "");
        }

        static Finding no(String words, String remedy) {
            return new Finding(Answer.NO, words, remedy);
        }

        static Finding unknown(String words, String remedy) {
            return new Finding(Answer.UNKNOWN, words, remedy);
        }

        boolean isNo() {
            return answer == Answer.NO;
        }
    }

    /**
     * Looks.
     *
     * @param environment the process's: PATH leads to the crontab command, HOME to a user's timers
     * @param machine / , or a folder of a test's that has proc, etc and so on in it
     */
    public static CronWatch of(SoakDir dir, Map<String, String> environment, Path machine) {
        return new CronLook(dir, environment, machine).all();
    }

    /** What is known to be missing, a sentence each with its remedy; empty if nothing is, so far as can be seen. */
    public List<String> missing() {
        return missing(true);
    }

    /** @param withLine whether a line that is missing is to be told of */
    public List<String> missing(boolean withLine) {
        List<String> sentences = new ArrayList<>();
        for (Finding finding : withLine ? List.of(daemon, line, often, redirection) : List.of(daemon, redirection)) {
            if (finding.isNo()) {
                sentences.add("on this machine " + finding.words() + ": " + finding.remedy());
            }
        }
        return sentences;
    }

    /**
     * That more than one starts the rounds: of two at the same time one is refused at each slot, as if a round hung.
     */
    public Optional<String> several() {
        return line.answer() == Answer.YES && !line.remedy().isEmpty()
                ? Optional.of("more than one starts the rounds of this soak: " + line.words() + ": " + line.remedy())
                : Optional.empty();
    }

    /** What could not be seen, a sentence each. */
    public List<String> unknown() {
        return Stream.of(daemon, line)
                .filter(finding -> finding.answer() == Answer.UNKNOWN)
                .map(finding -> finding.words() + (finding.remedy().isEmpty() ? "" : ": " + finding.remedy()))
                .toList();
    }

    /** What is missing with its remedy, or else what there is. */
    public String told() {
        return missing().isEmpty() ? sentence() : String.join("; ", missing());
    }

    /** All of it in one line. */
    public String sentence() {
        return daemon.words() + "; " + several().orElse(line.words()) + "; " + logWords();
    }

    /** In half a line of a terminal, worst first. */
    public String brief() {
        String missing = daemon.isNo() && line.isNo()
                ? "no cron daemon here, and no crontab line for this soak"
                : daemon.isNo()
                        ? "no cron daemon runs on this machine"
                        : line.isNo()
                                ? "no crontab line for this soak on this machine"
                                : often.isNo()
                                        ? "its crontab line leaves slots without a round"
                                        : redirection.isNo() ? "cron.log cannot be written: nothing starts" : "";
        return !missing.isEmpty() ? missing : logWords() + (unknown().isEmpty() ? "" : "; the rest cannot be checked");
    }

    private String logWords() {
        return logWrittenAt == null
                ? "there is no cron.log: cron has not run anything yet"
                : "cron.log was last written at " + logWrittenAt;
    }

    /** For a program that reads; {@code missing} is empty where nothing is known to be. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cron_daemon", daemon.answer().name().toLowerCase(Locale.ROOT));
        json.put("cron_line", line.answer().name().toLowerCase(Locale.ROOT));
        json.put("cron_log_written_at", logWrittenAt == null ? null : logWrittenAt.toString());
        json.put("missing", missing());
        json.put("unknown", unknown());
        return json;
    }
}
