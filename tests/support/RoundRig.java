import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import base.Json;
import base.Time;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import process.ControlPlane;
import settings.Config;
import soak.SoakDir;

/**
 * A soak folder on a foreign control plane, and rounds run in this JVM on a wall clock that the test sets: each round
 * starts half an hour after the one before. Durations are the machine's own.
 */
final class RoundRig implements Closeable {
    static final Instant START = Instant.parse("2026-10-01T00:00:00Z");
    private static final Duration INTERVAL = Duration.ofMinutes(30);
    /** How often a round asks for the time until its folder has a name. */
    private static final int LOOKS_BEFORE_THE_FOLDER = 3;

    /** What a round came to; summary is null if it wrote none. */
    record Round(int exit, String out, String err, Path folder, JsonNode summary) {
        String text(String file) throws IOException {
            return Files.readString(folder.resolve(file));
        }

        List<String> lines(String file) throws IOException {
            return Files.readAllLines(folder.resolve(file));
        }

        /** Its warnings that have this in them. */
        List<String> warnings(String part) {
            return StreamSupport.stream(summary.get("warnings").spliterator(), false)
                    .map(JsonNode::asText)
                    .filter(warning -> warning.contains(part))
                    .toList();
        }

        /** The steps that failed. */
        List<String> failed() {
            List<String> steps = new ArrayList<>();
            summary.properties().forEach(field -> {
                if (field.getKey().matches("v0\\d_.*")
                        && field.getValue().asText().equals("FAIL")) {
                    steps.add(field.getKey());
                }
            });
            return steps;
        }

        /** What its scan refuted, each by round and plan. */
        List<String> refuted() {
            return StreamSupport.stream(summary.get("refuted_recoveries").spliterator(), false)
                    .map(one -> one.get("round_id").asText() + " "
                            + one.get("plan_id").asText())
                    .toList();
        }

        /** Of the set check, such as {@code lost}. */
        List<String> ids(String finding) throws IOException {
            List<String> ids = new ArrayList<>();
            Json.parse(text("integrity.json")).path(finding).forEach(id -> ids.add(id.asText()));
            return ids;
        }
    }

    final SoakDir dir;
    /** In this JVM; null where the soak starts one as a process. */
    final ForeignControlPlane cp;

    private final Map<String, String> settings = new LinkedHashMap<>();
    private Instant now = START;
    private Duration stepMidRound = Duration.ZERO;
    private Duration slept = Duration.ZERO;

    private RoundRig(Path folder, ForeignControlPlane cp, Map<String, String> own) throws IOException {
        this.dir = new SoakDir(folder);
        this.cp = cp;
        settings.putAll(Map.of(
                "SOAK_STARTED_AT",
                START.toString(),
                "CP_CURSOR_PARAM",
                "page_token",
                "REQUEST_TIMEOUT_SECONDS",
                "10",
                "AUTONOMY_CLI",
                ForeignControlPlane.cli(folder).toString()));
        settings.putAll(own);
        Files.writeString(dir.planTemplate(), ForeignControlPlane.TEMPLATE);
        Files.writeString(dir.drillTemplate(), ForeignControlPlane.DRILL_TEMPLATE);
        Files.createDirectories(dir.rounds());
        configure();
    }

    /** On a control plane that the soak did not start. */
    static RoundRig attached(Path folder) throws IOException {
        ForeignControlPlane cp = ForeignControlPlane.start();
        return new RoundRig(
                folder, cp, Map.of("CP_MODE", "attached", "CP_URL", cp.url(), "CP_METRICS_URL", cp.metricsUrl()));
    }

    /** On a control plane that the first round starts, as a process. */
    static RoundRig external(Path folder) throws IOException {
        return new RoundRig(
                folder,
                null,
                Map.of(
                        "CP_MODE",
                        "external",
                        "CP_URL",
                        "http://127.0.0.1:" + Ports.free(),
                        "CP_METRICS_URL",
                        "http://127.0.0.1:" + Ports.free() + "/metrics",
                        "CP_COMMAND",
                        ForeignControlPlane.command()));
    }

    /** On the embedded control plane, which the first round starts, as a process. */
    static RoundRig embedded(Path folder) throws IOException {
        String java = String.join(
                " ",
                Fork.java("controlplane").stream().map(base.ShellWords::quote).toList());
        RoundRig rig = new RoundRig(
                folder,
                null,
                Map.of(
                        "CP_MODE",
                        "embedded",
                        "CP_URL",
                        "http://127.0.0.1:" + Ports.free(),
                        "CP_METRICS_URL",
                        "http://127.0.0.1:" + Ports.free() + "/metrics",
                        "CP_CURSOR_PARAM",
                        "cursor",
                        "CP_COMMAND",
                        java + " serve --listen {listen} --metrics-listen {metrics_listen} --data-dir {data_dir}"));
        Files.writeString(
                rig.dir.planTemplate(),
                "{\"plan_id\": \"{plan_id}\", \"artifact_ref\": \"a\", \"stages\": [{\"stage_id\": \"one\"}]}");
        return rig;
    }

    /** Sets keys of config.env: name, value, name, value. */
    RoundRig with(String... keysAndValues) throws IOException {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        configure();
        return this;
    }

    private void configure() throws IOException {
        Files.writeString(dir.config(), Config.of(dir, settings).render());
    }

    ControlPlane controlPlane() {
        return new ControlPlane(Config.read(dir), Time.system());
    }

    void startControlPlane() {
        ControlPlane.Outcome outcome = controlPlane().tryStart(Duration.ofMinutes(1));
        assertInstanceOf(ControlPlane.Started.class, outcome, outcome.toString());
    }

    /** Plans that somebody else made. */
    void createOthers(int count) {
        probe.HttpCall http = new probe.HttpCall(Time.system(), Duration.ofSeconds(5), 1000);
        for (int i = 0; i < count; i++) {
            byte[] body = ForeignControlPlane.TEMPLATE
                    .replace("{plan_id}", "somebody-else-1790800000-" + i)
                    .getBytes();
            if (!http.postJson(java.net.URI.create(cp.url() + "/v1/rollouts"), body)
                    .is(201)) {
                throw new AssertionError("plan " + i + " of somebody else was not made");
            }
        }
    }

    void setNow(Instant instant) {
        now = instant;
    }

    /** The wall clock of the next round steps by so much once its folder is claimed. */
    void stepMidRound(Duration step) {
        stepMidRound = step;
    }

    /** The next round, at its time. */
    Round round() throws IOException {
        List<Path> before = folders();
        Fork.Result ran = Fork.here(new round(clock()), dir.root().toString());
        Path folder =
                folders().stream().filter(f -> !before.contains(f)).findFirst().orElse(null);
        Path summary = folder == null ? null : folder.resolve("round-summary.json");
        now = now.plus(INTERVAL);
        return new Round(
                ran.exit(),
                ran.out(),
                ran.err(),
                folder,
                summary != null && Files.exists(summary) ? Json.parse(Files.readString(summary)) : null);
    }

    /** @param time of the first day, HH:MM:SS */
    Round roundAt(String time) throws IOException {
        setNow(Instant.parse("2026-10-01T" + time + "Z"));
        return round();
    }

    /** The next scans have these plans and no others; {@code since} is JSON, or null for none. */
    void stuck(String since, String... plans) throws IOException {
        ArrayNode all = Json.MAPPER.createArrayNode();
        for (String plan : plans) {
            ObjectNode one = all.addObject().put("plan_id", plan).put("phase", "published");
            if (since != null) {
                one.set("stuck_since", Json.parse(since));
            }
        }
        cp.set(
                "stuck_json",
                Json.MAPPER
                        .createObjectNode()
                        .<ObjectNode>set("stuck_plans", all)
                        .toString());
    }

    /** A look that counts nowhere, at the time of the next round. */
    Round probe() {
        Fork.Result ran = Fork.here(new round(clock()), dir.root().toString(), "--probe");
        return new Round(ran.exit(), ran.out(), ran.err(), null, null);
    }

    List<Round> rounds(int count) throws IOException {
        ArrayList<Round> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(round());
        }
        return all;
    }

    List<Path> folders() throws IOException {
        try (Stream<Path> all = Files.walk(dir.rounds(), 2)) {
            return all.filter(p -> p.getFileName().toString().startsWith("round-"))
                    .sorted()
                    .toList();
        }
    }

    List<String> alerts() throws IOException {
        return Files.exists(dir.alertsLog()) ? Files.readAllLines(dir.alertsLog()) : List.of();
    }

    /**
     * The wall clock stands where the test set it, and moves only when a round waits for it, which takes no time of the
     * machine's.
     */
    Time clock() {
        return new Time() {
            private int looks;

            @Override
            public Instant now() {
                if (++looks == LOOKS_BEFORE_THE_FOLDER + 1) {
                    now = now.plus(stepMidRound);
                    stepMidRound = Duration.ZERO;
                }
                return now;
            }

            @Override
            public long nanoTime() {
                return System.nanoTime() + slept.toNanos();
            }

            @Override
            public void sleep(Duration duration) {
                slept = slept.plus(duration);
                now = now.plus(duration);
            }
        };
    }

    @Override
    public void close() throws IOException {
        if (cp != null) {
            cp.close();
        }
        if (Files.exists(dir.pidFile()) && controlPlane().state() != ControlPlane.State.DEAD) {
            controlPlane().stop(Duration.ZERO);
        }
    }

    /** The names of what reports and rounds keep of days that are over. */
    List<String> kept() throws IOException {
        if (!Files.exists(dir.cache())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(dir.cache())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
