import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import provision.Timetable;

/**
 * When cron fires in a zone, played through minute by minute: each UTC slot gets its job once, whatever the zone does.
 */
class TimetableTest {
    private static final int DAY = 86_400;

    @TempDir
    Path folder;

    /** The instants at which a cron of {@code zone} runs the job, bin/due included. */
    private static List<Instant> firings(Timetable when, ZoneId zone, Instant from, Instant to) {
        Timetable.Cron cron = when.cron(zone.getId()).orElseThrow();
        String[] fields = cron.fields().split(" ");
        assertEquals(List.of("*", "*", "*"), List.of(fields).subList(2, 5));
        List<Instant> found = new ArrayList<>();
        for (Instant at = from; at.isBefore(to); at = at.plusSeconds(60)) {
            ZonedDateTime local = at.atZone(zone);
            boolean due = cron.step() == 0
                    || at.getEpochSecond() / cron.step() * cron.step() % when.everySeconds() == when.atSeconds();
            if (matches(fields[0], local.getMinute()) && matches(fields[1], local.getHour()) && due) {
                found.add(at);
            }
        }
        return found;
    }

    private static boolean matches(String field, int value) {
        return field.equals("*")
                || (field.startsWith("*/")
                        ? value % Integer.parseInt(field.substring(2)) == 0
                        : value == Integer.parseInt(field));
    }

    @Test
    void every_slot_gets_one_round_at_its_beginning_in_every_zone_and_over_a_change_of_summer_time() {
        // Berlin leaves summer time on the 25th, New York on 1 November
        Instant from = Instant.parse("2026-10-24T00:00:00Z");
        Instant to = Instant.parse("2026-11-03T00:00:00Z");
        for (String zone : List.of(
                "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")) {
            for (int interval : List.of(60, 300, 900, 1800, 2700, 3600, 5400, 7200, 14400, 86400)) {
                List<Instant> found = firings(Timetable.rounds(interval), ZoneId.of(zone), from, to);
                List<Long> slots = found.stream()
                        .map(at -> Math.floorDiv(at.getEpochSecond(), (long) interval))
                        .toList();
                assertEquals(
                        Stream.iterate(from.getEpochSecond() / interval, s -> s + 1)
                                .limit((to.getEpochSecond() - from.getEpochSecond()) / interval)
                                .toList(),
                        slots,
                        zone + " every " + interval + " s");
                assertTrue(
                        found.stream().allMatch(at -> at.getEpochSecond() % interval == 0),
                        zone + " every " + interval + " s: no round is late");
            }
        }
    }

    @Test
    void the_daily_jobs_run_within_their_utc_hour_in_every_zone() {
        Instant from = Instant.parse("2026-03-20T00:00:00Z");
        Instant to = Instant.parse("2026-04-10T00:00:00Z");
        for (String zone : List.of(
                "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham", "UTC")) {
            List<Instant> found = firings(Timetable.dailyAt(1), ZoneId.of(zone), from, to);
            assertEquals(21, found.size(), zone);
            for (Instant at : found) {
                assertEquals(3600, at.getEpochSecond() % DAY / 3600 * 3600, zone + " " + at);
            }
        }
    }

    @Test
    void where_the_machine_is_in_utc_the_lines_are_the_plans() {
        assertEquals(
                "*/30 * * * *", Timetable.rounds(1800).cron("UTC").orElseThrow().fields());
        assertEquals("* * * * *", Timetable.rounds(60).cron("UTC").orElseThrow().fields());
        assertEquals(
                "0 * * * *", Timetable.rounds(3600).cron("UTC").orElseThrow().fields());
        assertEquals(
                "0 */2 * * *", Timetable.rounds(7200).cron("UTC").orElseThrow().fields());
        assertEquals(
                "0 0 * * *", Timetable.rounds(DAY).cron("UTC").orElseThrow().fields());
        assertEquals("0 1 * * *", Timetable.dailyAt(1).cron("UTC").orElseThrow().fields());
        assertTrue(Timetable.rounds(1).cron("UTC").isEmpty());
        assertTrue(Timetable.rounds(45).cron("").isEmpty());
    }

    @Test
    void where_the_zone_is_unknown_the_line_is_right_in_each() {
        assertEquals(
                new Timetable.Cron("*/15 * * * *", 900),
                Timetable.rounds(1800).cron("").orElseThrow());
        assertEquals(
                new Timetable.Cron("*/30 * * * *", 0),
                Timetable.rounds(1800).cron("Asia/Kolkata").orElseThrow());
        assertEquals(
                new Timetable.Cron("*/30 * * * *", 1800),
                Timetable.rounds(3600).cron("Asia/Kolkata").orElseThrow());
    }

    @Test
    void systemd_keeps_utc_itself_and_knows_seconds() {
        assertEquals(
                new Timetable.Cron("*-*-* *:00/30:00 UTC", 0),
                Timetable.rounds(1800).calendar());
        assertEquals(
                new Timetable.Cron("*-*-* *:00:00 UTC", 0),
                Timetable.rounds(3600).calendar());
        assertEquals(
                new Timetable.Cron("*-*-* 00/2:00:00 UTC", 0),
                Timetable.rounds(7200).calendar());
        assertEquals(
                new Timetable.Cron("*-*-* *:00/30:00 UTC", 1800),
                Timetable.rounds(5400).calendar());
        assertEquals(
                new Timetable.Cron("*-*-* *:*:00/15 UTC", 15),
                Timetable.rounds(45).calendar());
        assertEquals(
                new Timetable.Cron("*-*-* *:*:00/1 UTC", 0), Timetable.rounds(1).calendar());
        assertEquals(
                new Timetable.Cron("*-*-* 02:00:00 UTC", 0),
                Timetable.dailyAt(2).calendar());
    }

    @Test
    void the_zone_is_the_machines_and_unknown_where_it_cannot_be_told() throws Exception {
        Path etc = Files.createDirectories(folder.resolve("etc"));
        Path zones = Files.createDirectories(folder.resolve("zoneinfo/Europe"));
        assertEquals("UTC", Timetable.machineZone(etc), "the C library's default");
        Files.createSymbolicLink(etc.resolve("localtime"), Files.writeString(zones.resolve("Berlin"), "TZif"));
        assertEquals("Europe/Berlin", Timetable.machineZone(etc));
        Files.writeString(etc.resolve("timezone"), "Etc/UTC\n");
        assertEquals("Europe/Berlin", Timetable.machineZone(etc), "where they differ, the one that is not UTC");
        Files.delete(etc.resolve("localtime"));
        Files.writeString(etc.resolve("localtime"), "TZif");
        assertEquals("Etc/UTC", Timetable.machineZone(etc));
        Files.delete(etc.resolve("timezone"));
        assertEquals("", Timetable.machineZone(etc));
        assertTrue(Timetable.isUtc("Etc/UTC") && Timetable.isUtc("UTC"));
        assertFalse(Timetable.isUtc("Europe/London") || Timetable.isUtc("") || Timetable.isUtc("no/such"));
    }
}
