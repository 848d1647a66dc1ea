package workload;

import base.Folders;
import base.Time;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import settings.Config;
import soak.RoundFiles;

/**
 * SQLite's own check of the control plane's databases, where the data dir holds any: read-only, each in one read
 * transaction, so on the snapshot of a moment. It needs no control plane that answers: a store that is damaged while
 * its program is down is damaged all the same.
 */
public final class StoreCheck {
    private static final Duration BUSY = Duration.ofSeconds(5);
    /** The round has more to do, and while a check reads, the control plane's write-ahead log can only grow. */
    private static final int CHECKS_AN_INTERVAL = 3;

    private static final Duration SHORTEST_LIMIT = Duration.ofSeconds(10);
    /** A check beyond the date's first is left out where the last one took longer: a round has half an hour. */
    private static final long LONGEST_EXTRA_MS = 10_000;

    /** What seems damaged and may be a copy is looked at again after so long: somebody may just be making it. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final String OK = "ok";
    private static final String GONE = "the file no longer exists";

    /**
     * @param result "ok", what SQLite found wrong, or null: what could not be checked in full is no result
     * @param databases the files that were checked in full, or are damaged
     * @param unchecked why not, by the file
     */
    public record Finding(String result, List<String> databases, Map<String, String> unchecked, long millis) {
        public boolean damaged() {
            return result != null && !result.equals(OK);
        }

        /** Why what was not checked was not; null where everything was. */
        public String uncheckedText() {
            return unchecked.isEmpty()
                    ? null
                    : unchecked.entrySet().stream()
                            .map(e -> e.getKey() + ": " + e.getValue())
                            .collect(Collectors.joining("; "));
        }

        /** For a finding that is damage. */
        public String damage() {
            return "the control plane's database is damaged: " + result + " (" + RoundFiles.STORE_CHECK + ")";
        }

        public Optional<String> warning() {
            if (!unchecked.isEmpty() && unchecked.values().stream().allMatch(GONE::equals)) {
                return Optional.of("the control plane's database is gone (" + String.join(", ", unchecked.keySet())
                        + "): a process that has it open goes on with it, and what it holds is lost when that process"
                        + " ends; before anything restarts the control plane, copy what /proc/PID/fd marks as"
                        + " (deleted), or restore the data dir (" + RoundFiles.STORE_CHECK + ")");
            }
            return Optional.ofNullable(uncheckedText())
                    .map(text -> "the control plane's store could not be checked in full (" + text
                            + "): no verdict depends on this, and the next round tries again ("
                            + RoundFiles.STORE_CHECK + ")");
        }

        public Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("result", result);
            json.put("databases", databases);
            json.put("unchecked", unchecked);
            json.put("ms", millis);
            return json;
        }
    }

    private static final Finding NONE = new Finding(null, List.of(), Map.of(), 0);

    private StoreCheck() {}

    /**
     * The check of a round, with its file; neither result nor reason where none was due, or there is nothing to check.
     * The store of an attached control plane is out of reach.
     *
     * @param healthy whether the control plane was there when this round began, and stayed
     */
    public static Finding inRound(Config config, History history, RoundFolder folder, boolean healthy, Time time)
            throws IOException, InterruptedException {
        boolean last =
                config.schedule().slot(folder.second()) == config.schedule().totalSlots() - 1;
        Path dataDir = config.dir().cpData();
        if (config.attached() || !isDue(history, folder.roundId(), dataDir, healthy, last)) {
            return NONE;
        }
        Finding finding = of(dataDir, history.databasesCheckedBefore(), time, new Limits(BUSY, longest(config)));
        if (finding == null) {
            return NONE;
        }
        folder.storeCheck(finding);
        return finding;
    }

    private static Duration longest(Config config) {
        Duration share = Duration.ofSeconds(config.intervalSeconds()).dividedBy(CHECKS_AN_INTERVAL);
        return share.compareTo(SHORTEST_LIMIT) < 0 ? SHORTEST_LIMIT : share;
    }

    /**
     * Whether a round checks: the first of a UTC date, and each until there is a result for it; and beyond that where
     * something happened: this round or the one before was not healthy or was killed, no round comes after it, or none
     * of the date's databases is there any more.
     *
     * @param last whether this is the soak's last slot
     */
    private static boolean isDue(History history, String roundId, Path dataDir, boolean healthy, boolean last) {
        String date = roundId.substring(0, "YYYY-MM-DD".length());
        Long lastMs = null;
        boolean checkedToday = false;
        Set<String> databases = new HashSet<>();
        for (Path round : history.newestFirst()) {
            if (!RoundFiles.id(round).startsWith(date)) {
                break;
            }
            Optional<History.StoreCheckSaid> said = History.storeCheck(round);
            if (said.isPresent()) {
                lastMs = lastMs == null ? said.get().millis() : lastMs;
                checkedToday |= said.get().hasResult();
                databases.addAll(said.get().databases());
            }
        }
        if (!checkedToday) {
            return lastMs == null || lastMs <= LONGEST_EXTRA_MS;
        }
        Path folder = Folders.real(dataDir);
        if (!databases.isEmpty() && databases.stream().noneMatch(name -> Files.exists(folder.resolve(name)))) {
            return true;
        }
        boolean happened = last
                || !healthy
                || !history.newestFirst().stream()
                        .findFirst()
                        .map(RoundOutcome::of)
                        .map(RoundOutcome::healthy)
                        .orElse(true);
        return happened && lastMs <= LONGEST_EXTRA_MS;
    }

    /**
     * @param busy how long the lock of another process is waited for
     * @param whole how long all checks together may take
     */
    public record Limits(Duration busy, Duration whole) {}

    /**
     * @param checkedBefore the databases of an earlier check: one of these that cannot be read as one any more is
     *     damaged, any other file of such a name may be another program's, or of a SQLite that is not this one
     * @return null if the folder holds no SQLite database
     */
    public static Finding of(Path dataDir, Set<String> checkedBefore, Time time)
            throws IOException, InterruptedException {
        return of(dataDir, checkedBefore, time, new Limits(BUSY, Duration.ofDays(1)));
    }

    /** @param folder the data dir; a link to a folder on another disk is one */
    public static Finding of(Path folder, Set<String> checkedBefore, Time time, Limits limits)
            throws IOException, InterruptedException {
        Path dataDir = Folders.real(folder);
        long began = time.nanoTime();
        BooleanSupplier isTooLate =
                () -> time.nanoTime() - began >= limits.whole().toNanos();
        List<String> damage = new ArrayList<>();
        List<String> checked = new ArrayList<>();
        Map<String, String> unchecked = new TreeMap<>();
        List<Path> databases = databases(dataDir, checkedBefore);
        Map<Path, DatabaseCheck.Outcome> outcomes = new LinkedHashMap<>();
        Map<Path, String> copies = new LinkedHashMap<>();
        for (Path database : databases) {
            String stamp = stamp(database);
            boolean known = checkedBefore.contains(dataDir.relativize(database).toString());
            boolean mayBeACopy = !known || DatabaseCheck.isUnheld(database);
            outcomes.put(database, new DatabaseCheck(database, known, limits.busy(), isTooLate).run());
            if (mayBeACopy && !outcomes.get(database).damage().isEmpty()) {
                copies.put(database, stamp);
            }
        }
        if (!copies.isEmpty()) {
            time.sleep(PAUSE);
        }
        for (Path database : copies.keySet()) {
            boolean known = checkedBefore.contains(dataDir.relativize(database).toString());
            DatabaseCheck.Outcome again = new DatabaseCheck(database, known, limits.busy(), isTooLate).run();
            boolean isACopy =
                    !known && !checkedBefore.isEmpty() || !stamp(database).equals(copies.get(database));
            outcomes.put(database, isACopy && !again.damage().isEmpty() ? noStore(again) : again);
        }
        for (Path database : databases) {
            String name = dataDir.relativize(database).toString();
            DatabaseCheck.Outcome outcome = outcomes.get(database);
            if (outcome.isOfAnotherKind()) {
                continue;
            }
            outcome.damage().forEach(found -> damage.add(database.getFileName() + ": " + found));
            if (outcome.unchecked() != null) {
                unchecked.put(name, outcome.unchecked());
            }
            if (outcome.unchecked() == null || !outcome.damage().isEmpty()) {
                checked.add(name);
            }
        }
        if (databases.isEmpty()) {
            checkedBefore.forEach(name -> unchecked.put(name, GONE));
        }
        if (checked.isEmpty() && unchecked.isEmpty()) {
            return null;
        }
        String result = !damage.isEmpty() ? String.join("; ", damage) : unchecked.isEmpty() ? OK : null;
        return new Finding(result, checked, unchecked, (time.nanoTime() - began) / 1_000_000);
    }

    /** Of a file that came after the first check, or that somebody writes without a log: not the store, but a copy. */
    private static DatabaseCheck.Outcome noStore(DatabaseCheck.Outcome malformed) {
        return new DatabaseCheck.Outcome(
                List.of(),
                "it is malformed, but counts as an incomplete copy: it changes during the check, or no earlier"
                        + " check knows it (" + String.join("; ", malformed.damage())
                        + "); let the copy finish, and make copies outside the data dir",
                false);
    }

    private static String stamp(Path file) {
        try {
            return Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return "";
        }
    }

    /**
     * By their names, by the log that a program has beside one, or as an earlier check knows them, for a program that
     * ends takes its log away. To look into the files would mean to open and close them, and in a process that also
     * runs the control plane that would drop SQLite's own locks on them.
     */
    private static List<Path> databases(Path dataDir, Set<String> checkedBefore) throws IOException {
        if (!Files.isDirectory(dataDir)) {
            return List.of();
        }
        List<Path> databases = new ArrayList<>();
        Files.walkFileTree(dataDir, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (Files.isRegularFile(file)
                        && (file.toString().matches(".*\\.(db|sqlite|sqlite3)")
                                || DatabaseCheck.hasLog(file)
                                || checkedBefore.contains(
                                        dataDir.relativize(file).toString()))) {
                    databases.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                // lost+found is root's alone, and what the control plane removes meanwhile needs no check
                return FileVisitResult.CONTINUE;
            }
        });
        databases.sort(null);
        return databases;
    }
}
