import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import settings.Config;
import settings.ConfigDoubts;
import settings.Setting;
import soak.SoakDir;

/** The keys of config.env stand in one table; what else tells of them is held against it. */
class SettingTest {
    private static final Path CONTRACT =
            Path.of(System.getenv().getOrDefault("SOAK_SOURCE_DIR", ".")).resolve("docs/contract.md");
    private static final boolean REWRITE = System.getenv("GOLDEN_REWRITE") != null;
    private static final String HEAD = "| key | default | must be | recorded | meaning |\n|---|---|---|---|---|\n";

    @TempDir
    Path folder;

    private static String row(Setting setting) {
        String standard = setting.standard().isEmpty() ? "" : "`" + setting.standard() + "`";
        return "| "
                + String.join(
                        " | ",
                        setting.name(),
                        standard,
                        setting.wanted(),
                        setting.isRecorded() ? "yes" : "",
                        setting.meaning())
                + " |";
    }

    /** After a change of Setting: GOLDEN_REWRITE=1 ./jbang test --only SettingTest writes the table anew. */
    @Test
    void the_table_of_the_contract_is_the_one_that_the_program_goes_by() throws IOException {
        String contract = Files.readString(CONTRACT);
        int start = contract.indexOf(HEAD) + HEAD.length();
        int end = contract.indexOf("\n\n", start - 1);
        assertTrue(start > HEAD.length() && end > 0, "docs/contract.md has no table that begins " + HEAD);
        String wanted = Arrays.stream(Setting.values()).map(SettingTest::row).collect(Collectors.joining("\n"));
        if (REWRITE) {
            Files.writeString(CONTRACT, contract.substring(0, start) + wanted + contract.substring(end));
            return;
        }
        assertEquals(wanted, contract.substring(start, Math.max(start, end)));
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void each_default_is_a_value_that_its_own_check_takes_and_a_wrong_value_is_told_with_what_is_wanted(
            Setting setting) {
        Config standard = Config.of(new SoakDir(folder), Map.of());
        assertEquals(setting.standard(), standard.get(setting.name()));
        if (!setting.wanted().isEmpty()) {
            Failure wrong = assertThrows(
                    Failure.class, () -> Config.of(new SoakDir(folder), Map.of(setting.name(), ". no such value .")));
            assertEquals(
                    folder.resolve("config.env") + ": " + setting + "=. no such value . must be " + setting.wanted(),
                    wrong.getMessage());
        }
    }

    @Test
    void what_would_fill_a_round_for_ever_or_beyond_all_numbers_is_refused() {
        Map<String, Integer> most = Map.of(
                "PLANS_PER_ROUND", 10_000,
                "RECOVERY_PARALLELISM", 1_000,
                "RECOVERY_BUDGET_SECONDS", 86_400,
                "RECOVERY_TIMEOUT_SECONDS", 86_400,
                "REQUEST_TIMEOUT_SECONDS", 86_400,
                "CP_START_TIMEOUT_SECONDS", 86_400,
                "CP_RESTART_TIMEOUT_SECONDS", 86_400);
        most.forEach((key, value) -> {
            SoakDir dir = new SoakDir(folder);
            Config.of(dir, Map.of(key, value.toString()));
            Failure wrong = assertThrows(Failure.class, () -> Config.of(dir, Map.of(key, (value + 1) + "")), key);
            assertTrue(wrong.getMessage().endsWith(" to " + value), wrong.getMessage());
        });
    }

    @Test
    void an_edit_by_hand_that_changes_nothing_is_told_with_the_key_that_was_meant() throws IOException {
        Path config = Files.writeString(folder.resolve("config.env"), """
            # TARGET_P99_MS=400
            TARGET_P99=400
            export target_uptime_pct=99
            CP_URI=http://127.0.0.1:1
            SOAK_DIR=/srv/soak
            SLACK_CHANNEL=soaks
            AUTONOMY_REGION=eu
            PLANS_PER_ROUND=10
            PLANS_PER_ROUND=12
            """);
        String noSetting = " is no setting, and no program reads it: if ";
        String unchanged = " was meant, it has not changed; correct the name";
        assertEquals(
                List.of(
                        config + ": CP_URI" + noSetting + "CP_URL" + unchanged,
                        config + ": TARGET_P99" + noSetting + "TARGET_P99_MS" + unchanged,
                        config + ": target_uptime_pct" + noSetting + "TARGET_UPTIME_PCT" + unchanged,
                        config + ": PLANS_PER_ROUND is set in more than one line, and the last one counts: remove the"
                                + " others"),
                ConfigDoubts.of(Config.read(new SoakDir(folder))));
        assertEquals(List.of(), ConfigDoubts.of(Config.of(new SoakDir(folder.resolve("gone")), Map.of())));
    }

    @Test
    void an_edit_of_what_decides_verdicts_is_told_and_another_way_to_write_it_is_none() throws IOException {
        SoakDir dir = new SoakDir(folder);
        Files.writeString(dir.setupSummary(), """
            started_at: 2026-10-01T00:00:07Z
            soak_id: soak-val12
            soak_days: 30
            plans_per_round: 10
            target_p99_ms: 500
            target_rollback_rate: 0.990
            """);
        Files.writeString(dir.config(), "");
        Map<String, String> begun = Map.of("SOAK_STARTED_AT", "2026-10-01T00:00:07Z");
        assertEquals(List.of(), ConfigDoubts.of(Config.of(dir, begun)));
        assertEquals(
                List.of(),
                ConfigDoubts.of(Config.of(
                        dir, Map.of("SOAK_STARTED_AT", "2026-10-01T00:00:00Z", "TARGET_ROLLBACK_RATE", "0.99"))));
        String fails = ": verdicts that depend on it fail until it is restored (--type status names them)";
        Map<String, String> edited = new TreeMap<>(begun);
        edited.put("TARGET_P99_MS", "1000");
        edited.put("TARGET_UPTIME_PCT", "95"); // of which this setup wrote nothing
        assertEquals(
                List.of(dir.config() + ": TARGET_P99_MS is 1000, but the soak was set up with 500" + fails),
                ConfigDoubts.of(Config.of(dir, edited)));
        assertEquals(
                List.of(
                        dir.config() + ": SOAK_ID is other, but the soak was set up with soak-val12" + fails,
                        dir.config() + ": SOAK_STARTED_AT is 2026-10-01T00:30:00Z, but the soak was set up with"
                                + " 2026-10-01T00:00:07Z" + fails),
                ConfigDoubts.of(Config.of(dir, Map.of("SOAK_STARTED_AT", "2026-10-01T00:30:00Z", "SOAK_ID", "other"))));
    }

    @Test
    void only_what_decides_verdicts_has_a_side_on_which_less_is_asked_for() {
        List<Setting> sided = Arrays.stream(Setting.values())
                .filter(setting -> setting.laxer() != null)
                .toList();
        assertTrue(sided.stream().allMatch(Setting::decidesVerdicts), sided.toString());
        assertTrue(Arrays.stream(Setting.values())
                .filter(setting -> setting.name().startsWith("TARGET_"))
                .allMatch(setting -> setting.laxer() != null));
    }
}
