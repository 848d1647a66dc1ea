package provision;

import base.Durable;
import base.PlainFile;
import base.Printable;
import base.Sha256;
import base.Time;
import build.Judge;
import build.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import settings.Config;
import settings.Secrets;
import soak.SoakDir;

/**
 * setup-summary.txt: {@code key: value} lines, the evidence for the check of the first setup. The first setup writes
 * it, no later one does, so that a start which failed cannot be mended in the record.
 */
public final class SetupSummary {
    private final SoakDir dir;
    private final boolean first;

    /**
     * @param goesOn whether a soak of ours has rounds: its first setup was long ago, and a file that is gone stays gone
     */
    public SetupSummary(SoakDir dir, boolean goesOn) {
        this.dir = dir;
        this.first = !goesOn && !Files.exists(dir.setupSummary());
    }

    /** Whether this run is the one that writes it. */
    public boolean isFirst() {
        return first;
    }

    /** What a person must know of that check; thirty days are long. */
    public Optional<String> warning() throws IOException {
        if (!Files.exists(dir.setupSummary())) {
            return Optional.of(dir.setupSummary()
                    + " is missing, and the check of the first setup depends on it: restore it from a copy or an"
                    + " archive of the soak; no later setup writes it again");
        }
        return !PlainFile.text(dir.setupSummary()).lines().toList().contains("result: FAIL")
                ? Optional.empty()
                : Optional.of(dir.setupSummary()
                        + " says FAIL, and the check of the first setup depends on it: this soak cannot pass; start a"
                        + " new soak in another folder");
    }

    /**
     * What the first setup came to, judged by the rule of its own check.
     *
     * @return why that check is lost, null if it is not
     */
    public String write(Config config, Time time, Running running) throws IOException {
        if (!first) {
            return null;
        }
        String lost = running.how().equals("alive")
                ? "not measured: the control plane was already running when the first setup wanted to start it"
                : Outset.startLost(config, time, text(config, "PASS", null, running.startText(), running.healthCode()));
        write(config, lost == null ? "PASS" : "FAIL", lost, running.startText(), running.healthCode());
        return lost;
    }

    /** @param startMs "n/a" if it was not measured */
    public void fail(Config config, String reason, String startMs, String healthCode) throws IOException {
        write(config, "FAIL", reason.lines().findFirst().orElse(""), startMs, healthCode);
    }

    /** Adds the start of the soak, which is known later. */
    public void began(Config config) throws IOException {
        if (first) {
            Durable.write(
                    dir.setupSummary(),
                    PlainFile.text(dir.setupSummary())
                            .replaceFirst("(?m)^started_at: .*$", "started_at: " + config.get("SOAK_STARTED_AT")));
        }
    }

    private void write(Config config, String result, String reason, String startMs, String healthCode)
            throws IOException {
        if (first) {
            Durable.write(dir.setupSummary(), text(config, result, reason, startMs, healthCode));
        }
    }

    private String text(Config config, String result, String reason, String startMs, String healthCode)
            throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("result", result);
        if (reason != null) {
            lines.put("reason", reason);
        }
        lines.put("cp_start_ms", startMs);
        lines.put("health_http_code", healthCode);
        lines.put("started_at", config.get("SOAK_STARTED_AT").isEmpty() ? "n/a" : config.get("SOAK_STARTED_AT"));
        lines.put("soak_id", config.soakId());
        lines.put("soak_dir", dir.root().toString());
        lines.put("cp_mode", config.cpMode());
        lines.put("cp_url", config.cpUrl());
        lines.put(
                "cp_command",
                config.get("CP_COMMAND").isEmpty()
                        ? "n/a"
                        : Secrets.of(config).shown("CP_COMMAND", config.get("CP_COMMAND")));
        if (config.cpMode().equals("external")) {
            hash(program(config), "cp_program", lines);
        }
        lines.put("autonomy_cli", config.cli());
        hash(config.cli(), "autonomy_cli", lines);
        lines.put("harness_version", Version.current());
        lines.putAll(Judge.own().inSummary());
        // What the soak is begun with: an edit is seen by it where no round tells.
        lines.putAll(config.begunWith());
        lines.put("java_version", System.getProperty("java.version"));
        lines.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        return lines.entrySet().stream()
                .map(e -> e.getKey() + ": " + Printable.text(e.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    /** What was set up, for whoever will ask in a month which build it was. */
    private static void hash(String program, String name, Map<String, String> lines) throws IOException {
        if (program != null && Files.isRegularFile(Path.of(program)) && Files.isReadable(Path.of(program))) {
            lines.put(name, program);
            lines.put(name + "_sha256", Sha256.of(Path.of(program)));
        }
    }

    /** The first program of the start command, null where a shell would have to find it out. */
    private static String program(Config config) {
        return StartCommand.programs(config.get("CP_COMMAND"), config.dir().root()).stream()
                .findFirst()
                .filter(program -> program.name().contains("/"))
                .map(program -> program.folder().resolve(program.name()).toString())
                .orElse(null);
    }
}
