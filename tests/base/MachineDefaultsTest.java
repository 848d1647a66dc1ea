import static org.junit.jupiter.api.Assertions.assertEquals;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A machine's time zone and locale change nothing. They are set for the whole JVM, so no other test runs beside these.
 */
@Isolated
class MachineDefaultsTest {
    @TempDir
    Path folder;

    @Test
    void the_hours_in_which_a_local_clock_is_turned_change_no_name_and_no_slot() throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        try (RoundRig rig = RoundRig.attached(folder).with("SOAK_STARTED_AT", "2026-10-25T00:00:00Z")) {
            rig.setNow(Instant.parse("2026-10-25T00:00:00Z")); // 02:00 CEST; at 01:00 UTC it is 02:00 again
            List<RoundRig.Round> rounds = rig.rounds(5);
            assertEquals(
                    List.of("000000", "003000", "010000", "013000", "020000"),
                    rounds.stream()
                            .map(r -> r.folder().getFileName().toString().substring("round-".length()))
                            .toList());
            assertEquals(
                    List.of(0, 1, 2, 3, 4),
                    rounds.stream().map(r -> r.summary().get("slot").asInt()).toList());
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void dates_are_those_of_utc_whatever_the_machines_zone_and_locale_say() {
        SoakFixture soak = SoakFixture.in(folder)
                .startedAt("2026-10-01T12:00:00Z")
                .days(2)
                .interval(21600)
                .rounds(0, 8);
        TimeZone zone = TimeZone.getDefault();
        Locale locale = Locale.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati")); // UTC+14
        Locale.setDefault(Locale.GERMANY);
        try (EvidenceDatabase database = EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null))) {
            assertEquals(LocalDate.parse("2026-10-01"), Databases.one(database, "SELECT min(date) FROM rounds"));
            assertEquals(
                    LocalDate.parse("2026-10-01"),
                    Databases.one(database, "SELECT CAST(starts_at AS DATE) FROM rounds WHERE round = 1"));
            assertEquals(
                    List.of(2L, 4L, 2L), Databases.one(database, "SELECT list(total_rounds ORDER BY date) FROM daily"));
            assertEquals("2026-10-01T12:00:00Z", Databases.one(database, "SELECT soak_start FROM final_text"));
            assertEquals(
                    Instant.parse("2026-10-03T12:00:00Z"),
                    Databases.one(database, "SELECT soak_end FROM final_report"));
            assertEquals("100.0", Databases.one(database, "SELECT uptime_pct FROM final_text"));
        } finally {
            TimeZone.setDefault(zone);
            Locale.setDefault(locale);
        }
    }
}
