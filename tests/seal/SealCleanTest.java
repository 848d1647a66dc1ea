import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import seal.Finding;
import seal.Heads;
import seal.SealCheck;
import soak.SoakDir;

/**
 * What happens to a month of evidence although nobody touches it: none of it is an alteration. Kills of real processes
 * are HostFaultTest's; here lies what one leaves behind.
 */
@Tag("slow")
class SealCleanTest {
    private static final int SOAKS = 30;
    private static final int ROUNDS = 6;
    /** The night on which clocks in Europe go back from 03:00 to 02:00. */
    private static final Instant DST_NIGHT = Instant.parse("2026-10-25T00:00:00Z");

    @TempDir
    Path scratch;

    private enum Event {
        NOTHING,
        ROUND_KILLED,
        ALERTS,
        LOG_RENAMED,
        LOG_COPIED_AND_CUT,
        LOG_COMPRESSED,
        UPGRADE,
        SETTING_EDITED,
        TEMPLATE_EDITED,
        STUCK_PLAN,
        CONTROL_PLANE_DOWN,
        CLOCK_SET_BACK,
        NEXT_DATE,
        DAILY_REPORT
    }

    /** One soak that is drawn by a seed. */
    private final class Month {
        private final Random random;
        private final RoundRig rig;
        private final SoakDir dir;
        private final List<String> lines = new ArrayList<>();
        private final Map<Event, Integer> happened;
        private Instant now = DST_NIGHT.minus(Duration.ofHours(1));
        private int number;

        Month(int seed, Map<Event, Integer> happened) throws IOException {
            random = new Random(seed);
            this.happened = happened;
            rig = RoundRig.attached(Files.createDirectories(scratch.resolve("soak-" + seed)));
            dir = rig.dir;
            rig.with("SOAK_STARTED_AT", now.toString());
            Files.writeString(dir.setupSummary(), "result: PASS\n");
            Files.writeString(dir.alertsLog(), "");
            Files.createDirectories(dir.bin());
            Files.writeString(dir.bin().resolve("SHA256SUMS"), "0  soak.jar\n");
            if (random.nextBoolean()) {
                takeOver();
            }
        }

        /** The rounds of the bash scripts come first. */
        private void takeOver() throws IOException {
            Path fixture = SoakUnderTest.repository().resolve("tests/fixtures/legacy/rounds");
            Fork.Result copied =
                    Fork.run("cp", "-R", fixture + "/.", dir.rounds().toString());
            assertEquals(0, copied.exit(), copied.err());
        }

        private void happens(Event event) throws IOException {
            happened.merge(event, 1, Integer::sum);
            Path log = dir.alertsLog();
            Path rotated = dir.root().resolve("alerts.log." + ++number);
            switch (event) {
                case NOTHING -> {}
                case ROUND_KILLED -> {
                    Path killed = Files.createDirectories(
                            dir.round(now.plusSeconds(600).toString().replaceAll("T(..):(..):(..)Z", "/round-$1$2$3")));
                    Files.writeString(killed.resolve("plan-ids.txt"), "lost-" + number + "\n");
                    Files.writeString(killed.resolve("create-times.txt.tmp"), "half");
                }
                case ALERTS ->
                    Files.writeString(
                            log,
                            now + " ALERT x=" + number + " threshold=1 day=1\n",
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                case LOG_RENAMED -> {
                    Files.move(log, rotated);
                    Files.writeString(log, "");
                }
                case LOG_COPIED_AND_CUT -> {
                    Files.copy(log, rotated);
                    Files.writeString(log, "");
                }
                case LOG_COMPRESSED -> {
                    Files.move(log, rotated);
                    Files.writeString(log, "");
                    assertEquals(0, Fork.run("gzip", rotated.toString()).exit());
                }
                case UPGRADE -> {
                    Files.writeString(dir.bin().resolve("SHA256SUMS"), number + "  soak.jar\n");
                    Files.writeString(
                            dir.setupResumes(),
                            now + " upgraded from=1 to=" + number + "\n",
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                }
                case SETTING_EDITED -> rig.with("ALERT_CONSECUTIVE", Integer.toString(2 + random.nextInt(5)));
                case TEMPLATE_EDITED ->
                    Files.writeString(dir.planTemplate(), ForeignControlPlane.TEMPLATE + " ".repeat(number));
                case STUCK_PLAN -> rig.stuck(null, "somebody-elses-" + number);
                case CONTROL_PLANE_DOWN -> rig.cp.set("health", "503");
                case CLOCK_SET_BACK -> now = now.minus(Duration.ofMinutes(75));
                case NEXT_DATE -> now = now.plus(Duration.ofDays(1));
                case DAILY_REPORT ->
                    Reports.run(
                            now.plus(Duration.ofDays(1)).toString(),
                            dir.root(),
                            "--type",
                            "daily",
                            "--date",
                            now.toString().substring(0, 10));
            }
        }

        void play() throws IOException {
            for (int i = 0; i < ROUNDS; i++) {
                happens(Event.values()[random.nextInt(Event.values().length)]);
                rig.setNow(now);
                lines.add(rig.round().out());
                rig.cp.set("health", "");
                now = now.plus(Duration.ofMinutes(30));
            }
            rig.close();
        }

        /** Where the soak lies now, with other times of files if it was copied. */
        Path moved() throws IOException {
            Path to = scratch.resolve("moved-" + dir.root().getFileName());
            if (random.nextBoolean()) {
                Files.move(dir.root(), to);
            } else {
                assertEquals(
                        0,
                        Fork.run("cp", "-R", dir.root().toString(), to.toString())
                                .exit());
            }
            return to;
        }
    }

    private static List<String> alterations(Path soak, Heads heads) throws IOException {
        return SealCheck.of(new SoakDir(soak), heads, SealCheck.Progress.NONE).alterations().stream()
                .map(Finding::line)
                .toList();
    }

    @Test
    void of_thirty_soaks_that_nobody_touched_none_is_altered() throws Exception {
        Map<Event, Integer> happened = new EnumMap<>(Event.class);
        for (int seed = 0; seed < SOAKS; seed++) {
            Month month = new Month(seed, happened);
            month.play();
            Path soak = month.moved();
            assertEquals(List.of(), alterations(soak, Heads.NONE), "seed " + seed);
            Path mailbox = Files.writeString(scratch.resolve("mailbox"), String.join("\n", month.lines));
            assertEquals(List.of(), alterations(soak, Heads.read(mailbox)), "seed " + seed + ", with all heads");
        }
        assertEquals(Event.values().length, happened.size(), "each kind happened: " + happened);
        System.err.println("30 soaks of 6 rounds, none altered: " + happened);
    }
}
