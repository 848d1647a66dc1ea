package workload;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import settings.Config;
import soak.RoundFiles;

/**
 * The set check (contract, section 5): what the soak has been promised, held against what the control plane lists.
 *
 * <p>The ledger is made from the rounds' own files, those of days that are over once ({@link ClosedRounds}):
 * plan-ids.txt (what was asked), plans-created.txt (what was answered), integrity.json (what came to life later, what
 * the soak itself rolled back), recovery.txt (the same of a round that was interrupted before it could say so).
 */
public final class PlanLedger {
    /** An integrity.json without a single id has exactly this size, so it need not be parsed. */
    private static final int EMPTY_INTEGRITY_BYTES = Json.write(
                    new Findings(0, List.of(), List.of(), List.of(), List.of(), List.of(), Map.of()).toJson(List.of()))
            .length();

    private final History history;
    private final ClosedRounds closed;
    /** What must be listed, in the order in which it was made, each by itself. */
    private final Map<String, String> expected = new LinkedHashMap<>();
    /** What was made or may have been, and need not be listed. */
    private final Set<String> others = new HashSet<>();

    /** By the id that the control plane gave a plan, the one that was asked for. */
    private final Map<String, String> askedOf = new HashMap<>();
    /** By the id that was asked for, the one that was given, which another plan has: one of the two is not there. */
    private final Map<String, String> givenAgain = new HashMap<>();

    private final Set<String> rolledBack = new HashSet<>();
    /** This round's own: no earlier one can have seen them. */
    private final Set<String> fresh = new HashSet<>();
    /** What the last round that could tell found lost or twice: that was said by more than one listing. */
    private Set<String> convicted = Set.of();

    /** Whether the control plane gives this round's plans ids of its own. */
    private boolean givesIds;

    private long unnamed;
    private Path firstUnnamed;

    /** @param closed what has been read of the history already */
    public PlanLedger(History history, ClosedRounds closed) throws IOException {
        this.history = history;
        this.closed = closed;
        Set<String> revived = new LinkedHashSet<>();
        for (Path round : history.folders()) {
            ClosedRounds.Part part = closed.part(round);
            if (part.unnamed() > 0) {
                unnamed += part.unnamed();
                firstUnnamed = firstUnnamed == null ? round : firstUnnamed;
            }
            make(part.made(), part.acknowledged(), part.asked());
            revived.addAll(part.revived());
            rolledBack.addAll(part.rolledBack());
            convicted = part.convicted() == null ? convicted : part.convicted();
        }
        revived.removeIf(id -> !isMade(id)); // an earlier build took what was refused for in doubt
        revived.forEach(this::expect);
        rolledBack.forEach(this::expectNoMore);
    }

    /** What a round's files say of its plans. */
    static ClosedRounds.Part part(Path round) throws IOException {
        List<String> revived = new ArrayList<>();
        List<String> rolledBack = new ArrayList<>();
        Set<String> convicted = null;
        boolean isWhole = true;
        Path integrity = round.resolve(RoundFiles.INTEGRITY);
        if (Files.exists(integrity)) {
            Set<String> found = new HashSet<>();
            if (Files.size(integrity) > EMPTY_INTEGRITY_BYTES) {
                Optional<JsonNode> said = History.json(integrity);
                isWhole = said.isPresent();
                said.ifPresent(ids -> {
                    ids.path("revived").forEach(id -> revived.add(id.asText()));
                    ids.path("rolled_back").forEach(id -> rolledBack.add(id.asText()));
                    ids.path("lost").forEach(id -> found.add(id.asText()));
                    ids.path("duplicate").forEach(id -> found.add(id.asText()));
                });
            }
            convicted = found.isEmpty() ? Set.of() : found;
        } else if (Files.exists(round.resolve(RoundFiles.STRATEGY))) {
            RoundFolder.recovered(round).forEach(id -> rolledBack.add(RoundFolder.idOf(id)));
        }
        Creates creates = Creates.of(round);
        return new ClosedRounds.Part(
                made(creates),
                creates.acknowledged(),
                creates.asked(),
                unnamed(round, creates),
                revived,
                rolledBack,
                convicted,
                isWhole);
    }

    private static List<String> made(Creates creates) {
        List<String> made = new ArrayList<>(creates.acknowledged());
        made.addAll(creates.inDoubt());
        return made;
    }

    /** The bash scripts wrote down no ids, so that none of theirs is gone. */
    private static long unnamed(Path round, Creates creates) {
        return creates.unnamed() > 0
                        && History.summary(round)
                                .map(summary -> summary.has("schema"))
                                .orElse(false)
                ? creates.unnamed()
                : 0;
    }

    /**
     * Expects nothing any more that is missing because another soak made it, whose rounds were copied here.
     *
     * @return those rounds
     */
    List<Path> leaveOutOtherSoaks(Config config, List<String> missing) throws IOException {
        if (missing.isEmpty()) {
            return List.of(); // nearly every round: no earlier one need be looked at
        }
        Set<String> open = new HashSet<>(missing);
        List<Path> makers = new ArrayList<>();
        for (Path round : history.folders()) {
            if (closed.part(round).made().stream().anyMatch(open::contains)) {
                makers.add(round);
            }
        }
        List<Path> others = OtherSoaks.among(makers, history, config);
        for (Path round : others) {
            closed.part(round).made().stream().filter(open::contains).forEach(this::expectNoMore);
        }
        return others;
    }

    /** Takes this round's own creates into account, once they are made. */
    public void add(Path round) throws IOException {
        Creates creates = Creates.of(round);
        givesIds = Files.exists(round.resolve(RoundFiles.GIVEN_IDS));
        List<String> madeNow = made(creates);
        make(madeNow, creates.acknowledged(), creates.asked());
        fresh.addAll(madeNow);
    }

    private void make(List<String> made, List<String> acknowledged, List<String> asked) {
        for (int i = 0; i < acknowledged.size(); i++) {
            promise(acknowledged.get(i), asked.get(i));
        }
        made.stream().filter(id -> !expected.containsKey(id)).forEach(others::add);
    }

    /** Two plans of one id are listed as one: the later is looked for by the id that was asked for, and not found. */
    private void promise(String id, String asked) {
        String before = id.equals(asked) ? null : askedOf.put(id, asked);
        if (before == null || before.equals(asked) || rolledBack.contains(id)) {
            expect(id);
        } else {
            givenAgain.put(asked, id);
            expect(asked);
        }
    }

    private void expect(String id) {
        expected.putIfAbsent(id, id);
        others.remove(id);
    }

    private void expectNoMore(String id) {
        if (expected.remove(id) != null) {
            others.add(id);
        }
    }

    private boolean isMade(String id) {
        return expected.containsKey(id) || others.contains(id);
    }

    /** The text of an id that the ledger has already, else this one. */
    String same(String id) {
        return expected.getOrDefault(id, id);
    }

    Set<String> convicted() {
        return convicted;
    }

    /** The id that a lost plan was given although another plan has it; null where that is not why. */
    String givenAgain(String id) {
        return givenAgain.get(id);
    }

    /** How many of the listed plans this soak did not make. */
    long unknown(Set<String> listed) {
        return notMade(listed).size();
    }

    List<String> notMade(Set<String> listed) {
        return listed.stream().filter(id -> !isMade(id)).toList();
    }

    /** Whether any round has seen a plan of this soak under its id. */
    boolean everSeen() {
        for (Path round : history.newestFirst()) {
            JsonNode summary = History.summary(round).orElse(Json.MAPPER.createObjectNode());
            if (summary.path("lost_plans").isNumber()
                    && summary.path("expected_plans").asLong()
                            > summary.path("lost_plans").asLong()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether these are all plans of rounds that knew them by the ids that they asked for, before a round was given
     * others (CP_ID_KEY), and no round has seen one: nobody knows under what ids the control plane lists them.
     */
    boolean knownByOtherIds(Findings found) throws IOException {
        Set<String> open = new HashSet<>(found.lost());
        if (open.isEmpty() || !found.lastSeen().isEmpty() || fresh.stream().anyMatch(open::contains)) {
            return false;
        }
        for (Path round : history.folders()) {
            if (Files.exists(round.resolve(RoundFiles.GIVEN_IDS))) {
                return open.isEmpty();
            }
            open.removeAll(made(Creates.of(round)));
        }
        return givesIds && open.isEmpty();
    }

    /** What is to be said where plans were acknowledged whose ids are gone: nobody can look for them any more. */
    public Optional<String> unnamed() {
        return unnamed == 0
                ? Optional.empty()
                : Optional.of(unnamed + (unnamed == 1 ? " acknowledged plan" : " acknowledged plans")
                        + " of earlier rounds cannot be checked: " + RoundFiles.id(firstUnnamed) + "/"
                        + RoundFiles.PLAN_IDS + " is missing or truncated; restore it from a copy");
    }

    /** A plan that the soak itself rolled back is expected no more. */
    public void forget(List<String> rolledBackNow) {
        rolledBack.addAll(rolledBackNow);
        rolledBackNow.forEach(this::expectNoMore);
    }

    /** @param timesListed every listed id with how often, the paging having reached its end */
    public Findings compare(Map<String, Integer> timesListed) {
        List<String> lost = new ArrayList<>();
        for (String id : expected.keySet()) {
            if (!timesListed.containsKey(id)) {
                lost.add(id);
            }
        }
        List<String> duplicate = new ArrayList<>();
        List<String> revived = new ArrayList<>();
        timesListed.forEach((id, times) -> {
            boolean promised = expected.containsKey(id);
            if (promised || others.contains(id)) { // plans of others count in plan_count alone
                if (times > 1) {
                    duplicate.add(id);
                }
                if (!promised && !rolledBack.contains(id)) {
                    revived.add(id);
                }
            }
        });
        return new Findings(expected.size(), lost, duplicate, revived, List.of(), List.of(), lastSeen(lost));
    }

    /** The newest round that counted the whole listing and did not miss the plan. */
    private Map<String, String> lastSeen(List<String> lost) {
        Map<String, String> seen = new TreeMap<>();
        Set<String> open = new HashSet<>(lost);
        open.removeAll(fresh);
        open.removeAll(givenAgain.keySet());
        for (Path round : history.newestFirst()) {
            if (open.isEmpty()) {
                break;
            }
            // a bash round counted, and looked for none
            boolean checked = History.summary(round)
                    .map(s -> s.path("lost_plans").isNumber())
                    .orElse(false);
            if (checked) {
                Set<String> missing = new HashSet<>();
                History.json(round.resolve(RoundFiles.INTEGRITY))
                        .ifPresent(found -> found.path("lost").forEach(id -> missing.add(id.asText())));
                open.stream().filter(id -> !missing.contains(id)).forEach(id -> seen.put(id, RoundFiles.id(round)));
                open.removeIf(id -> !missing.contains(id));
            }
            try {
                open.removeAll(made(Creates.of(round))); // older rounds cannot have seen it
            } catch (IOException unreadable) {
                // then it stays open for the older ones
            }
        }
        return seen;
    }
}
