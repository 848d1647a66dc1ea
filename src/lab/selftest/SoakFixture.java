package lab.selftest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import settings.Config;
import soak.SoakDir;

/**
 * A soak folder as the contract describes it, made in milliseconds: a good round in every slot, varied round by round.
 *
 * <pre>{@code
 * SoakFixture soak = SoakFixture.in(folder).days(3).interval(3600);
 * soak.rounds(0, 72).round(17, r -> r.failed()).missed(20).write();
 * }</pre>
 *
 * Latencies depend on slot and place alone, so that the same fixture gives the same bytes.
 */
public final class SoakFixture {
    private final SoakDir dir;
    final Map<String, String> config = new LinkedHashMap<>();
    private final TreeMap<Long, FixtureRound> rounds = new TreeMap<>(); // by offset from the start in seconds
    private final List<String> alerts = new ArrayList<>();
    private final List<String> resumes = new ArrayList<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private String setupSummary = "result: PASS\ncp_start_ms: 412\nhealth_http_code: 200\ncp_mode: external\n";
    int drillEvery = 4;
    Map<String, String> settings = Map.of();

    private SoakFixture(Path folder) {
        dir = new SoakDir(folder);
        config.put("SOAK_ID", "soak-val12");
        config.put("SOAK_STARTED_AT", "2026-10-01T00:00:00Z");
        config.put("SOAK_DAYS", "30");
        config.put("ROUND_INTERVAL_SECONDS", "1800");
        config.put("CP_MODE", "external");
    }

    public static SoakFixture in(Path folder) {
        return new SoakFixture(folder);
    }

    public SoakFixture startedAt(String instant) {
        return set("SOAK_STARTED_AT", instant);
    }

    public SoakFixture days(int days) {
        return set("SOAK_DAYS", Integer.toString(days));
    }

    public SoakFixture interval(int seconds) {
        return set("ROUND_INTERVAL_SECONDS", Integer.toString(seconds));
    }

    /** A key of config.env; null takes it out. */
    public SoakFixture set(String key, String value) {
        if (value == null) {
            config.remove(key);
        } else {
            config.put(key, value);
        }
        return this;
    }

    /** Every n-th round recovers one plan, as the drill makes it; 0 = none is ever stuck. */
    public SoakFixture drillEvery(int n) {
        drillEvery = n;
        return this;
    }

    public SoakFixture setupSummary(String text) {
        setupSummary = text;
        return this;
    }

    public SoakFixture alert(String line) {
        alerts.add(line);
        return this;
    }

    public SoakFixture resume(String line) {
        resumes.add(line);
        return this;
    }

    /** Any file, by its path in the soak folder; text {@code null} makes a folder. */
    public SoakFixture file(String path, String text) {
        files.put(path, text);
        return this;
    }

    public Instant start() {
        return Instant.parse(
                config.get("SOAK_STARTED_AT") == null ? "2026-10-01T00:00:00Z" : config.get("SOAK_STARTED_AT"));
    }

    public int interval() {
        return Integer.parseInt(config.get("ROUND_INTERVAL_SECONDS"));
    }

    public Instant slotStart(long slot) {
        return start().plusSeconds(slot * interval());
    }

    public Instant end() {
        return start().plus(Duration.ofDays(Long.parseLong(config.get("SOAK_DAYS"))));
    }

    /** One round in each slot of [from, to). */
    public SoakFixture rounds(long from, long to) {
        for (long slot = from; slot < to; slot++) {
            round(slot, r -> {});
        }
        return this;
    }

    /** The round of a slot, made if there is none. */
    public SoakFixture round(long slot, Consumer<FixtureRound> variation) {
        return roundAt(slot * interval(), variation);
    }

    /**
     * A round so many seconds after the start of the soak: for a second round in a slot, or one before or after the
     * soak.
     */
    public SoakFixture roundAt(long offsetSeconds, Consumer<FixtureRound> variation) {
        variation.accept(rounds.computeIfAbsent(offsetSeconds, o -> new FixtureRound(this, start().plusSeconds(o), o)));
        return this;
    }

    public SoakFixture missed(long... slots) {
        for (long slot : slots) {
            rounds.remove(slot * interval());
        }
        return this;
    }

    public SoakFixture each(Consumer<FixtureRound> variation) {
        rounds.values().forEach(variation);
        return this;
    }

    public SoakDir dir() {
        return dir;
    }

    /** Writes the folder and reads its configuration back. */
    public Config write() {
        try {
            Files.createDirectories(dir.rounds());
            Files.writeString(dir.config(), Config.of(dir, config).render());
            settings = new LinkedHashMap<>(Config.of(dir, config).recorded());
            settings.put("SOAK_STARTED_AT", start().toString()); // no round runs without one
            if (setupSummary != null) {
                Files.writeString(dir.setupSummary(), setupSummary);
            }
            writeLines(dir.alertsLog(), alerts);
            writeLines(dir.setupResumes(), resumes);
            long ordinal = 0;
            long plans = 0;
            for (FixtureRound round : rounds.values()) {
                ordinal++;
                plans += round.acknowledged();
                new FixtureFiles(round).write(ordinal, plans);
            }
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = dir.root().resolve(file.getKey());
                if (file.getValue() == null) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    Files.writeString(path, file.getValue());
                }
            }
            return Config.read(dir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeLines(Path file, List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            Files.writeString(file, String.join("\n", lines) + "\n");
        }
    }
}
