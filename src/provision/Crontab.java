package provision;

import base.Failure;
import base.ShellWords;
import cron.CrontabCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import settings.Config;
import soak.SoakDir;

/** The crontab lines of a soak, between markers that name its folder, so that several soaks share one crontab. */
public final class Crontab {
    private static final Pattern CRON_TZ =
            Pattern.compile("(?m)^\\s*CRON_TZ\\s*=\\s*[\"']?([A-Za-z0-9_/+-]+)[\"']?\\s*$");

    private static final String BEGIN = "# BEGIN val12-soak ";
    private static final String END = "# END val12-soak ";

    private final SoakDir dir;
    private final Map<String, String> environment;

    /** @param environment the process's; its PATH leads to the {@code crontab} command */
    public Crontab(SoakDir dir, Map<String, String> environment) {
        this.dir = dir;
        this.environment = environment;
    }

    /**
     * The lines, ready to paste, between their markers.
     *
     * @param machineZone see {@link Timetable#machineZone}
     */
    public List<String> lines(Config config, String machineZone) {
        return lines(config, machineZone, "");
    }

    private List<String> lines(Config config, String machineZone, String above) {
        boolean machineIsUtc = Timetable.isUtc(machineZone);
        String log = " >> " + word(dir.cronLog().toString()) + " 2>&1";
        List<String> lines = new ArrayList<>();
        lines.add(begin());
        if (!machineZone.isEmpty()) {
            lines.add("CRON_TZ=UTC");
        }
        if (!machineIsUtc) {
            lines.add("# This machine is not in UTC and many crons ignore CRON_TZ: daily lines run more often, and"
                    + " bin/due lets only the right time through.");
        }
        lines.add("# Each round takes a lock of its own, so it never runs beside another one; flock(1) is not"
                + " needed.");
        for (Job job : Job.of(config)) {
            String command = word(dir.script(job.program()).toString()) + " "
                    + word(dir.root().toString()) + job.arguments();
            lines.add("# " + job.comment());
            if (job.when() == null) {
                lines.add("@reboot " + command + log);
                continue;
            }
            Optional<Timetable.Cron> cron = job.when().cron(machineZone);
            if (cron.isEmpty()) {
                lines.add(
                        "# cron counts whole minutes, so it cannot do this: use the timers of setup --systemd, or call"
                                + " in a loop:");
                lines.add("#   " + command);
                continue;
            }
            String gate = cron.get().step() == 0
                    ? ""
                    : word(dir.script("due").toString()) + " " + job.when().due(cron.get()) + " && ";
            lines.add(cron.get().fields() + " " + gate + command + log);
        }
        String zoneBelow = zoneSet(above).orElse(machineZone);
        if (!machineZone.isEmpty() && !Timetable.isUtc(zoneBelow)) {
            // it holds from its line on: a user's own lines below must not come to run in UTC
            lines.add("CRON_TZ=" + zoneBelow);
        }
        lines.add(end());
        return lines;
    }

    /** A word for the shell inside a crontab, where a bare percent sign would end the command. */
    private static String word(String text) {
        return ShellWords.quote(text).replace("%", "\\%");
    }

    /** Puts the lines in, in place of an earlier set of the same soak; everything else stays byte for byte. */
    public void install(Config config, String machineZone) {
        String before = read();
        Optional<int[]> old = block(before);
        int start = old.map(range -> range[0]).orElse(before.length());
        int end = old.map(range -> range[1]).orElse(before.length());
        String head = before.substring(0, start);
        String lineEnd = head.isEmpty() || head.endsWith("\n") ? "" : "\n";
        String block = String.join("\n", lines(config, machineZone, head)) + "\n";
        write(head + lineEnd + bytes(block) + before.substring(end));
    }

    /**
     * Takes the lines out.
     *
     * @return false if there were none
     */
    public boolean remove() {
        String before = read();
        String after = before;
        for (Optional<int[]> block = block(after); block.isPresent(); block = block(after)) {
            after = after.substring(0, block.get()[0]) + after.substring(block.get()[1]);
        }
        if (after.equals(before)) {
            return false;
        }
        write(after);
        return true;
    }

    public boolean installed() {
        return block(read()).isPresent();
    }

    public String begin() {
        return BEGIN + dir.root();
    }

    public String end() {
        return END + dir.root();
    }

    private static Optional<String> zoneSet(String crontab) {
        return CRON_TZ.matcher(crontab).results().reduce((first, last) -> last).map(m -> m.group(1));
    }

    private Optional<int[]> block(String crontab) {
        String name = nameIn(crontab);
        String begin = bytes(BEGIN + name + "\n");
        String end = bytes(END + name + "\n");
        int start = lineAt(crontab, begin, 0);
        if (start < 0) {
            return Optional.empty();
        }
        int close = lineAt(crontab, end, start);
        if (close < 0) {
            throw Failure.failed("the crontab has the line \"" + BEGIN + name
                    + "\" without its END line: repair it with crontab -e, then run this again");
        }
        return Optional.of(new int[] {start, close + end.length()});
    }

    /** By which name the folder stands there: it may be reached by links, and its lines are one soak's all the same. */
    private String nameIn(String crontab) {
        String own = dir.root().toString();
        return crontab.lines()
                .map(line -> new String(line.getBytes(CrontabCommand.BYTES), StandardCharsets.UTF_8))
                .filter(line -> line.startsWith(BEGIN))
                .map(line -> line.substring(BEGIN.length()))
                .filter(name -> name.equals(own) || isSameFolder(name))
                .findFirst()
                .orElse(own);
    }

    private boolean isSameFolder(String name) {
        try {
            return Files.isSameFile(Path.of(name), dir.root());
        } catch (IOException | InvalidPathException absent) {
            return false;
        }
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), CrontabCommand.BYTES);
    }

    private static int lineAt(String text, String line, int from) {
        int at = text.indexOf(line, from);
        while (at > 0 && text.charAt(at - 1) != '\n') {
            at = text.indexOf(line, at + 1);
        }
        return at;
    }

    private String read() {
        CrontabCommand.Run run = crontab(null, "-l");
        if (run.exit() == 0) {
            return run.out();
        }
        if (run.saysThereIsNone()) {
            return "";
        }
        throw Failure.failed("crontab -l failed (exit " + run.exit() + "): " + run.says()
                + "; nothing was changed: check whether this user may have a crontab");
    }

    private void write(String text) {
        CrontabCommand.Run run = crontab(text, "-");
        if (run.exit() != 0) {
            throw Failure.failed("crontab refused the new lines (exit " + run.exit() + "): " + run.says()
                    + "; the old lines are unchanged");
        }
    }

    private CrontabCommand.Run crontab(String input, String argument) {
        try {
            CrontabCommand.Run run = CrontabCommand.run(environment, input, argument);
            if (run.missing()) {
                throw Failure.failed(
                        "there is no crontab command on PATH: install cron, or use the timers that setup --systemd"
                                + " prints");
            }
            return run;
        } catch (IOException e) {
            throw Failure.failed("crontab cannot be run (" + e.getMessage() + "): check its permissions", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted while crontab ran");
        }
    }
}
