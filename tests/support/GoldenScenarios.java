import evidence.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;

/**
 * How the evidence of each folder of tests/golden is made, by the folder's name; what it shows stands in its README.
 */
final class GoldenScenarios {
    private GoldenScenarios() {}

    /** Writes a soak folder and says what is judged. */
    interface Scenario {
        Scope write(Path folder);
    }

    static final Map<String, Scenario> ALL = new TreeMap<>();

    /**
     * Of the three with 1,440 rounds, which differ in two of these, the last alone: for tests that read each scenario
     * many times.
     */
    static Map<String, Scenario> withOneMonth() {
        Map<String, Scenario> some = new TreeMap<>(ALL);
        some.keySet().removeAll(List.of("01-clean-30-days", "02-one-failed-round"));
        return some;
    }

    private static void golden(String name, Function<Path, Scope> scenario) {
        ALL.put(name, scenario::apply);
    }

    static {
        golden("01-clean-30-days", folder -> finished(whole(folder)));
        golden("02-one-failed-round", folder -> finished(whole(folder).round(700, r -> r.restarted())));
        golden(
                "03-two-failed-rounds",
                folder -> finished(whole(folder).round(700, r -> r.restarted()).round(701, r -> r.failed())));
        golden("04-half-a-soak", folder -> at(eightDays(folder, 16), Duration.ofDays(4)));
        golden("05-never-stuck", folder -> finished(eightDays(folder, 32).drillEvery(0)));
        golden(
                "06-targets-missed-by-a-hair",
                folder -> finished(eightDays(folder, 32)
                        .setupSummary("result: PASS\ncp_start_ms: 10001\nhealth_http_code: 200\n")
                        .drillEvery(0)
                        .round(3, r -> r.set("p99_ms", 500.0004))
                        .round(5, r -> r.recoveries(200, 0))
                        .round(9, r -> r.recoveries(83, 3))
                        .round(30, r -> r.latencyMs(640.5).codes("503"))));
        golden(
                "07-broken-summaries",
                folder -> finished(eightDays(folder, 32)
                        .round(11, r -> r.summary("{\"schema\": 1, \"round\": 12, \"health\": \"o"))
                        .round(12, r -> r.summary(""))
                        .round(13, r -> r.summary("[{\"schema\": 1}]"))
                        .round(14, r -> r.summary("null"))
                        .round(15, r -> r.summary("{\"health\": \"ok\"} {\"health\": \"ok\"}"))
                        .round(16, r -> r.summary("{\"health\": \"failed\", \"health\": \"ok\"}"))
                        .round(17, r -> r.summary("{\"health\": \"ok\", \"p99_ms\": NaN}"))
                        .round(18, r -> r.summary("\0\0\0\0\0\0"))
                        .round(19, r -> r.summary("{\"health\": \"ok\", \"cp_mode\": \"\\ud800\"}"))
                        .round(20, r -> r.set("round_id", "2026-10-01/round-000000"))
                        .round(21, r -> r.summary("\n \n"))
                        .round(22, r -> r.summary("{}").raw("integrity.json", "{\"lost\": ["))
                        .file("rounds/notes.txt", "not a date")
                        .file("rounds/2026-10-02/round-1200", null)
                        .file("rounds/2026-02-30/round-120000", null)));
        golden(
                "08-mistyped-fields",
                folder -> finished(eightDays(folder, 32)
                        .round(
                                1,
                                r -> r.set("create_ok", "10")
                                        .set("create_errors", "0")
                                        .set("p99_ms", "5.8"))
                        .round(2, r -> r.set("p99_ms", true))
                        .round(3, r -> r.set("create_errors", null).set("create_ok", 9.5))
                        .round(4, r -> r.set("restarted", "true"))
                        .round(5, r -> r.set("scan_http_code", 200))
                        .round(6, r -> r.set("p99_ms", 0.0058))
                        .round(7, r -> r.without("recovery_fail"))
                        .round(8, r -> r.set("plan_count", -1))
                        .round(9, r -> r.set("p99_ms", "NaN"))
                        .round(10, r -> r.set("stuck_count", Map.of("n", 1)))
                        .round(11, r -> r.set("create_ok", 12))
                        .round(12, r -> r.set("slot", 99))));
        golden(
                "09-interrupted-rounds",
                folder -> finished(eightDays(folder, 32)
                        .round(0, r -> r.interrupted())
                        .round(
                                10,
                                r -> r.interrupted()
                                        .latencyMs(700, 5, 5, 5, 5, 5)
                                        .codes("201", "503")
                                        .raw("plans-created.txt", "201\n503\n201\n20")
                                        .raw("create-times.txt", "0.700000\n0.005000\n0.005000\n0.00")
                                        .raw("integrity.json", null))
                        .round(20, r -> r.interrupted().recoveries(1, 1))
                        .round(
                                25,
                                r -> r.interrupted()
                                        .raw("plan-ids.txt", null)
                                        .raw("plans-created.txt", null)
                                        .raw("create-times.txt", null)
                                        .raw("integrity.json", null))));
        golden(
                "11-missed-slots",
                folder -> finished(eightDays(folder, 32)
                        .missed(5, 9, 10, 11, 12, 13, 14)
                        .roundAt(20 * 21600 + 600, r -> {})
                        .roundAt(22 * 21600 + 600, r -> r.failed())));
        golden("12-legacy-alone", folder -> {
            copy(Project.folder("tests/fixtures/legacy"), folder);
            return new Scope(Instant.parse("2026-10-02T02:00:00Z"), false, null);
        });
        golden(
                "13-legacy-then-ours",
                folder -> finished(eightDays(folder, 32).each(r -> {
                    if (r.at.isBefore(Instant.parse("2026-10-05T00:00:00Z"))) {
                        r.legacy();
                    }
                })));
        golden(
                "14-rounds-outside-the-soak",
                folder -> finished(eightDays(folder, 32)
                        .roundAt(-21600, r -> r.failed())
                        .roundAt(32 * 21600, r -> r.failed())
                        .roundAt(33 * 21600, r -> r.interrupted())
                        .alert("2026-10-08T23:00:00Z ALERT cp_health_failed consecutive_failures=3 day=8")
                        .alert("2026-10-09T00:00:00Z ALERT cp_health_failed consecutive_failures=3 day=9")));
        golden(
                "15-rehearsal",
                folder -> finished(eightDays(folder, 32)
                        .set("CP_MODE", "embedded")
                        .setupSummary("result: PASS\ncp_start_ms: 412\nhealth_http_code: 200\ncp_mode: embedded\n")
                        .each(r -> r.rehearsal())));
        golden(
                "16-lost-and-duplicated-plans",
                folder -> finished(eightDays(folder, 32)
                        .round(12, r -> r.lost("soak-1-01", "soak-1-02"))
                        .round(13, r -> r.lost("soak-1-02"))
                        .round(14, r -> r.duplicate("soak-2-01").revived("soak-3-01"))));
        golden("17-checkpoint-before-round-10", folder -> checkpoint(eightDays(folder, 8), Duration.ofDays(2), 7));
        golden("18-day-7-with-attempts", folder -> checkpoint(eightDays(folder, 32), Duration.ofDays(7), 7));
        golden(
                "19-day-7-without-attempts",
                folder -> checkpoint(eightDays(folder, 32).drillEvery(0), Duration.ofDays(7), 7));
        golden("21-round-in-progress", folder -> {
            SoakFixture soak = eightDays(folder, 8).round(7, r -> r.interrupted());
            soak.write();
            return new Scope(soak.slotStart(7).plusSeconds(5), true, null);
        });
        golden("22-silent-last-day", folder -> finished(eightDays(folder, 28)));
        golden(
                "23-every-daily-alert",
                folder -> at(
                        SoakFixture.in(folder)
                                .days(8)
                                .interval(3600)
                                .rounds(0, 24)
                                .round(1, r -> r.codes("503"))
                                .round(2, r -> r.latencyMs(1250.5))
                                .round(3, r -> r.restarted())
                                .round(4, r -> r.deferred(2))
                                .round(5, r -> r.deferred(2))
                                .round(6, r -> r.set("stuck_count", null).set("scan_ok", false))
                                .round(7, r -> r.deferred(2))
                                .round(8, r -> r.recoveries(18, 1))
                                .missed(20, 21),
                        Duration.ofDays(1)));
        golden(
                "25-down-for-three-rounds",
                folder -> finished(eightDays(folder, 32)
                        .round(10, r -> r.down())
                        .round(11, r -> r.down())
                        .round(12, r -> r.restarted())
                        .round(20, r -> r.planCount(99))
                        .round(21, r -> r.uncounted())
                        .resume("2026-10-03T20:00:00Z resumed control_plane=started pid=77")
                        .resume("2026-10-04T20:00:00Z resumed control_plane=alive pid=77")
                        .alert("2026-10-04T00:00:02Z ALERT cp_health_failed consecutive_failures=3 day=4")
                        .alert("no alert line at all")));
        golden(
                "28-raw-files-disagree",
                folder -> finished(eightDays(folder, 32)
                        .missed(3)
                        .round(
                                4,
                                r -> r.raw(
                                        "stuck-scan.json",
                                        "{\"stuck_plans\":[{\"plan_id\":\"a\"},{\"plan_id\":\"b\"}]}"))
                        .round(5, r -> r.raw("stuck-scan.json", "{\"stuck_plans\":["))
                        .round(6, r -> r.raw("stuck-scan.json", null))
                        .round(7, r -> r.set("recovery_ok", 3))
                        .round(8, r -> r.set("lost_plans", 2))
                        .round(9, r -> r.raw("create-times.txt", "0.005000\nfast\n"))
                        .round(10, r -> r.raw("plans-created.txt", null).raw("create-times.txt", null))
                        .round(11, r -> r.raw("plan-ids.txt", "soak-1790812800-01\n"))
                        .round(12, r -> r.set("round", 14))
                        .round(16, r -> r.set("create_errors", 1))
                        .round(
                                13,
                                r -> r.raw(
                                        "stuck-scan.json",
                                        "{\"stored_in\":\"stuck-scan.json.gz\",\"stuck_count\":1,\"bytes\":70000}"))
                        .round(14, r -> r.set("stuck_count", 0).raw("stuck-scan.json", "{\"rollouts\":null}"))
                        .round(15, r -> r.raw("recovery.txt", "what is this\n"))));
        golden("29-measurement-notes", folder -> {
            SoakFixture soak = SoakFixture.in(folder)
                    .days(12)
                    .interval(21600)
                    .set("TARGET_TOTAL_CREATES", "300")
                    .rounds(0, 48);
            for (int i = 0; i < 48; i++) {
                int slot = i;
                soak.round(
                        slot,
                        r -> r.latencyMs(100 + 0.5 * slot)
                                .set("wal_bytes", 4_000_000 - slot * 1000)
                                .set("harness_cpu_ms", 500 + slot)
                                .set("harness_peak_rss_bytes", 90_000_000)
                                .set("evidence_bytes", 9000 + slot)
                                .set("stalled_creates", 0)
                                .set("clock_step_ms", 0)
                                .set(
                                        "store_check",
                                        slot % 4 == 0
                                                ? slot == 20 ? "plans.db: row 7 missing from index" : "ok"
                                                : null));
            }
            return finished(soak.round(
                            3,
                            r -> r.latencyMs(640)
                                    .set("stalled_creates", 1)
                                    .set("max_stall_ms", 612.5)
                                    .raw("create-stalls.txt", "612.500\n" + "0.000\n".repeat(9)))
                    .round(8, r -> r.set("probe_overhead_ms", 7.25))
                    .round(9, r -> r.set("clock_step_ms", -3600250)));
        });
    }

    /** 30 days of a round every half hour. */
    private static SoakFixture whole(Path folder) {
        return SoakFixture.in(folder).rounds(0, 1440);
    }

    /** Eight days of four slots each, with so many rounds; the targets are the plan's but the one on creates. */
    private static SoakFixture eightDays(Path folder, int rounds) {
        return SoakFixture.in(folder)
                .days(8)
                .interval(21600)
                .set("TARGET_TOTAL_CREATES", "300")
                .rounds(0, rounds);
    }

    private static Scope finished(SoakFixture soak) {
        soak.write();
        return new Scope(soak.end(), false, null);
    }

    private static Scope at(SoakFixture soak, Duration after) {
        soak.write();
        return new Scope(soak.start().plus(after), false, null);
    }

    private static Scope checkpoint(SoakFixture soak, Duration after, int day) {
        soak.write();
        return new Scope(soak.start().plus(after), false, day);
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
