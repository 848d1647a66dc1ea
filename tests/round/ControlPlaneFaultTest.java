import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import process.ProcessIdentity;
import settings.Config;

/**
 * A control plane that ends in the middle of a round, at each of its steps: what the round records, and the next one.
 */
@Tag("slow")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ControlPlaneFaultTest extends ExternalSoak {
    @BeforeEach
    void start() throws IOException {
        rig.startControlPlane();
    }

    private void set(String name, String value) throws Exception {
        ForeignControlPlane.set(Config.read(rig.dir).cpUrl(), name, value);
    }

    /** Signals the control plane once the newest round folder is as wanted. */
    private CompletableFuture<Void> signalWhen(Predicate<Path> wanted, String signal) {
        ProcessIdentity identity = identity();
        return CompletableFuture.runAsync(() -> {
            try {
                while (rig.folders().size() < 2 || !wanted.test(rig.folders().get(1))) {
                    Thread.sleep(1);
                }
                for (long pid : identity.session()) {
                    new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                            .start()
                            .waitFor();
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static int lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).size() : 0;
        } catch (IOException changing) {
            return 0;
        }
    }

    static Stream<Arguments> steps() {
        Predicate<Path> threeCreated = round -> lines(round.resolve("plans-created.txt")) >= 3;
        Predicate<Path> allCreated = round -> lines(round.resolve("plans-created.txt")) == 10;
        Predicate<Path> recovering = round -> lines(round.resolve("recovery.txt")) >= 1;
        Predicate<Path> scanned = round -> Files.exists(round.resolve("stuck-scan.json"));
        return Stream.of("KILL", "TERM")
                .flatMap(signal -> Stream.of(
                        Arguments.of(
                                "creates",
                                signal,
                                "create_delay_ms",
                                "300",
                                threeCreated,
                                List.of(
                                        "v02_creates",
                                        "v03_stuck_scan",
                                        "v04_recovery",
                                        "v05_plan_count",
                                        "v06_metrics",
                                        "v07_integrity")),
                        Arguments.of(
                                "stuck scan",
                                signal,
                                "stuck",
                                "hang",
                                allCreated,
                                List.of(
                                        "v03_stuck_scan",
                                        "v04_recovery",
                                        "v05_plan_count",
                                        "v06_metrics",
                                        "v07_integrity")),
                        Arguments.of(
                                "recovery",
                                signal,
                                "stuck_plans",
                                "8",
                                recovering,
                                List.of("v04_recovery", "v05_plan_count", "v06_metrics", "v07_integrity")),
                        Arguments.of(
                                "paging",
                                signal,
                                "list",
                                "hang",
                                scanned,
                                List.of("v05_plan_count", "v06_metrics", "v07_integrity"))));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("steps")
    void one_that_ends_in_mid_round_fails_the_steps_that_it_missed_and_loses_nothing(
            String step, String signal, String fault, String value, Predicate<Path> when, List<String> failing)
            throws Exception {
        assertEquals(
                Exit.OK,
                rig.with("REQUEST_TIMEOUT_SECONDS", "20", "RECOVERY_PARALLELISM", "1")
                        .round()
                        .exit());
        set(fault, value);
        set("cli_seconds", "0.5");
        CompletableFuture<Void> signalled = signalWhen(when, signal);
        RoundRig.Round hit = rig.round();
        signalled.get(1, TimeUnit.MINUTES);
        assertEquals(Exit.BAD, hit.exit(), hit.err());
        assertEquals("ok", hit.summary().get("health").asText());
        for (String verdict : failing) {
            assertEquals("FAIL", hit.summary().get(verdict).asText(), verdict + " " + hit.err());
        }
        assertTrue(hit.summary().get("plan_count").isNull());
        if (step.equals("creates")) {
            int ok = hit.summary().get("create_ok").asInt();
            assertTrue(ok >= 2 && ok < 10, "created " + ok);
            assertEquals("000", hit.lines("plans-created.txt").get(9));
        }
        RoundRig.Round next = rig.round(); // a fresh process: its switches are normal again
        assertTrue(next.summary().get("restarted").asBoolean());
        assertEquals(
                List.of("v01_health"),
                Stream.of(
                                "v01_health",
                                "v02_creates",
                                "v03_stuck_scan",
                                "v04_recovery",
                                "v05_plan_count",
                                "v06_metrics",
                                "v07_integrity")
                        .filter(v -> next.summary().get(v).asText().equals("FAIL"))
                        .toList(),
                next.err());
        assertEquals(0, next.summary().get("lost_plans").asInt());
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void one_that_exits_at_each_start_leaves_two_recorded_rounds_and_comes_back_when_mended() throws Exception {
        rig.round();
        assertTrue(rig.controlPlane().stop(Duration.ofSeconds(10)).isPresent());
        rig.with("CP_COMMAND", "sh -c \"echo cannot bind; exit 3\"");
        for (RoundRig.Round round : rig.rounds(2)) {
            assertEquals(Exit.BAD, round.exit());
            assertTrue(round.err().contains("exit code 3") && round.err().contains("cannot bind"), round.err());
            assertTrue(round.summary().get("restarted").asBoolean());
            assertTrue(
                    round.err().contains("nothing was created: the control plane was down and could not be started"),
                    round.err());
            assertEquals(0, round.summary().get("create_ok").asInt());
        }
        RoundRig.Round mended =
                rig.with("CP_COMMAND", ForeignControlPlane.command()).round();
        assertEquals(20, mended.summary().get("plan_count").asInt());
        assertEquals(0, mended.summary().get("lost_plans").asInt());
        assertEquals(Exit.OK, rig.round().exit());
    }

    @Test
    void one_that_answers_each_request_slower_than_it_may_ends_the_round_all_the_same() throws Exception {
        rig.with("REQUEST_TIMEOUT_SECONDS", "1");
        set("create_delay_ms", "1500");
        RoundRig.Round round = rig.round();
        assertEquals(
                List.of("000"),
                round.lines("plans-created.txt").stream().distinct().toList());
        assertEquals(10, round.summary().get("create_errors").asInt());
        assertTrue(
                round.summary().get("p99_ms").asDouble() >= 1000,
                "an answer that did not come is the slowest there is");
        assertTrue(
                round.summary().get("revived_plans").asInt() >= 9,
                "they were made after all, and a listing settles it");
        set("create_delay_ms", "");
        int revived = round.summary().get("revived_plans").asInt();
        RoundRig.Round next = round;
        for (int i = 0;
                i < 20 && revived < 10;
                i++) { // the last ones may be made only after the listing that followed them
            next = rig.round();
            assertEquals(Exit.OK, next.exit(), next.err());
            revived += next.summary().get("revived_plans").asInt();
        }
        assertEquals(10, revived);
        assertEquals(
                next.summary().get("plan_count").asInt() + 10,
                rig.round().summary().get("expected_plans").asInt());
    }

    @Test
    void a_huge_listing_is_given_up_within_the_memory_that_a_round_has() throws Exception {
        rig.round();
        set("list", "huge");
        Fork.Result round = Fork.run(memory(Fork.java("round", folder.toString())));
        assertEquals(Exit.BAD, round.exit(), round.err());
        assertTrue(round.err().contains("v05_plan_count FAIL"), round.err());
        assertFalse(round.err().contains("OutOfMemory"), round.err());
        set("list", "");
        rig.setNow(java.time.Instant.now().plusSeconds(2));
        assertEquals(Exit.OK, rig.round().exit());
    }

    /** As round.java's own RUNTIME_OPTIONS have it. */
    private static List<String> memory(List<String> java) {
        java.util.ArrayList<String> command = new java.util.ArrayList<>(java);
        command.add(1, "-Xmx160m");
        return command;
    }
}
