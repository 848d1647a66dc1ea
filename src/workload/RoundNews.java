package workload;

import base.Json;
import base.Printable;
import base.Why;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import seal.Head;
import settings.Config;
import soak.SoakDir;
import witness.Witnesses;

/** What a round tells once its evidence is written: alerts, the metrics, and what cron.log holds of it. */
public final class RoundNews {
    /** Of a sentence in cron.log; round-summary.json has the whole of it. */
    private static final int SHOWN_BYTES = 600;

    private final Config config;
    private final History history;
    private final ClosedRounds closedRounds;
    private final PrintWriter err;

    /** @param history the rounds before this one */
    public RoundNews(Config config, History history, ClosedRounds closedRounds, PrintWriter err) {
        this.config = config;
        this.history = history;
        this.closedRounds = closedRounds;
        this.err = err;
    }

    /** A line with the head of the last round that is there, for those who keep it; empty if there is none. */
    public static String headBefore(SoakDir dir) {
        return Head.newest(dir.rounds(), Instant.MAX)
                .map(head -> "the round before: head " + head)
                .orElse("");
    }

    public void raiseAlerts(RoundSummary round) throws IOException {
        Instant at = round.finishedAt();
        long day = config.schedule().dayOfDate(LocalDate.ofInstant(at, ZoneOffset.UTC));
        Long left = UptimeBudget.of(config, history, closedRounds, json(round)).leftOnceUsed();
        AlertLog log = new AlertLog(config, err);
        for (String alert : new RoundAlerts(history, config.alertConsecutive()).due(round, left, day)) {
            if (log.raise(at, alert)) {
                err.println(AlertLog.line(at, alert));
            }
        }
    }

    /** For whatever watches the machine; no evidence, so that what goes wrong with it is a warning. */
    public void refreshMetrics(RoundSummary round) {
        try {
            SoakMetrics.write(config.dir(), SoakMetrics.text(config, history, closedRounds, json(round)));
        } catch (IOException | RuntimeException e) {
            err.println("round: warning: " + config.dir().soakMetrics() + " was not rewritten: "
                    + Why.of(e, config.dir().soakMetrics()));
        }
    }

    /**
     * Once a date the round's head leaves the machine, by HEAD_COMMAND and TSA_URL. Whatever these do, the round's line
     * follows.
     */
    public void tellWitnesses(RoundSummary round) {
        try {
            head(round).ifPresent(new Witnesses(config, err)::tell);
        } catch (RuntimeException | VirtualMachineError | LinkageError unknown) {
            err.println("round: warning: this round's head was not sent to HEAD_COMMAND and TSA_URL (" + unknown
                    + "): the next round of this date sends its own");
        }
    }

    private Optional<Head> head(RoundSummary round) {
        return Head.ofRound(config.dir().round(round.roundId()));
    }

    /**
     * One line on stdout, and one on stderr for each warning and each step that failed. It ends with the round's head,
     * so that whoever keeps what cron prints knows what the evidence was.
     *
     * @return the line on stdout, with the whole of the head
     */
    public String tell(RoundSummary round, PrintWriter out) {
        String when = round.startedAt() + " round " + round.round();
        round.warnings().forEach(warning -> err.println(when + ": warning: " + Printable.line(warning, SHOWN_BYTES)));
        round.failures()
                .forEach((step, why) -> err.println(when + ": " + step + " FAIL: " + Printable.line(why, SHOWN_BYTES)));
        String word =
                round.failures().isEmpty() ? "PASS" : "FAIL " + round.failures().keySet();
        String refuted = round.recoveriesRefuted() != null && round.recoveriesRefuted() > 0
                ? " (refuted " + round.recoveriesRefuted() + ")"
                : "";
        String line = String.format(
                Locale.ROOT,
                "%s slot %s: %s, created %s/%d, p99 %s ms, stuck %s, recovered %s%s, plans %s, lost %s",
                when,
                round.slot(),
                word,
                shown(round.createOk()),
                config.plansPerRound(),
                shown(round.p99Ms()),
                shown(round.stuckCount()),
                shown(round.recoveryOk()),
                refuted,
                shown(round.planCount()),
                shown(round.lostPlans()));
        Optional<Head> head = head(round);
        out.println(line + head.map(it -> ", head " + it.brief()).orElse(""));
        return line + head.map(it -> ", head " + it).orElse("");
    }

    private static Object shown(Object figure) {
        return figure == null ? "n/a" : figure;
    }

    private static JsonNode json(RoundSummary round) {
        return Json.MAPPER.valueToTree(round.fields());
    }
}
