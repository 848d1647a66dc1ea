package cron;

import base.Failure;
import base.ThisUser;
import base.Why;
import cron.CronWatch.Answer;
import cron.CronWatch.Finding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import settings.Config;
import soak.Schedule;
import soak.SoakDir;

/** One look at one machine, for {@link CronWatch}. */
final class CronLook {
    /**
     * Debian's cron and bcron, cronie's, dcron's and busybox's crond, fcron, mcron, supercronic: names as the kernel
     * has them.
     */
    private static final Set<String> DAEMONS = Set.of("cron", "crond", "fcron", "mcron", "bcron-sched", "supercronic");

    private static final List<String> SYSTEMD_CRON = List.of(
            "usr/lib/systemd/system-generators/systemd-crontab-generator",
            "lib/systemd/system-generators/systemd-crontab-generator");
    private static final Pattern EXEC_START = Pattern.compile("(?m)^ExecStart=[-@:+!|]*(.*)$");

    private final SoakDir dir;
    private final Map<String, String> environment;
    private final Path machine;
    private final CronLines lines;
    /** How often each crontab starts rounds. */
    private final List<OptionalInt> perDay = new ArrayList<>();

    CronLook(SoakDir dir, Map<String, String> environment, Path machine) {
        this.dir = dir;
        this.environment = environment;
        this.machine = machine;
        this.lines = new CronLines(dir, environment);
    }

    CronWatch all() {
        Finding timer = timer();
        boolean systemdDoesIt = timer.answer() == Answer.YES;
        Instant written = null;
        try {
            written = Files.getLastModifiedTime(dir.cronLog()).toInstant().truncatedTo(ChronoUnit.SECONDS);
        } catch (IOException absent) {
            // then cron has never run anything
        }
        Finding line = line(timer);
        return new CronWatch(
                systemdDoesIt ? Finding.yes("systemd runs") : daemon(),
                line,
                systemdDoesIt || line.answer() != Answer.YES ? Finding.FINE : oftenEnough(),
                systemdDoesIt ? Finding.FINE : CronLogRights.of(dir),
                written);
    }

    // --- what runs ---------------------------------------------------------------------------------------------------

    private Finding daemon() {
        Path proc = machine.resolve("proc");
        if (comm(proc.resolve("1")).isEmpty()) {
            return Finding.unknown(
                    "whether a cron daemon runs cannot be seen", "this user sees no processes of others in /proc");
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                String name = comm(process);
                if (DAEMONS.contains(name)
                        || name.equals("busybox") && commandLine(process).matches("(?:\\S*/)?busybox crond\\b.*")) {
                    if (!ended(process)) {
                        return Finding.yes(name + " runs (pid " + process.getFileName() + ")");
                    }
                }
            }
        } catch (IOException e) {
            return Finding.unknown("whether a cron daemon runs cannot be seen", Why.of(e, null));
        }
        if (isSystemd() && SYSTEMD_CRON.stream().anyMatch(generator -> Files.exists(machine.resolve(generator)))) {
            return Finding.yes("systemd-cron runs the crontabs");
        }
        return Finding.no(
                "no cron daemon runs (cron, crond, systemd-cron)",
                isSystemd()
                        ? "start it (systemctl enable --now cron, or crond), or use the timers of setup.java"
                                + " --systemd"
                        : "install cron and start it, or make sure that something else starts the rounds");
    }

    private boolean isSystemd() {
        return comm(machine.resolve("proc/1")).equals("systemd");
    }

    private static String comm(Path process) {
        try {
            return Files.readString(process.resolve("comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException goneOrHidden) {
            return "";
        }
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException gone) {
            return "";
        }
    }

    /** A zombie starts nothing. */
    private static boolean ended(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return true;
        }
    }

    // --- what it is told ---------------------------------------------------------------------------------------------

    /** @param timer what was found of timers */
    private Finding line(Finding timer) {
        List<String> unseen = new ArrayList<>();
        List<CronLines.Found> unclear = new ArrayList<>();
        List<String> starters = new ArrayList<>();
        int rounds = 0;
        if (timer.answer() == Answer.YES) {
            starters.add(timer.words());
            rounds++;
        }
        for (Source source : sources(unseen)) {
            CronLines.Found found = lines.crontab(source.text(), source.system());
            if (found.role() == CronLines.Role.STARTS_ROUNDS) {
                rounds += found.rounds();
                perDay.add(found.perDay());
                starters.add(
                        source.name() + " has its line" + (found.rounds() > 1 ? " " + found.rounds() + " times" : "")
                                + (found.literalPath().isEmpty()
                                        ? ""
                                        : ", below PATH=" + found.literalPath()
                                                + ", in which cron expands no variable: write the folders in full"));
            }
            if (found.role() == CronLines.Role.UNCLEAR) {
                unclear.add(found);
            }
        }
        if (!starters.isEmpty()) {
            return new Finding(
                    Answer.YES,
                    String.join(", and ", starters),
                    rounds == 1 ? "" : "if two of these start a round at the same time, keep one");
        }
        if (!unclear.isEmpty()) {
            return Finding.unknown(
                    "whether cron starts the rounds of this soak is unclear",
                    "the line " + unclear.get(0).line() + " may do it");
        }
        if (timer.answer() == Answer.UNKNOWN) {
            return timer;
        }
        if (!unseen.isEmpty()) {
            return Finding.unknown(
                    "whether a crontab has the line of this soak cannot be seen", String.join("; ", unseen));
        }
        return Finding.no(
                "no line of " + ThisUser.name() + "'s crontab, /etc/crontab or /etc/cron.d starts the rounds of "
                        + dir.root(),
                "if the soak runs on this machine (and this folder is not a copy), setup.java " + dir.word()
                        + " --install-crontab adds it");
    }

    private Finding oftenEnough() {
        OptionalInt starts = CronLines.sum(perDay);
        int slots;
        try {
            slots = Schedule.SECONDS_PER_DAY / Config.read(dir).intervalSeconds();
        } catch (Failure broken) { // told by whoever goes by it
            return Finding.FINE;
        }
        if (starts.isEmpty() || starts.getAsInt() >= slots) {
            return Finding.FINE;
        }
        int times = starts.getAsInt();
        return Finding.no(
                times == 0
                        ? "there are days on which no crontab starts a round of " + dir.root()
                        : "the crontab starts a round " + times + (times == 1 ? " time" : " times") + " a day, and "
                                + dir.root() + " has " + slots + " slots a day",
                "each slot without a round counts against the soak, so correct the line's five fields: setup.java "
                        + dir.word() + " prints the right ones");
    }

    /** @param system whether its lines name a user */
    private record Source(String name, String text, boolean system) {}

    private List<Source> sources(List<String> unseen) {
        List<Source> sources = new ArrayList<>();
        List<String> owners = owners(unseen);
        for (String owner : owners) {
            try {
                CrontabCommand.Run run = owner.equals(ThisUser.name())
                        ? CrontabCommand.run(environment, null, "-l")
                        : CrontabCommand.run(environment, null, "-u", owner, "-l");
                if (run.exit() == 0) {
                    // Names of files are UTF-8, and what is not is none of this soak's.
                    sources.add(new Source(
                            owner + "'s crontab",
                            new String(run.out().getBytes(CrontabCommand.BYTES), StandardCharsets.UTF_8),
                            false));
                } else if (!run.missing()
                        && !run.saysThereIsNone()) { // without the command there may yet be /etc/cron.d
                    unseen.add("crontab -l says: " + run.says());
                }
            } catch (IOException e) {
                unseen.add("crontab -l cannot be run (" + Why.of(e, null) + ")");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                unseen.add("interrupted while crontab ran");
            }
        }
        List<Path> files = new ArrayList<>(List.of(machine.resolve("etc/crontab")));
        try (DirectoryStream<Path> more = Files.newDirectoryStream(machine.resolve("etc/cron.d"))) {
            more.forEach(files::add);
        } catch (IOException none) {
            if (Files.exists(machine.resolve("etc/cron.d"))) {
                unseen.add("/etc/cron.d cannot be read");
            }
        }
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                String name = "/" + machine.relativize(file);
                try {
                    sources.add(new Source(name, new String(Files.readAllBytes(file), StandardCharsets.UTF_8), true));
                } catch (IOException e) {
                    unseen.add(name + " cannot be read");
                }
            }
        }
        return sources;
    }

    /** Whose crontabs can be looked at: this user's, and for root that of the folder's owner as well. */
    private List<String> owners(List<String> unseen) {
        List<String> owners = new ArrayList<>(List.of(ThisUser.name()));
        try {
            String owner = Files.getOwner(dir.root()).getName();
            if (!owner.equals(ThisUser.name())) {
                if (ThisUser.name().equals("root")) {
                    owners.add(owner);
                } else {
                    unseen.add("SOAK_DIR belongs to " + owner + ", whose crontab " + ThisUser.name() + " cannot read");
                }
            }
        } catch (IOException | UnsupportedOperationException e) {
            unseen.add("the owner of SOAK_DIR cannot be read");
        }
        return owners;
    }

    // --- systemd -----------------------------------------------------------------------------------------------------

    /**
     * YES: a timer of systemd's that is enabled starts the rounds; UNKNOWN: there is one, and it is not seen to be
     * enabled.
     */
    private Finding timer() {
        Finding best = Finding.no("", "");
        if (!isSystemd()) {
            return best;
        }
        List<Path> folders = new ArrayList<>(List.of(
                machine.resolve("etc/systemd/system"),
                machine.resolve("usr/lib/systemd/system"),
                machine.resolve("lib/systemd/system")));
        if (environment.containsKey("HOME")) {
            folders.add(Path.of(environment.get("HOME"), ".config/systemd/user"));
        }
        for (Path folder : folders) {
            try (DirectoryStream<Path> timers = Files.newDirectoryStream(folder, "*.timer")) {
                for (Path timer : timers) {
                    Path service =
                            timer.resolveSibling(timer.getFileName().toString().replaceFirst("timer$", "service"));
                    if (Files.isRegularFile(service) && startsRounds(service)) {
                        if (isEnabled(
                                folder, folders.get(0), timer.getFileName().toString())) {
                            return Finding.yes("the timer " + timer.getFileName() + " starts its rounds");
                        }
                        best = Finding.unknown(
                                "the timer " + timer.getFileName() + " exists but is not enabled",
                                "systemctl enable --now " + timer.getFileName());
                    }
                }
            } catch (IOException none) {
                // no such folder, or it is another user's
            }
        }
        return best;
    }

    private boolean startsRounds(Path service) throws IOException {
        Matcher start = EXEC_START.matcher(new String(Files.readAllBytes(service), StandardCharsets.UTF_8));
        while (start.find()) {
            if (lines.command(start.group(1).replace("%%", "%").replace("$$", "$")) == CronLines.Role.STARTS_ROUNDS) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEnabled(Path folder, Path system, String timer) {
        return Stream.of(folder, system).anyMatch(place -> {
            try (DirectoryStream<Path> wants = Files.newDirectoryStream(place, "*.wants")) {
                for (Path target : wants) {
                    if (Files.isSymbolicLink(target.resolve(timer)) || Files.exists(target.resolve(timer))) {
                        return true;
                    }
                }
            } catch (IOException none) {
                // then it is not enabled there
            }
            return false;
        });
    }
}
