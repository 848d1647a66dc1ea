package soak;

import base.Failure;
import base.Inode;
import base.PlainFile;
import base.ShellWords;
import base.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The soak folder: the one place where the names of its files stand (plan, "Directory Structure"; contract, section 3).
 */
public record SoakDir(Path root) {
    // Names of files, for what knows them by their place in a folder or an archive: findings, masks, an archive's list.
    public static final String CONFIG = "config.env";
    public static final String CP_LOG = "cp.log";
    public static final String ROUNDS = "rounds";
    public static final String DAILY = "daily";
    public static final String SEALS = "seals";
    public static final String CHECKPOINTS = "checkpoints";
    /** What holds reports, and what was told of the heads. */
    public static final Set<String> REPORT_FOLDERS = Set.of(DAILY, CHECKPOINTS, SEALS);

    public static final String FINAL_TEXT = "final-report.txt";
    public static final String FINAL_JSON = "final-report.json";
    public static final String FINAL_PAGE = "final-report.html";
    public static final String FINAL_STATEMENT = "final-report.intoto.json";
    public static final String FINAL_ENVELOPE = "final-report.intoto.dsse.json";
    public static final Set<String> FINAL_REPORT =
            Set.of(FINAL_TEXT, FINAL_JSON, FINAL_PAGE, FINAL_STATEMENT, FINAL_ENVELOPE);

    /** In bin/build.txt: the {@link Inode} of the folder into which the build was frozen. */
    public static final String INODE = "soak_dir_inode";

    public static final String TMP = "tmp";
    public static final String ALERTS_LOG = "alerts.log";
    public static final String CRON_LOG = "cron.log";
    public static final String SETUP_SUMMARY = "setup-summary.txt";
    public static final String SETUP_RESUMES = "setup-resumes.log";
    public static final String PLAN_TEMPLATE = "plan-template.json";
    public static final String DRILL_TEMPLATE = "plan-drill-template.json";
    /** The list of the frozen build's hashes. */
    public static final String BUILD_SUMS = "bin/SHA256SUMS";
    /** What an archive holds beside the soak's own files. */
    public static final String ARCHIVE_README = "ARCHIVE-README.txt";

    private static final String CLASSES = "classes.";
    private static final Pattern SUMMARY = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})-summary\\.json");
    private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d{1,5})d\\.json");
    private static final Pattern NEWEST =
            Pattern.compile("(?m)^Its newest file is of (\\d{4}-\\d{2}-\\d{2}T[\\d:]{8}Z):");

    public SoakDir {
        root = plain(root.toAbsolutePath());
    }

    /** As every other program goes there: above a link is the folder above what it leads to. */
    private static Path plain(Path absolute) {
        Path at = absolute.getRoot();
        for (Path name : absolute) {
            if (name.toString().equals("..")) {
                at = above(at);
            } else if (!name.toString().equals(".")) {
                at = at.resolve(name);
            }
        }
        return at;
    }

    private static Path above(Path folder) {
        Path led = folder;
        try {
            led = Files.isSymbolicLink(folder) ? folder.toRealPath() : folder;
        } catch (IOException leadsNowhere) {
            // then no program finds anything above it
        }
        return led.getParent() == null ? led : led.getParent();
    }

    /** The folder as a word of a command line that people copy. */
    public String word() {
        return ShellWords.quote(root.toString());
    }

    public Path config() {
        return root.resolve(CONFIG);
    }

    public Path pidFile() {
        return root.resolve("cp.pid");
    }

    public Path cpLog() {
        return root.resolve(CP_LOG);
    }

    public Path cpData() {
        return root.resolve("cp-data");
    }

    public Path auditStore() {
        return root.resolve("audit-store");
    }

    public Path rounds() {
        return root.resolve(ROUNDS);
    }

    /** The user's own views, {@code *.sql}, for site checks and for --sql. */
    public Path siteViews() {
        return root.resolve("views");
    }

    /** The user's own checks, {@code *.sql}. */
    public Path siteChecks() {
        return root.resolve("checks");
    }

    public Path daily() {
        return root.resolve(DAILY);
    }

    public Path dailySummary(LocalDate date) {
        return daily().resolve(date + "-summary.json");
    }

    /** Of which date a file is the daily summary; none of a file by another name. */
    public static Optional<String> dateOfSummary(Path file) {
        Matcher name = SUMMARY.matcher(file.getFileName().toString());
        return name.matches() ? Optional.of(name.group(1)) : Optional.empty();
    }

    /** What of the heads has left the machine, by date. */
    public Path seals() {
        return root.resolve(SEALS);
    }

    public Path checkpoints() {
        return root.resolve(CHECKPOINTS);
    }

    public Path checkpoint(int day) {
        return checkpoints().resolve("checkpoint-" + day + "d.json");
    }

    /** Of which soak day a file is the checkpoint; none of a file by another name. */
    public static Optional<Integer> dayOfCheckpoint(Path file) {
        Matcher name = CHECKPOINT.matcher(file.getFileName().toString());
        return name.matches() ? Optional.of(Integer.valueOf(name.group(1))) : Optional.empty();
    }

    public Path finalText() {
        return root.resolve(FINAL_TEXT);
    }

    public Path finalJson() {
        return root.resolve(FINAL_JSON);
    }

    /** The statement, signed. */
    public Path finalEnvelope() {
        return root.resolve(FINAL_ENVELOPE);
    }

    /** The final report as an in-toto statement. */
    public Path finalStatement() {
        return root.resolve(FINAL_STATEMENT);
    }

    /** Where the soak stands, for a browser; each daily report writes it anew. */
    public Path statusPage() {
        return root.resolve("status.html");
    }

    public Path alertsLog() {
        return root.resolve(ALERTS_LOG);
    }

    public Path cronLog() {
        return root.resolve(CRON_LOG);
    }

    /** What other programs watch the soak by. */
    public Path metrics() {
        return root.resolve("metrics");
    }

    public Path soakMetrics() {
        return metrics().resolve("soak.prom");
    }

    public Path setupSummary() {
        return root.resolve(SETUP_SUMMARY);
    }

    public Path setupResumes() {
        return root.resolve(SETUP_RESUMES);
    }

    public Path planTemplate() {
        return root.resolve(PLAN_TEMPLATE);
    }

    public Path drillTemplate() {
        return root.resolve(DRILL_TEMPLATE);
    }

    /** Held by the round that runs; never deleted, never opened for its content. */
    public Path roundLock() {
        return root.resolve("round.lock");
    }

    /** The frozen build that cron runs. */
    public Path bin() {
        return root.resolve("bin");
    }

    /** Its jars. */
    public Path lib() {
        return bin().resolve("lib");
    }

    /** One of its start scripts: round, report, due … */
    public Path script(String name) {
        return bin().resolve(name);
    }

    /** Its version, when it was frozen, and what differs by machine. */
    public Path buildText() {
        return bin().resolve("build.txt");
    }

    /** The hash of each of its files; written last. */
    public Path buildSums() {
        return root.resolve(BUILD_SUMS);
    }

    /** A cache for its starts, which may be deleted at any time. */
    public Path classes() {
        return bin().resolve(CLASSES + "jsa");
    }

    /** For which Java and which jars that was made. */
    public Path classesOf() {
        return bin().resolve(CLASSES + "txt");
    }

    /** Tells the reader of an archive what is in it; no soak on disk has one until it is unpacked. */
    public Path archiveReadme() {
        return root.resolve(ARCHIVE_README);
    }

    /**
     * Whether this is an archive as it was unpacked, into which nothing is written. A soak that goes on has a tmp/,
     * which setup makes and no archive holds.
     */
    public boolean isUnpackedArchive() {
        return Files.exists(archiveReadme()) && !Files.exists(tmp());
    }

    /** Of an archive's README: the copies that people make of its files have times of their own. */
    public static String newestIs(Instant newest) {
        return "Its newest file is of " + newest + ":";
    }

    /** What {@link #newestIs} told; empty where no README of an archive says it. */
    public Optional<Instant> toldNewest() {
        try {
            Matcher told = NEWEST.matcher(PlainFile.text(archiveReadme()));
            return told.find() ? Optional.of(Instant.parse(told.group(1))) : Optional.empty();
        } catch (IOException | DateTimeParseException none) {
            return Optional.empty();
        }
    }

    /**
     * Until when this folder tells of the soak: now, but of an unpacked archive until its newest file, whose time its
     * README says, in archives of older builds has, and at least until its last round's slot is over. Whatever came
     * later may well have come: the soak went on elsewhere.
     */
    public Instant present(Instant now, int intervalSeconds) {
        if (!isUnpackedArchive()) {
            return now;
        }
        try {
            Optional<Instant> said = toldNewest();
            Instant newest = said.isPresent()
                    ? said.get()
                    : Files.getLastModifiedTime(archiveReadme()).toInstant();
            Instant told = RoundFiles.folders(rounds()).stream()
                    .map(round -> RoundFiles.second(round).plusSeconds(intervalSeconds))
                    .reduce(newest, (one, other) -> one.isAfter(other) ? one : other);
            return told.isBefore(now) ? told : now;
        } catch (IOException e) {
            throw Failure.failed(root + " cannot be read (" + Why.of(e, root) + "): let this user read it", e);
        }
    }

    /** @throws Failure exit 64 where this is an unpacked archive */
    public void requireNoArchive(String what) {
        if (isUnpackedArchive()) {
            throw Failure.usage(root + " is an unpacked archive, and nothing is written into it or beside it: leave "
                    + what + " out");
        }
    }

    /** @throws Failure exit 64 where this is an unpacked archive, in which a round would be one that never was */
    public void requireNoArchiveForRounds() {
        if (isUnpackedArchive()) {
            throw Failure.usage(root + " is an unpacked archive, and a round would change its evidence: to look at the"
                    + " control plane use --probe; to go on with the soak there, start setup.java " + word()
                    + " first");
        }
    }

    /** {@link #tmp()} for what a report spills; null where nothing is written into this folder. */
    public Path scratch() {
        return isUnpackedArchive() ? null : tmp();
    }

    /** What reports keep of days that are over ({@link cache.DayCache}); may be deleted at any time. */
    public Path cache() {
        return root.resolve("cache");
    }

    /** Where libraries unpack their native parts: a /tmp that is full, read-only or noexec must not end a soak. */
    public Path tmp() {
        return root.resolve(TMP);
    }

    public Path round(String roundId) {
        return rounds().resolve(roundId);
    }

    /** A round's folder by its path in this one. */
    public static String roundName(String roundId) {
        return ROUNDS + "/" + roundId;
    }

    /** A file by its path in this folder, where it lies in it: a report must not depend on where its folder stands. */
    public String name(Path file) {
        return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
    }
}
