import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import settings.Config;

/** What a first setup knows to be lost, it says before a round is run; what it shares with another soak, it refuses. */
@Tag("slow")
class SetupStartTest extends NewSoak {
    private String summary() throws Exception {
        return Files.readString(soak.dir.setupSummary());
    }

    /** A machine on which everything takes so much longer: each look at the clock finds it further ahead. */
    private static Time slower(long stepMillis) {
        AtomicLong ahead = new AtomicLong();
        return new SystemTime() {
            @Override
            public long nanoTime() {
                return super.nanoTime() + ahead.addAndGet(stepMillis) * 1_000_000;
            }
        };
    }

    @Test
    void a_start_beyond_the_plans_limit_is_said_before_the_first_round_whatever_the_timeout_is() throws Exception {
        soak.time = slower(11_000);
        Fork.Result result = soak.foreign("--set", "CP_START_TIMEOUT_SECONDS=90");
        assertEquals(Exit.FAILED, result.exit(), result.err());
        assertEquals("", result.out(), "no crontab for a month in vain");
        assertTrue(
                result.err()
                        .contains("setup waits 90 s for the start (CP_START_TIMEOUT_SECONDS), but VAL12-01 still allows"
                                + " only 10000 ms"),
                result.err());
        assertTrue(
                result.err().contains("the check of the first setup is lost for this folder: cp_start_ms=")
                        && result.err().contains("start a soak in a new folder"),
                result.err());
        assertTrue(
                summary()
                        .matches("(?s)result: FAIL\n"
                                + "reason: cp_start_ms=[\\d.]+, target=10000.*\n"
                                + "cp_start_ms: [1-9]\\d{4,}\n"
                                + "health_http_code: 200\n"
                                + ".*"),
                summary());
        try (Stream<Path> rounds = Files.list(soak.dir.rounds())) {
            assertEquals(0, rounds.count(), "no round was run");
        }
        assertFalse(result.err().contains("setup-resumes"), result.err());

        soak.time = Time.system();
        Fork.Result onAllTheSame = soak.run();
        assertEquals(Exit.OK, onAllTheSame.exit(), onAllTheSame.err());
        assertTrue(onAllTheSame.err().contains("this soak cannot pass"), onAllTheSame.err());
        assertTrue(summary().startsWith("result: FAIL\n"), "the first setup is the first setup");
    }

    @Test
    void settings_by_which_a_check_is_lost_are_told_in_a_sentence_each() {
        Fork.Result result = soak.first(
                "--check",
                "--days",
                "1",
                "--plans-per-round",
                "2",
                "--set",
                "RECOVERY_DRILL_EVERY=50",
                "--set",
                "TARGET_P99_MS=0");
        assertEquals(Exit.OK, result.exit(), result.out());
        for (String sentence : List.of(
                "VAL12-06 rollback_rate_7d is lost before the first round: a soak of 1 day has no day 7",
                "VAL12-09 total_creates is lost before the first round",
                "VAL12-03 needs 100 plans at once, and 48 rounds of 2 make 96",
                "TARGET_P99_MS=0: no create takes 0 ms",
                "the first recovery drill is in round 50")) {
            assertTrue(result.out().contains(sentence), sentence + "\n" + result.out());
        }
        String slow = soak.first("--check", "--plans-per-round", "4", "--set", "STUCK_THRESHOLD_SECONDS=2592000")
                .out();
        assertTrue(slow.contains("rounds 10 to 24 will end with exit code 10"), slow);
        assertTrue(slow.contains("STUCK_THRESHOLD_SECONDS=2592000 is at least the length of the soak"), slow);
        String few = soak.first("--check", "--interval", "43200", "--days", "4").out();
        assertTrue(
                few.contains(
                        "VAL12-03 fleet_target_reached is lost before the first round: round 10 can no longer run"),
                few);
        String sound =
                soak.first("--check", "--set", "CP_START_TIMEOUT_SECONDS=10").out();
        assertTrue(sound.contains("every check can still pass"), sound);
    }

    @Test
    void a_soak_of_another_name_makes_ids_of_its_own() throws Exception {
        Fork.Result result = soak.foreign("--no-first-round", "--set", "SOAK_ID=soak-b");
        assertEquals(Exit.OK, result.exit(), result.err());
        assertEquals("soak-b", soak.read().planIdPrefix());
        assertEquals("soak", provisionDefault(), "the plan's ids stay");
    }

    private String provisionDefault() throws Exception {
        try (Setups plain = new Setups(folder, "plain").sharingLibraries()) {
            assertEquals(Exit.OK, plain.foreign("--no-first-round").exit());
            return plain.read().planIdPrefix();
        }
    }

    @Test
    void ids_under_which_another_soak_has_plans_are_refused_before_anything_is_written() throws Exception {
        try (ForeignControlPlane shared = ForeignControlPlane.start();
                Setups second = new Setups(folder, "second")) {
            shared.add("soak-1790000000-01", 259_200);
            shared.add("soak-b-1790000000-01", 259_200);
            shared.add("someone-elses", 259_200);
            String[] attached = Setups.attachedTo(shared, folder, "--no-first-round");
            Fork.Result taken = second.run(attached);
            assertEquals(Exit.USAGE, taken.exit(), taken.err());
            assertTrue(
                    taken.err()
                                    .contains("lists 1 plans of another soak with the prefix soak, such as"
                                            + " soak-1790000000-01")
                            && taken.err().contains("PLAN_ID_PREFIX"),
                    taken.err());
            assertFalse(Files.exists(second.dir.root()), "nothing is written");

            Fork.Result own = second.run(Fork.words(List.of(attached), "--set", "SOAK_ID=soak-c"));
            assertEquals(Exit.OK, own.exit(), own.err());
            shared.add("soak-c-1790000000-01", 259_200);
            assertEquals(Exit.OK, second.run().exit(), "its own plans are no reason against a resume");
        }
    }

    @Test
    void a_store_that_holds_another_soaks_plans_is_seen_once_the_control_plane_runs_and_the_folder_is_as_it_was()
            throws Exception {
        Files.createDirectories(soak.dir.cpData());
        Files.writeString(soak.dir.cpData().resolve("plans.log"), "");
        assertEquals(Exit.OK, soak.foreign("--no-first-round").exit());
        assertEquals(
                Exit.OK,
                Fork.run(
                                soak.dir.bin().resolve("round").toString(),
                                soak.dir.root().toString())
                        .exit());
        assertEquals(Exit.OK, soak.run("--stop").exit());
        try (Setups second = new Setups(folder, "second").sharingLibraries()) {
            Files.createDirectories(second.dir.cpData());
            Files.copy(
                    soak.dir.cpData().resolve("plans.log"), second.dir.cpData().resolve("plans.log"));
            Fork.Result taken = second.foreign("--no-first-round");
            assertEquals(Exit.USAGE, taken.exit(), taken.err());
            assertTrue(
                    taken.err().contains("lists 10 plans of another soak")
                            && taken.err().contains("in the same folder"),
                    taken.err());
            assertFalse(Files.exists(second.dir.config())
                    || Files.exists(second.dir.pidFile())
                    || Files.exists(second.dir.setupSummary()));
            assertEquals(
                    "000",
                    new process.ControlPlane(
                                    Config.of(second.dir, java.util.Map.of("CP_URL", "http://" + second.listen)),
                                    Time.system())
                            .health()
                            .code(),
                    "and what was started has ended");
        }
    }
}
