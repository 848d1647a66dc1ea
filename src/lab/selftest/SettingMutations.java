package lab.selftest;

import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.CALENDAR;
import static lab.selftest.Mutations.SUMMARY;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The files at the top of the soak folder: settings, provisioning, logs, and the daily summaries. */
final class SettingMutations {
    private static final String CONFIG = "config.env";
    private static final String SETUP = "setup-summary.txt";
    private static final String ALERTS = "alerts.log";
    private static final String RESUMES = "setup-resumes.log";
    private static final String DAILY = "daily/2026-10-09-summary.json";

    private SettingMutations() {}

    static List<Mutation> all() {
        return List.of(
                edited("TARGET_PLAN_COUNT", "100", "10", "VAL12-03", "C1"),
                edited("TARGET_P99_MS", "500", "5000", "VAL12-04", "VAL12-07", "C3"),
                edited("TARGET_ROLLBACK_RATE", "0.990", "0.5", "VAL12-06", "VAL12-10", "C2"),
                edited("STUCK_THRESHOLD_SECONDS", "3600", "1", "VAL12-06", "VAL12-10", "C2"),
                edited("TARGET_UPTIME_PCT", "99.9", "9.9", "VAL12-08", "C4"),
                edited("TARGET_TOTAL_CREATES", "1200", "1000", "VAL12-09"),
                edited("PLANS_PER_ROUND", "12", "1", "VAL12-02", "VAL12-09"),
                edited(
                        "SOAK_DAYS",
                        "10",
                        "8",
                        "VAL12-03",
                        "VAL12-05",
                        "VAL12-08",
                        "VAL12-09",
                        "VAL12-10",
                        "C1",
                        "C2",
                        "C3",
                        "C4"),
                edited("ROUND_INTERVAL_SECONDS", "7200", "14400", CALENDAR),
                edited("SOAK_STARTED_AT", "2026-10-01T00:00:00Z", "2026-10-01T12:00:00Z", CALENDAR),
                Mutation.of(
                                "config.env: a threshold halved, the evidence still within it",
                                s -> s.replace(CONFIG, "TARGET_P99_MS=500", "TARGET_P99_MS=250"))
                        .fails("VAL12-04", "VAL12-07", "C3")
                        .names("restore TARGET_P99_MS=500"),
                Mutation.of(
                                "config.env: a threshold line is gone",
                                s -> s.replace(CONFIG, "TARGET_PLAN_COUNT=100\n", ""))
                        .changesNothing(),
                Mutation.of("config.env emptied", s -> s.write(CONFIG, ""))
                        .fails(CALENDAR)
                        .names("config.env says"),
                Mutation.of("config.env gone", s -> s.delete(CONFIG)).isRefused(CONFIG),
                Mutation.of(
                                "config.env cut in the middle of a line",
                                s -> s.edit(
                                        CONFIG,
                                        text -> text.substring(0, text.indexOf("ROUND_INTERVAL_SECONDS=") + 10)))
                        .isRefused(CONFIG),
                Mutation.of("config.env behind a byte order mark", s -> s.edit(CONFIG, text -> "\uFEFF" + text))
                        .isRefused(CONFIG),
                Mutation.of(
                                "config.env: a target in words",
                                s -> s.replace(CONFIG, "TARGET_P99_MS=500", "TARGET_P99_MS=fast"))
                        .isRefused(CONFIG, "TARGET_P99_MS"),
                Mutation.of("config.env: SOAK_DAYS=0", s -> s.replace(CONFIG, "SOAK_DAYS=10", "SOAK_DAYS=0"))
                        .isRefused(CONFIG, "SOAK_DAYS"),
                Mutation.of(
                                "config.env: quotes and a comment",
                                s -> s.edit(
                                        CONFIG,
                                        text -> "# targets\n"
                                                + text.replace("TARGET_P99_MS=500", "TARGET_P99_MS='500'")))
                        .changesNothing(),
                Mutation.of("CRLF line ends in config.env", s -> s.replace(CONFIG, "\n", "\r\n"))
                        .changesNothing(),
                Mutation.of("three rounds ran under an edited target", s -> {
                            for (int slot = 102; slot < 105; slot++) {
                                s.summary(at(slot), f -> ((ObjectNode) f.get("targets")).put("TARGET_P99_MS", "5000"));
                            }
                        })
                        .names(at(102) + SUMMARY + ": ran under TARGET_P99_MS=5000"),
                Mutation.of("a target is edited in config.env and in the first round", s -> {
                            s.replace(CONFIG, "TARGET_P99_MS=500", "TARGET_P99_MS=5000");
                            s.summary(at(0), f -> ((ObjectNode) f.get("targets")).put("TARGET_P99_MS", "5000"));
                        })
                        .fails("VAL12-04", "VAL12-07", "C3")
                        .names("restore TARGET_P99_MS=500"),
                Mutation.of("a day is cut off in config.env and in the first round", s -> {
                            s.replace(CONFIG, "SOAK_DAYS=10", "SOAK_DAYS=9");
                            s.summary(at(0), f -> ((ObjectNode) f.get("targets")).put("SOAK_DAYS", "9"));
                        })
                        .fails("VAL12-03", "VAL12-05", "VAL12-08", "VAL12-09", "VAL12-10", "C1", "C2", "C3", "C4")
                        .names("restore SOAK_DAYS=10"),
                Mutation.of("setup-summary.txt gone", s -> s.delete(SETUP))
                        .fails("VAL12-01")
                        .names(SETUP),
                Mutation.of("setup-summary.txt emptied", s -> s.write(SETUP, ""))
                        .fails("VAL12-01")
                        .names(SETUP),
                Mutation.of("setup-summary.txt: result FAIL", s -> s.replace(SETUP, "result: PASS", "result: FAIL"))
                        .fails("VAL12-01")
                        .names(SETUP),
                Mutation.of(
                                "setup-summary.txt: health_http_code 503",
                                s -> s.replace(SETUP, "health_http_code: 200", "health_http_code: 503"))
                        .fails("VAL12-01")
                        .names(SETUP),
                Mutation.of(
                                "setup-summary.txt: a start of 10001 ms",
                                s -> s.replace(SETUP, "cp_start_ms: 412", "cp_start_ms: 10001"))
                        .fails("VAL12-01")
                        .names(SETUP),
                Mutation.of(
                                "setup-summary.txt: cp_start_ms in words",
                                s -> s.replace(SETUP, "cp_start_ms: 412", "cp_start_ms: fast"))
                        .fails("VAL12-01")
                        .names(SETUP),
                Mutation.of("a slow start, and CP_MODE=attached in config.env", s -> {
                            s.replace(SETUP, "cp_start_ms: 412", "cp_start_ms: 20000");
                            s.replace(CONFIG, "CP_MODE=external", "CP_MODE=attached");
                        })
                        .fails("VAL12-01")
                        .names(SETUP),
                Mutation.of("alerts.log gone", s -> s.delete(ALERTS))
                        .figure("alerts", 0)
                        .names(ALERTS),
                Mutation.of("alerts.log emptied", s -> s.write(ALERTS, ""))
                        .figure("alerts", 0)
                        .names(ALERTS),
                Mutation.of("alerts.log cut in the middle of a line", s -> s.truncate(ALERTS, 30))
                        .names(ALERTS),
                Mutation.of(
                                "alerts.log: an alert's value altered",
                                s -> s.replace(ALERTS, "daily_create_errors=1", "daily_create_errors=0"))
                        .names(ALERTS),
                Mutation.of("alerts.log: a line of garbage", s -> s.edit(ALERTS, text -> text + "all is well\n"))
                        .names(ALERTS),
                alerted("lost_plans=3 threshold=0"),
                alerted("recoveries_refuted=1 threshold=0"),
                alerted("cp_health_failed consecutive_failures=3"),
                Mutation.of("a daily summary is gone between two others", s -> s.delete(DAILY))
                        .names(DAILY + ": is missing"),
                Mutation.of(
                                "a daily summary without its counts",
                                s -> s.edit(
                                        DAILY, text -> text.replaceAll("\"(healthy_rounds|create_ok)\" : \\d+,", "")))
                        .names(DAILY + ": lacks create_ok, healthy_rounds"),
                Mutation.of(
                                "setup-resumes.log: a line of garbage",
                                s -> s.edit(RESUMES, text -> text + "resumed, I think\n"))
                        .names(RESUMES),
                Mutation.of(
                                "a daily summary edited",
                                s -> s.edit(
                                        DAILY,
                                        text -> text.replaceFirst(
                                                "\"healthy_rounds\" : 12", "\"healthy_rounds\" : 11")))
                        .names(DAILY),
                Mutation.of("a daily summary cut", s -> s.truncate(DAILY, 100)).names(DAILY),
                Mutation.of("a daily summary that hides its alert", s -> {
                            s.edit(
                                    "daily/2026-10-08-summary.json",
                                    text -> text.replaceFirst(
                                                    "\"daily_create_errors\" : 1", "\"daily_create_errors\" : 0")
                                            .replaceFirst("\\[ \"[^\"]*\" \\]", "[ ]"));
                            s.write(ALERTS, "");
                        })
                        .names("daily/2026-10-08-summary.json"));
    }

    /** What a round raised, and no round tells any more. */
    private static Mutation alerted(String alert) {
        return Mutation.of(
                        "alerts.log: " + alert + ", and no round says so",
                        s -> s.edit(ALERTS, text -> text + "2026-10-09T12:00:02Z ALERT " + alert + " day=9\n"))
                .figure("alerts", 2)
                .names("line 2 reports " + alert.replaceFirst("[= ].*", ""));
    }

    private static Mutation edited(String key, String from, String to, String... failing) {
        return Mutation.of(
                        "config.env: " + key + " " + from + " becomes " + to,
                        s -> s.replace(CONFIG, key + "=" + from + "\n", key + "=" + to + "\n"))
                .fails(failing)
                .names("config.env says " + key + "=" + to);
    }
}
