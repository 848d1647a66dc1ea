package lab.rehearsal;

import base.Durable;
import base.Exit;
import base.Failure;
import base.Folders;
import base.Json;
import build.Judge;
import com.fasterxml.jackson.databind.JsonNode;
import command.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import settings.Config;
import soak.RoundFiles;
import soak.Schedule;
import soak.SoakDir;
import workload.ClosedRounds;

/**
 * One soak on a virtual clock, from its first round to its final report: what cron would start, in cron's order, by the
 * same code. It goes on where an earlier run of it in the same folder was cut off.
 */
final class Rehearsal {
    static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    private static final String DAILY = "daily";
    private static final Duration DAILY_AT = Duration.ofHours(1);
    private static final Duration CHECKPOINT_AT = Duration.ofHours(2);
    private static final int CHECKPOINT_EVERY_DAYS = 7;
    private static final int LAST_CHECKPOINT_DAY = 21;
    private static final int LEAST_CRON_DELAY_MS = 900;
    private static final int CRON_DELAY_SPREAD_MS = 900;
    private static final long BYTES_PER_MIB = 1 << 20;

    private final Scenario scenario;
    private final long seed;
    private final SoakDir dir;
    private final Commands commands;
    private final Watcher watcher;
    private final VirtualTime time = new VirtualTime(START);
    private final ClosedRounds closedRounds = new ClosedRounds();

    private Config config;
    private Stage stage;
    private StagedStore store;
    private StagedControlPlane controlPlane;
    private StagedMachine machine;
    private Thief thief;
    private int reports;

    /**
     * How a rehearsal ended.
     *
     * @param finalReport the final report's text
     * @param verdicts word by the id of each check and claim, and of {@code overall}
     * @param unexpected where a verdict is not the stated one, a sentence each
     * @param stated how many verdicts are stated, of all there are
     */
    record Outcome(
            String finalReport,
            Map<String, String> verdicts,
            List<String> unexpected,
            int stated,
            int rounds,
            int reports) {}

    Rehearsal(Scenario scenario, long seed, SoakDir dir, Commands commands, Watcher watcher) {
        this.scenario = scenario;
        this.seed = seed;
        this.dir = dir;
        this.commands = commands;
        this.watcher = watcher;
    }

    /** Something that cron would start at an instant. */
    private record Due(Instant at, int order, long slot, List<String> report) {}

    Outcome run() throws IOException {
        config = Config.read(dir);
        stage = new Stage(scenario, seed, time, config);
        store = new StagedStore(dir.cpData());
        if (hasEnded(dir)) {
            return outcome();
        }
        ResumePoint point = takeBack();
        try (StagedControlPlane opened = new StagedControlPlane(config, time, stage)) {
            controlPlane = opened;
            machine = new StagedMachine(time, controlPlane, commands, stage);
            if (point == null) {
                begin();
            } else {
                controlPlane.resume(point);
            }
            Instant from = slotStart(point == null ? 0 : point.slot());
            for (Due due : timetable()) {
                if (!due.at().isBefore(from)) {
                    happen(due);
                }
            }
        }
        cleanUp();
        if (!Files.exists(dir.finalJson())) {
            throw Failure.failed("no round ran in this rehearsal, so there is nothing to report");
        }
        return outcome();
    }

    static boolean hasEnded(SoakDir dir) {
        return Files.exists(dir.finalJson()) && !ResumePoint.exists(dir);
    }

    /** What the final report says, held against what the scenario does. */
    private Outcome outcome() throws IOException {
        JsonNode report = Json.parse(Files.readString(dir.finalJson()));
        Map<String, String> seen = new LinkedHashMap<>();
        for (String list : List.of("checks", "claims")) {
            report.path(list)
                    .forEach(v ->
                            seen.put(v.path("id").asText(), v.path("verdict").asText()));
        }
        seen.put("overall", report.path("overall").asText());
        List<String> unexpected = new ArrayList<>();
        scenario.expect().forEach((id, stated) -> {
            if (!stated.equals(seen.get(id))) {
                unexpected.add(id + " is " + seen.get(id) + ", stated was " + stated);
            }
        });
        if (!report.path("gate_d").asText().equals("NOT ASSESSED (rehearsal)")) {
            unexpected.add("Gate D is " + report.path("gate_d").asText() + ", but a rehearsal must not assess it");
        }
        return new Outcome(
                Files.readString(dir.finalText()),
                seen,
                unexpected,
                scenario.expect().size(),
                report.path("total_rounds").asInt(),
                reports);
    }

    private Instant slotStart(long slot) {
        return START.plusSeconds(slot * scenario.intervalSeconds());
    }

    /** When cron starts the round: not to the second. */
    static Instant roundStart(Scenario scenario, long seed, long slot) {
        return START.plusSeconds(slot * scenario.intervalSeconds())
                .plusMillis(LEAST_CRON_DELAY_MS + Stage.random(~seed, slot).nextInt(CRON_DELAY_SPREAD_MS));
    }

    // --- the beginning --------------------------------------------------------------------------------------------

    /** What setup does before the first round. */
    private void begin() throws IOException {
        stage.beginRound(-1);
        controlPlane.tryStart(config.startTimeout());
        Durable.write(
                dir.setupSummary(),
                "result: PASS\ncp_start_ms: " + time.nanoTime() / 1_000_000 + "\nhealth_http_code: 200\nstarted_at: "
                        + config.get("SOAK_STARTED_AT") + "\nsoak_id: " + config.soakId() + "\ncp_mode: "
                        + config.cpMode() + "\n" + Judge.own().inSummaryText() + "rehearsal: true\n");
    }

    /**
     * What an earlier run did since its last resume point is taken back.
     *
     * @return that point; null where the rehearsal begins
     */
    private ResumePoint takeBack() throws IOException {
        if (ResumePoint.exists(dir)) {
            ResumePoint point = ResumePoint.read(dir);
            point.restore(dir, config, store);
            time.advanceTo(point.now());
            for (Path round : RoundFiles.folders(dir.rounds())) {
                stage.refusedBefore(failedRecoveries(round));
            }
            return point;
        }
        if (!RoundFiles.folders(dir.rounds()).isEmpty()) {
            throw Failure.failed("the rehearsal in " + dir.root()
                    + " was interrupted and cannot continue, because its tmp/ is missing: give another folder");
        }
        Files.deleteIfExists(dir.cpLog());
        for (Path file : RoundFiles.children(dir.cpData())) {
            Files.delete(file);
        }
        return null;
    }

    private static List<String> failedRecoveries(Path round) throws IOException {
        Path recovery = round.resolve(RoundFiles.RECOVERY);
        return !Files.exists(recovery)
                ? List.of()
                : Files.readAllLines(recovery).stream()
                        .filter(l -> l.matches("\\S+ exit=[1-9].*"))
                        .map(l -> l.split(" ")[0])
                        .toList();
    }

    // --- what cron starts -----------------------------------------------------------------------------------------

    private List<Due> timetable() {
        List<Due> all = new ArrayList<>();
        Instant end = config.schedule().end();
        for (long slot = 0; slot < config.schedule().totalSlots(); slot++) {
            all.add(new Due(slotStart(slot), 0, slot, null));
        }
        for (LocalDate date = LocalDate.ofInstant(START, ZoneOffset.UTC);
                date.atStartOfDay().toInstant(ZoneOffset.UTC).isBefore(end);
                date = date.plusDays(1)) {
            all.add(report(
                    date.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC).plus(DAILY_AT), 1, DAILY));
        }
        for (int day = CHECKPOINT_EVERY_DAYS;
                day <= Math.min(LAST_CHECKPOINT_DAY, scenario.days());
                day += CHECKPOINT_EVERY_DAYS) {
            all.add(report(config.schedule().endOfDay(day).plus(CHECKPOINT_AT), 2, "checkpoint"));
        }
        all.add(report(end.plus(CHECKPOINT_AT), 3, "final"));
        all.sort(Comparator.comparing(Due::at).thenComparing(Due::order));
        return all;
    }

    private static Due report(Instant at, int order, String type) {
        return new Due(at, order, -1, List.of("--type", type));
    }

    private void happen(Due due) throws IOException {
        if (due.report() != null) {
            time.advanceTo(due.at().plusSeconds(1));
            if (due.report().contains(DAILY) && yesterdayIsAfterTheSoak()) {
                return; // the clock was set beyond its end
            }
            reports++;
            command(commands.report(time), due.report());
            return;
        }
        // the round before took too long, or the clock was set: cron does not catch up
        boolean over = !time.now().isBefore(slotStart(due.slot() + 1));
        stage.beginRound(due.slot());
        if (due.slot() % (Schedule.SECONDS_PER_DAY / scenario.intervalSeconds()) == 0) {
            ResumePoint.write(dir, config, store, controlPlane, due.slot(), time.now());
        }
        boolean hostDown = stage.fault(Fault.Kind.HOST_DOWN) != null;
        keepStoresThatComeBack(due.slot());
        if (hostDown) {
            controlPlane.kill();
        }
        if (over || hostDown || stage.fault(Fault.Kind.MISSED) != null) {
            watcher.missed(due.slot());
            return;
        }
        time.advanceTo(roundStart(scenario, seed, due.slot()));
        boolean faulty = stageFaults(due.slot());
        try {
            command(commands.round(time, machine, closedRounds), List.of());
        } finally {
            if (thief != null) {
                thief.close();
                thief = null;
            }
        }
        watcher.round(due.slot(), config.plansPerRound(), faulty);
    }

    private boolean yesterdayIsAfterTheSoak() {
        return config.schedule()
                .hasEnded(time.now().truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS));
    }

    /** Runs it as cron would, its words in cron.log; what cannot do its job ends the rehearsal. */
    private void command(Callable<Integer> command, List<String> options) throws IOException {
        StringWriter said = new StringWriter();
        PrintWriter both = new PrintWriter(said, true);
        List<String> arguments = new ArrayList<>(List.of(dir.root().toString()));
        arguments.addAll(options);
        int exit = Cli.run(command, both, both, arguments.toArray(String[]::new));
        String root = dir.root().toString();
        // the same rehearsal leaves the same files wherever it runs
        String anywhere = said.toString().replace("'" + root + "'", "SOAK_DIR").replace(root, "SOAK_DIR");
        Files.writeString(
                dir.cronLog(), anywhere, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (exit != Exit.OK && exit != Exit.BAD && exit != Exit.NO_EVIDENCE) {
            throw Failure.failed("the rehearsal ended at " + time.now().truncatedTo(ChronoUnit.SECONDS) + " (exit "
                    + exit + "): " + said.toString().strip());
        }
    }

    // --- what goes wrong ------------------------------------------------------------------------------------------

    private void keepStoresThatComeBack(long slot) throws IOException {
        for (Fault fault : scenario.faults()) {
            if (fault.kind() == Fault.Kind.OLD_STORE && slot == fault.copySlot(scenario.intervalSeconds())) {
                Files.createDirectories(dir.tmp());
                store.copyTo(oldStore(fault));
            }
        }
    }

    private Path oldStore(Fault fault) {
        return dir.tmp().resolve("old-store-" + scenario.faults().indexOf(fault) + ".db");
    }

    /** How many of the oldest plans are not those that a lossy control plane loses. */
    static int passedOver(long seed, long slot) {
        return Stage.random(seed, slot).nextInt((int) Math.max(1, slot));
    }

    /** @return whether anything goes wrong in this round */
    private boolean stageFaults(long slot) throws IOException {
        boolean any = false;
        for (Fault fault : scenario.faults()) {
            if (!fault.covers(slot, scenario.intervalSeconds())) {
                continue;
            }
            any = true;
            boolean first = slot == fault.firstSlot(scenario.intervalSeconds());
            // an expression: the compiler holds it to name every kind
            Happening happening = switch (fault.kind()) {
                case KILLED -> first ? controlPlane::kill : Happening.NONE;
                case DOES_NOT_START -> controlPlane::kill;
                case PORT_TAKEN -> this::takePort;
                case HUNG -> controlPlane::hang;
                case OLD_STORE -> first ? () -> restore(fault) : Happening.NONE;
                case LOSES -> () -> store.lose(fault.amount(), passedOver(seed, slot));
                case STUCK ->
                    first
                            ? () -> store.stick(
                                    fault.amount(), time.now().minusSeconds(2L * config.stuckThresholdSeconds()))
                            : Happening.NONE;
                case LEAKS -> () -> controlPlane.leak(fault.amount() * BYTES_PER_MIB);
                case CLOCK_STEPS -> () -> stage.stepClock(Duration.ofSeconds(fault.amount()));
                // the stage, the machine or the timetable does it
                case SLOW,
                        REFUSES,
                        LISTS_TWICE,
                        OTHER_PAGING,
                        UNKNOWN_PAGING,
                        REPLICA_LAG,
                        SCAN_FAILS,
                        RECOVERY_FAILS,
                        HOLLOW_RECOVERIES,
                        MISSED,
                        HOST_DOWN -> Happening.NONE;
            };
            happening.come();
        }
        return any;
    }

    private interface Happening {
        Happening NONE = () -> {};

        void come() throws IOException;
    }

    private void takePort() throws IOException {
        controlPlane.kill();
        // two such faults may meet
        thief = thief == null ? Thief.at(config, time, dir.tmp().resolve("thief")) : thief;
    }

    private void restore(Fault fault) throws IOException {
        controlPlane.kill();
        store.replaceBy(oldStore(fault));
    }

    // --- the end --------------------------------------------------------------------------------------------------

    /** What only the run itself needed. */
    private void cleanUp() throws IOException {
        if (Files.isDirectory(dir.tmp())) {
            Folders.delete(dir.tmp());
        }
    }
}
