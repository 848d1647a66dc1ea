package report;

import base.Exit;
import base.Failure;
import base.Json;
import base.Printable;
import base.Time;
import build.Version;
import cache.DayCache;
import command.Terminal;
import cron.CronWatch;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import output.Alerts;
import output.Evidence;
import output.Form;
import output.Measurement;
import output.Templates;
import seal.Head;
import settings.Config;

/** {@code --type status}: where the soak stands now, on one screen, as the long text or as JSON. Writes no file. */
public final class StatusReport {
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final String CLEAR = "\u001b[2J";
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final Config config;
    private final Terminal terminal;
    private final IntSupplier width;
    private final Supplier<CronWatch> machine;

    /**
     * @param width finds out how wide the terminal is
     * @param machine looks what starts the rounds on this machine; gives null where that is not to be told
     */
    public StatusReport(Config config, Terminal terminal, IntSupplier width, Supplier<CronWatch> machine) {
        this.config = config;
        this.terminal = terminal;
        this.width = width;
        this.machine = machine;
    }

    /**
     * @param form null for the screen
     * @return exit code: 10 if a check or a claim is failed, or overall or Gate D at the end; 11 if there is no round
     *     yet, which the screen says too
     */
    public int run(Scope scope, Form form, PrintWriter out) {
        Judging judging = form == null
                ? Judging.unasked(config, scope) // a screen is drawn at once
                : Judging.of(config, scope, "--type", "status");
        try (EvidenceDatabase database = EvidenceDatabase.openWithSiteSql(config, scope, DayCache.asItIs(config))) {
            if (form == null) {
                PrintWriter painted = Printable.behind(out); // its lines are clean, and may have colours
                screen(database, judging).forEach(painted::println);
                painted.flush();
            }
            Evidence.requireRounds(database, scope);
            if (form == Form.JSON) {
                out.print(Json.write(json(database, head(scope), judging, cron(database))));
            } else if (form != null) {
                String text = text(database, judging, form == Form.TEXT ? cron(database) : null);
                out.print(
                        form == Form.TEXT
                                ? text
                                : Verdicts.of(database)
                                        .addTo(Junit.of(database, config, "status", config.startedAt(), scope))
                                        .outcome()
                                        .xml(text));
            }
            return Evidence.anyFailed(database) ? Exit.BAD : Exit.OK;
        }
    }

    /**
     * The screen again and again, until the process is ended; the cursor is back then. Each is of one moment: a report
     * sees the rounds that began before as_of, a round's summary is written last, and so what stands half done is told
     * as running.
     *
     * @param now the scope of the present moment
     */
    public int watch(Duration every, Supplier<Scope> now, Time time, PrintWriter clean) throws InterruptedException {
        PrintWriter out = Printable.behind(clean);
        Object drawing = new Object();
        boolean[] ended = new boolean[1];
        Thread restore = new Thread(() -> {
            synchronized (drawing) {
                ended[0] = true;
                out.print(SHOW_CURSOR + "\n");
                out.flush();
            }
        });
        Runtime.getRuntime().addShutdownHook(restore);
        out.print(HIDE_CURSOR + CLEAR);
        while (true) {
            StringBuilder screen = new StringBuilder(HOME);
            for (String line : lines(now.get())) {
                screen.append(line).append(CLEAR_LINE).append('\n');
            }
            synchronized (drawing) {
                if (!ended[0]) {
                    out.print(screen.append(CLEAR_BELOW));
                    out.flush();
                }
            }
            time.sleep(every);
        }
    }

    private List<String> lines(Scope scope) {
        try (EvidenceDatabase database = EvidenceDatabase.openWithSiteSql(config, scope, DayCache.asItIs(config))) {
            return screen(database, Judging.unasked(config, scope));
        } catch (Failure passing) {
            // a folder that cannot be read now may be read next time
            return List.of(Printable.line(passing.getMessage()));
        }
    }

    private List<String> screen(EvidenceDatabase database, Judging judging) {
        Map<String, Object> screen = Evidence.one(database, "SELECT * FROM status_screen");
        boolean overdue = (Boolean) screen.get("is_overdue");
        if (overdue && Files.exists(config.dir().cronLog())) {
            screen.put("next", screen.get("next") + " (cron.log)");
        }
        CronWatch cron = cron(database);
        String told = cron != null && (overdue || !cron.missing().isEmpty()) ? cron.brief() : "";
        return new StatusScreen(terminal, terminal.columns(width))
                .lines(
                        screen,
                        told,
                        judging.isAnother() ? "not the pinned one: --format text says more" : "",
                        Evidence.rows(database, "SELECT * FROM soak_days"),
                        Evidence.rows(database, "SELECT * FROM status_margin"),
                        Alerts.lines(database));
    }

    /** What starts the rounds on this machine; null where that is not told, as once no round is to come. */
    private CronWatch cron(EvidenceDatabase database) {
        return "ended".equals(Evidence.one(database, "SELECT state FROM status").get("state")) ? null : machine.get();
    }

    private static String text(EvidenceDatabase database, Judging asked, CronWatch cron) {
        Verdicts verdicts = Verdicts.of(database);
        Map<String, Object> judged = new LinkedHashMap<>(Evidence.one(database, "SELECT * FROM status"));
        verdicts.addTo(judged);
        return Templates.render(
                "status.txt.ftl",
                Map.of(
                        "cron",
                        cron == null ? "" : cron.told(),
                        "t",
                        Evidence.one(database, "SELECT * FROM status_text"),
                        "v",
                        verdicts.texts(),
                        "judge",
                        asked.beside(judged).texts(),
                        "alerts",
                        Alerts.listed(database),
                        "o",
                        Outlook.of(database).texts(),
                        "m",
                        Measurement.of(database).texts()));
    }

    /** Of the newest sealed round; null where there is none. */
    private Map<String, Object> head(Scope scope) {
        return Head.newest(config.dir().rounds(), scope.asOf())
                .map(Head::toJson)
                .orElse(null);
    }

    private static Map<String, Object> json(
            EvidenceDatabase database, Map<String, Object> head, Judging asked, CronWatch cron) {
        Map<String, Object> status = new LinkedHashMap<>(Evidence.one(database, "SELECT * FROM status"));
        status.put("days", Evidence.rows(database, "SELECT * FROM soak_days"));
        Alerts.of(database).addTo(status);
        Verdicts.of(database).addTo(status);
        Judging judging = asked.beside(status);
        Outlook.of(database).addTo(status);
        Measurement.of(database).addTo(status);
        status.put("head", head);
        status.put(Version.FIELD, Version.NUMBER);
        judging.addTo(status);
        if (cron != null) {
            status.put("this_machine", cron.toJson()); // no evidence: what this very look saw
        }
        return status;
    }
}
