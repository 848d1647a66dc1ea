package workload;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import probe.ControlPlaneApi;
import soak.RoundFiles;

/**
 * Recoveries that answered 0 and did nothing (contract, section 4 "Refuted"): the plan stands in a later scan as if
 * nobody had touched it, and no scan in between was without it. Made anew from the rounds' own files, newest first, and
 * only as far back as the plans in the scan reach: to the round before which a plan cannot have been recovered, or to
 * one that has looked at all that came before it.
 */
public final class Refutations {
    /** A wall clock that was set back must not hide a recovery that its plan seems to be younger than. */
    private static final Duration CLOCKS = Duration.ofDays(1);

    private final List<Recovered> refuted = new ArrayList<>();
    private final Set<String> untold = new LinkedHashSet<>();

    /** A recovery with exit code 0: in which round, of which plan, as recovery.txt names it. */
    public record Recovered(String roundId, String planId) {
        String line() {
            return roundId + " " + planId;
        }
    }

    /**
     * What a round's files say of recoveries.
     *
     * @param ok the plans that it recovered with exit code 0
     * @param refuted the recoveries of earlier rounds that its scan refuted
     * @param rolledBack whether its recoveries took the plans away
     */
    record Told(List<String> ok, List<Recovered> refuted, boolean rolledBack) {
        /** A file that cannot be read tells nothing: it must not keep this round from recovering anything. */
        static Told of(Path round) {
            try {
                List<Recovered> refuted = new ArrayList<>();
                Path file = round.resolve(RoundFiles.REFUTED);
                if (Files.exists(file)) {
                    RoundFolder.readBounded(file)
                            .lines()
                            .map(line -> line.split(" ", 2))
                            .filter(words -> words.length == 2)
                            .forEach(words -> refuted.add(new Recovered(words[0], words[1])));
                }
                return new Told(
                        RoundFolder.recovered(round), refuted, Files.exists(round.resolve(RoundFiles.STRATEGY)));
            } catch (IOException unreadable) {
                return new Told(List.of(), List.of(), false);
            }
        }
    }

    /**
     * @param plans tells when a plan was made, before which nobody can have recovered it
     * @param scan this round's stuck scan
     * @param scanned when that had been read
     * @param threshold so long a plan must not have moved to be stuck
     */
    Refutations(
            History history,
            ClosedRounds closed,
            SoakPlans plans,
            ControlPlaneApi.StuckScan scan,
            Instant scanned,
            Duration threshold)
            throws IOException {
        Map<String, Optional<Instant>> stuck = new HashMap<>();
        Map<String, Instant> open = new HashMap<>();
        for (String id : scan.planIds()) {
            stuck.put(RoundFolder.named(id), Optional.ofNullable(scan.since().get(id)));
            open.put(
                    RoundFolder.named(id),
                    plans.madeAt(id).map(made -> made.minus(CLOCKS)).orElse(Instant.MIN));
        }
        Map<Recovered, Path> candidates = new LinkedHashMap<>();
        Set<Recovered> known = new HashSet<>();
        List<Path> since = new ArrayList<>();
        Map<Path, Optional<Set<String>>> listings = new HashMap<>();
        for (Path round : history.newestFirst()) {
            if (open.isEmpty()) {
                break;
            }
            Told told = closed.recoveries(round);
            told.ok().stream()
                    .filter(plan -> open.containsKey(plan)
                            && (told.rolledBack()
                                    || since.stream().noneMatch(later -> leftTheScan(plan, later, plans, listings))))
                    .forEach(plan -> candidates.put(new Recovered(RoundFiles.id(round), plan), round));
            known.addAll(told.refuted());
            told.refuted().forEach(earlier -> open.remove(earlier.planId()));
            Instant at = RoundFiles.second(round);
            open.values().removeIf(earliest -> earliest.isAfter(at));
            if (!at.isAfter(scanned)) { // a clock set back orders rounds anew
                since.add(round);
            }
        }
        Map<Path, Map<String, Instant>> sinceThen = new HashMap<>();
        candidates.forEach((recovery, round) -> {
            if (!known.contains(recovery)) {
                Optional<Instant> before = Optional.ofNullable(sinceThen
                        .computeIfAbsent(round, Refutations::stuckSince)
                        .get(recovery.planId()));
                Optional<Instant> stuckNow = stuck.get(recovery.planId());
                if (closed.recoveries(round).rolledBack()
                        || isRefuted(before, stuckNow, RoundFiles.second(round), scanned, threshold)) {
                    refuted.add(recovery);
                } else if (stuckNow.isEmpty()) {
                    untold.add(recovery.planId());
                }
            }
        });
    }

    /**
     * The rule, for a retry since which each complete scan listed the plan. Two times of the control plane's own clock
     * are compared first, for that clock may be wrong.
     *
     * @param before since when the plan was stuck in the scan by which it was recovered, if that said so
     * @param since since when it is stuck now, if the scan says so: its last update, or that and the threshold
     * @param recovered when the round began that recovered it
     */
    static boolean isRefuted(
            Optional<Instant> before, Optional<Instant> since, Instant recovered, Instant scanned, Duration threshold) {
        // a retry makes it wait anew
        boolean tooSoon = !scanned.isBefore(recovered)
                && Duration.between(recovered, scanned).compareTo(threshold) < 0;
        if (since.isEmpty()) {
            return tooSoon;
        }
        if (before.isPresent() && !since.get().isAfter(before.get())) {
            return true; // it has not moved
        }
        // A time about that of the retry is the retry's, whatever threshold the control plane goes by. One about that
        // of the scan is made by whatever looks for stuck plans, and no trace of a retry.
        boolean madeByTheScan =
                Duration.between(since.get(), scanned).compareTo(Duration.between(recovered, since.get())) < 0;
        if (tooSoon && madeByTheScan) {
            return true;
        }
        // It has moved as far as an honest retry moves it, and had the time to get stuck again: then it is the clocks
        // that differ.
        boolean likeARetry = before.isPresent()
                && !tooSoon
                && Duration.between(before.get(), since.get()).compareTo(threshold) >= 0;
        return since.get().isBefore(recovered) && !likeARetry;
    }

    /** Whether a complete scan was without the plan, so that recoveries before it took effect. */
    private static boolean leftTheScan(
            String plan, Path round, SoakPlans plans, Map<Path, Optional<Set<String>>> listings) {
        return listings.computeIfAbsent(round, scanned -> listed(scanned, plans))
                .filter(listed -> !listed.contains(plan))
                .isPresent();
    }

    /**
     * What a round's scan listed; empty where it was not read to its end, or the round's files do not name all plans of
     * this soak in it: those of other people, which are left alone, they need not name.
     */
    private static Optional<Set<String>> listed(Path round, SoakPlans plans) {
        try {
            JsonNode summary = History.summary(round)
                    .filter(told -> told.path("scan_ok").asBoolean())
                    .orElse(Json.MAPPER.createObjectNode());
            Long count = RoundOutcome.whole(summary, "stuck_count");
            Long foreign = RoundOutcome.whole(summary, "stuck_foreign");
            Set<String> named = new HashSet<>(stuckSince(round).keySet());
            named.addAll(RoundFolder.triedToRecover(round));
            boolean all = count != null
                    && (foreign == null || foreign == 0
                            ? named.size() >= count
                            : ofThisSoak(named, plans) >= count - foreign);
            return all ? Optional.of(named) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static int ofThisSoak(Set<String> named, SoakPlans plans) throws IOException {
        int made = 0;
        for (String plan : named) {
            made += plans.made(RoundFolder.idOf(plan)) ? 1 : 0;
        }
        return made;
    }

    private static Map<String, Instant> stuckSince(Path round) {
        Map<String, Instant> since = new HashMap<>();
        try {
            JsonNode told = Json.parse(RoundFolder.readBounded(round.resolve(RoundFiles.STUCK_SINCE)));
            told.properties()
                    .forEach(plan -> since.put(
                            plan.getKey(), Instant.parse(plan.getValue().asText())));
        } catch (IOException | DateTimeException missingOrBroken) {
            // then the clocks must do
        }
        return since;
    }

    /** Newest first. */
    public List<Recovered> refuted() {
        return refuted;
    }

    /** Plans that were recovered and stand in the scan again without a time, so late that they may be stuck anew. */
    public Set<String> untold() {
        return untold;
    }
}
