package settings;

import base.Failure;
import base.Inode;
import base.Json;
import base.KeyedLines;
import base.PlainFile;
import base.ShellWords;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * What a soak leaves in its folder beside its settings. A folder with traces and without its settings is damaged, not
 * new: defaults there would lead to another control plane than the one that holds the soak's plans.
 */
public final class Traces {
    private static final List<String> CONTROL_PLANE_KEYS = List.of("CP_MODE", "CP_URL", "CP_COMMAND", "AUTONOMY_CLI");

    private final SoakDir dir;

    public Traces(SoakDir dir) {
        this.dir = dir;
    }

    /**
     * Whether a soak has begun here: it has a round, a setup that was recorded, or a control plane that was started.
     */
    public boolean begun() {
        return !rounds().isEmpty() || Files.exists(dir.pidFile()) || Files.exists(dir.setupSummary());
    }

    /** @throws Failure exit 64 if a soak has begun here and its config.env is gone or says nothing */
    public void requireSettings() {
        boolean there = Files.exists(dir.config());
        if (there && !saysNothing() || !begun()) {
            return;
        }
        throw Failure.usage("SOAK_DIR " + dir.root() + (there ? " has an empty config.env" : " has no config.env")
                + ", but a soak has begun there (" + String.join(", ", found())
                + "): the folder is damaged, not new, and nothing was started or written; restore config.env from "
                + source()
                + known().entrySet().stream()
                        .map(e -> "\n  " + ShellWords.assignment(e.getKey(), Secrets.masked(e.getKey(), e.getValue())))
                        .reduce("", String::concat));
    }

    private boolean saysNothing() {
        try {
            return PlainFile.text(dir.config(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .allMatch(line -> line.isBlank() || line.stripLeading().startsWith("#"));
        } catch (IOException unreadable) {
            return false; // who reads it says so
        }
    }

    private List<String> found() {
        List<String> found = new ArrayList<>();
        List<Path> rounds = rounds();
        if (!rounds.isEmpty()) {
            found.add((rounds.size() == 1 ? "1 round folder, " : rounds.size() + " round folders, the newest ")
                    + dir.name(rounds.get(rounds.size() - 1)));
        }
        for (Path file : List.of(dir.pidFile(), dir.setupSummary())) {
            if (Files.exists(file)) {
                found.add(file.getFileName().toString());
            }
        }
        return found;
    }

    private String source() {
        Optional<Path> archive = archive();
        String told = known().isEmpty()
                ? ""
                : "; if there is none, write the file again with these values, which the first round and"
                        + " setup-summary.txt recorded and by which the soak is judged (no other value was recorded)";
        return (archive.isPresent() ? "the archive " + archive.get() : "a copy or an archive of the soak") + told;
    }

    /** The newest archive of this soak, where reports put them. */
    private Optional<Path> archive() {
        String name = known().getOrDefault("SOAK_ID", "");
        Path beside = dir.root().getParent();
        if (name.isEmpty() || beside == null) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(beside)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name + "-")
                            && file.getFileName().toString().endsWith(".tar.gz"))
                    .max(Comparator.naturalOrder());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Keys of config.env that the evidence tells, as the soak began: a later edit is what fails verdicts. */
    private Map<String, String> known() {
        Map<String, String> known = new LinkedHashMap<>();
        setupSummary().forEach((name, value) -> {
            String key = name.toUpperCase(Locale.ROOT);
            if (CONTROL_PLANE_KEYS.contains(key) && !value.equals("n/a")) {
                known.put(key, value);
            }
        });
        rounds().stream()
                .map(Traces::targets)
                .filter(targets -> !targets.isEmpty())
                .findFirst()
                .ifPresent(known::putAll);
        // The first round ran before setup wrote down the second of its start.
        Optional.ofNullable(setupSummary().get("started_at"))
                .ifPresent(start -> known.computeIfPresent("SOAK_STARTED_AT", (key, told) -> start));
        return known;
    }

    /** Where setup made the soak, as its summary says. */
    public Optional<Path> madeAt() {
        return Optional.ofNullable(setupSummary().get("soak_dir")).map(Path::of);
    }

    /**
     * Whether setup made the soak in this very folder, and froze its build there: whoever packs one can tell its path.
     */
    public boolean isMadeHere() {
        return madeAt().filter(dir.root()::equals).isPresent()
                && Inode.of(dir.root())
                        .filter(KeyedLines.orNone(dir.buildText()).getOrDefault(SoakDir.INODE, "")::equals)
                        .isPresent();
    }

    private Map<String, String> setupSummary() {
        return KeyedLines.orNone(dir.setupSummary());
    }

    private static Map<String, String> targets(Path round) {
        Map<String, String> targets = new LinkedHashMap<>();
        try {
            JsonNode told = Json.parse(Files.readString(round.resolve(RoundFiles.SUMMARY)))
                    .path("targets");
            told.properties()
                    .forEach(field ->
                            targets.put(field.getKey(), field.getValue().asText()));
        } catch (IOException absentOrBroken) {
            // another round may be whole
        }
        return targets;
    }

    /** The round folders, oldest first. */
    private List<Path> rounds() {
        try {
            return RoundFiles.folders(dir.rounds());
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
