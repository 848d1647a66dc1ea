import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lab.selftest.FixtureRound;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;

/** A report is made whatever figures stand in config.env and in a round's files: none of them ends it. */
@Tag("slow")
class ExtremeValuesTest {
    private static final long SEED = 20261128;
    private static final List<String> JSON = List.of(
            "0",
            "-1",
            "0.5",
            "1e-99",
            "999999999999999",
            "1e15",
            "9223372036854775807",
            "-9223372036854775808",
            "1e99",
            "1e308",
            "99999999999999999999999999999999999999",
            "true",
            "null",
            "[[],{},null,1]",
            "{\"a\":{}}",
            "\"\"",
            "\"x\"",
            "\"1e9\"",
            "\"infinity\"",
            "\"9999-12-31T23:59:59Z\"",
            "\"294247-01-10T04:00:54Z\"",
            "\"-4712-01-01T00:00:00Z\"",
            "\"\\u0000\"",
            "\"%s {} \\\\ ' \\\" \\n\"");
    private static final List<String> LINES = List.of(
            "0",
            "-1",
            "0.000000001",
            "999999",
            "2000000",
            "999999999.999999999",
            "1000000000",
            "1e99",
            "9223372036854775807",
            "nan",
            "inf",
            "",
            "x",
            "0x1p3",
            "١٢");
    private static final List<String> RAW = List.of(
            "create-times.txt",
            "plans-created.txt",
            "plan-ids.txt",
            "recovery.txt",
            "stuck-scan.json",
            "integrity.json",
            "store-check.json",
            "metrics-scrape.prom");
    private static final List<String> METRICS = List.of("NaN", "+Inf", "1e308", "-1", "1e-308", "9e18", "x");

    @TempDir
    Path scratch;

    private Path soak() {
        return scratch.resolve("soak");
    }

    private void everyReportIsMade() {
        for (String report : List.of("final", "status", "daily --date 2026-10-05", "checkpoint")) {
            String[] options = ("--type " + report).split(" ");
            Reports.Ran ran = Reports.run(Reports.AFTER, soak(), options);
            assertTrue(ran.exit() == Exit.OK || ran.exit() == Exit.BAD, report + "\n" + ran.err());
        }
    }

    @Test
    void no_figure_of_a_round_ends_a_report() {
        Random random = new Random(SEED);
        SoakFixture.in(soak())
                .days(10)
                .interval(7200)
                .rounds(0, 120)
                .drillEvery(3)
                .alert("9999-12-31T23:59:59Z ALERT daily_rollback_rate=1e99 threshold=0.990 day=9223372036854775807")
                .resume("0001-01-01T00:00:00Z control_plane=started start_ms=9223372036854775807")
                .setupSummary("cp_mode: external\ncp_start_ms: 1e99\n")
                .each(round -> {
                    if (random.nextInt(4) > 0) {
                        oddSummary(round, random);
                        oddFile(round, random);
                    }
                })
                .write();
        everyReportIsMade();
    }

    /**
     * Whatever is not told, or told otherwise, and whichever file is not there: no report ends by it, and what is said
     * of it has words. SQL makes a sentence NULL of which a part is.
     */
    @Test
    void no_problem_is_told_without_its_words() throws Exception {
        Random random = new Random(SEED);
        SoakFixture soak =
                SoakFixture.in(soak()).days(40).interval(1800).drillEvery(2).rounds(0, 40 * 48);
        soak.each(round -> {
            round.edit(summary -> {
                List<String> names = new ArrayList<>();
                summary.fieldNames().forEachRemaining(names::add);
                for (int i = random.nextInt(7); i > 0; i--) {
                    String name = of(names, random);
                    JsonNode value = summary.get(name);
                    summary.set(
                            name,
                            random.nextInt(3) > 0
                                    ? NullNode.instance
                                    : value.isBoolean()
                                            ? BooleanNode.valueOf(!value.asBoolean())
                                            : value.isNumber() ? json(of(List.of("0", "1", "3"), random)) : value);
                }
            });
            for (String file : RAW) {
                if (random.nextInt(8) == 0) {
                    round.raw(file, random.nextBoolean() ? null : "");
                }
            }
        });
        Config config = soak.write();
        everyReportIsMade();
        try (EvidenceDatabase database = EvidenceDatabase.open(config, new Scope(soak.end(), false, null))) {
            database.loadFor("problems");
            assertEquals(List.of(), database.query("SELECT * FROM problem_row WHERE reason IS NULL"));
            assertTrue(
                    (long) Databases.one(database, "SELECT count(DISTINCT kind) FROM problems") > 40, "there are many");
        }
    }

    /** Nothing failed, so each figure is shown as all of all, with as many decimals as its target has. */
    @Test
    void no_target_ends_a_report_however_fine_or_large_it_is() {
        for (String[] targets : new String[][] {
            {"0", "0", "0", "0"},
            {"0.000000001", "0.999999", "99.999999999", "99.9999"},
            {"999999999.999999999", "1.000000000", "100.000000000", "100"}
        }) {
            SoakFixture.in(soak())
                    .days(10)
                    .interval(7200)
                    .rounds(0, 120)
                    .drillEvery(3)
                    .set("TARGET_PLAN_COUNT", targets[0])
                    .set("TARGET_P99_MS", targets[0])
                    .set("TARGET_TOTAL_CREATES", targets[0])
                    .set("WARN_DAILY_P99_MS", targets[0])
                    .set("TARGET_ROLLBACK_RATE", targets[1])
                    .set("TARGET_UPTIME_PCT", targets[2])
                    .set("TARGET_COVERAGE_PCT", targets[3])
                    .set("ALERT_CONSECUTIVE", "2147483647")
                    .write();
            everyReportIsMade();
            Reports.Ran report = Reports.run(Reports.AFTER, soak(), "--type", "final", "--print-only");
            int decimals = Math.max(1, targets[2].length() - targets[2].indexOf('.') - 1);
            if (targets[2].endsWith("9")) {
                assertTrue(report.out().contains("uptime=100." + "0".repeat(decimals) + "%"), report.out());
            }
        }
    }

    private static void oddSummary(FixtureRound round, Random random) {
        int fields = 1 + random.nextInt(10);
        round.edit(summary -> {
            List<String> names = new ArrayList<>();
            summary.fieldNames().forEachRemaining(names::add);
            for (int i = 0; i < fields; i++) {
                summary.set(of(names, random), json(of(JSON, random)));
            }
        });
    }

    private static void oddFile(FixtureRound round, Random random) {
        String line = of(LINES, random);
        switch (random.nextInt(7)) {
            case 0 -> round.raw("create-times.txt", line + "\n" + of(LINES, random) + "\n");
            case 1 -> round.raw("create-stalls.txt", line + "\n");
            case 2 ->
                round.raw(
                        "metrics-scrape.prom",
                        "cp_http_requests_total " + of(METRICS, random) + "\ncp_rollout_plans_total "
                                + of(METRICS, random) + "\n");
            case 3 -> round.raw("recovery.txt", "a exit=" + line + " ms=" + of(LINES, random) + "\n");
            case 4 ->
                round.raw("store-check.json", "{\"result\":" + of(JSON, random) + ",\"at\":" + of(JSON, random) + "}");
            case 5 -> round.raw("integrity.json", "{\"lost\":" + of(JSON, random) + "}");
            default -> {
                // its files are as they were
            }
        }
    }

    private static JsonNode json(String text) {
        try {
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static <T> T of(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }
}
