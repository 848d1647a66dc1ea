package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import soak.Json;

/**
 * The set check (contract, section 5): what the soak has been promised, held against what the control plane lists.
 *
 * <p>The ledger is made anew from the rounds' own files each time, so there is no second copy that could disagree with
 * the evidence: plan-ids.txt (what was asked), plans-created.txt (what was answered), integrity.json (what came to life
 * later, what the soak itself rolled back), recovery.txt (the same of a round that was interrupted before it could say so).
 */
public final class PlanLedger {
  /** An integrity.json without a single id has exactly this size, so it need not be parsed. */
  private static final int EMPTY_INTEGRITY_BYTES = Json.write(new Findings(0, List.of(), List.of(), List.of(), Map.of()).toJson(List.of())).length();

  private static final String CREATED = "201";

  private final History history;
  private final Set<String> made = new HashSet<>();
  private final Set<String> expected = new LinkedHashSet<>();
  private final Set<String> rolledBack = new HashSet<>();
  private long unnamed;
  private Path firstUnnamed;

  /**
   * What the check found; ids in the order in which they were made.
   *
   * @param expectedCount how many plans had to be listed
   * @param lastSeen for each lost plan the last round that saw it; absent if none did
   */
  public record Findings(int expectedCount, List<String> lost, List<String> duplicate, List<String> revived, Map<String, String> lastSeen) {
    /** The content of integrity.json; {@code rolledBack} are the plans that this round itself took away. */
    public Map<String, Object> toJson(List<String> rolledBack) {
      Map<String, Object> ids = new LinkedHashMap<>();
      ids.put("lost", lost);
      ids.put("duplicate", duplicate);
      ids.put("revived", revived);
      if (!rolledBack.isEmpty()) {
        ids.put("rolled_back", rolledBack);
      }
      if (!lost.isEmpty()) {
        ids.put("last_seen", lastSeen);
      }
      return ids;
    }
  }

  /**
   * @param closed what has been read of the history already
   */
  public PlanLedger(History history, ClosedRounds closed) throws IOException {
    this.history = history;
    Set<String> revived = new LinkedHashSet<>();
    for (Path round : history.folders()) {
      ClosedRounds.Part part = closed.part(round, PlanLedger::part);
      if (part.unnamed() > 0) {
        unnamed += part.unnamed();
        firstUnnamed = firstUnnamed == null ? round : firstUnnamed;
      }
      made.addAll(part.made());
      expected.addAll(part.acknowledged());
      revived.addAll(part.revived());
      rolledBack.addAll(part.rolledBack());
    }
    expected.addAll(revived);
    expected.removeAll(rolledBack);
  }

  private static ClosedRounds.Part part(Path round) throws IOException {
    List<String> ids = RoundFolder.readLines(round.resolve(RoundFolder.PLAN_IDS));
    List<String> revived = new ArrayList<>();
    List<String> rolledBack = new ArrayList<>();
    Path integrity = round.resolve(RoundFolder.INTEGRITY);
    if (Files.exists(integrity)) {
      if (Files.size(integrity) > EMPTY_INTEGRITY_BYTES) {
        read(integrity).ifPresent(found -> {
          found.path("revived").forEach(id -> revived.add(id.asText()));
          found.path("rolled_back").forEach(id -> rolledBack.add(id.asText()));
        });
      }
    } else if (Files.exists(round.resolve(RoundFolder.STRATEGY))) {
      rolledBack.addAll(RoundFolder.recovered(round));
    }
    List<String> codes = RoundFolder.readLines(round.resolve(RoundFolder.CODES));
    return new ClosedRounds.Part(ids, acknowledged(ids, codes), unnamed(round, ids, codes), revived, rolledBack);
  }

  /** The bash scripts wrote down no ids, so that none of theirs is gone. */
  private static long unnamed(Path round, List<String> ids, List<String> codes) {
    long beyond = codes.stream().skip(ids.size()).filter(CREATED::equals).count();
    return beyond > 0 && History.summary(round).map(summary -> summary.has("schema")).orElse(false) ? beyond : 0;
  }

  private static List<String> acknowledged(List<String> ids, List<String> codes) {
    List<String> acknowledged = new ArrayList<>();
    for (int i = 0; i < Math.min(ids.size(), codes.size()); i++) {
      if (codes.get(i).equals(CREATED)) {
        acknowledged.add(ids.get(i));
      }
    }
    return acknowledged;
  }

  /** Takes this round's own creates into account, once they are made. */
  public void add(Path round) throws IOException {
    List<String> ids = RoundFolder.readLines(round.resolve(RoundFolder.PLAN_IDS));
    made.addAll(ids);
    expected.addAll(acknowledged(ids, RoundFolder.readLines(round.resolve(RoundFolder.CODES))));
  }

  /** What is to be said where plans were acknowledged whose ids are gone: nobody can look for them any more. */
  public Optional<String> unnamed() {
    return unnamed == 0 ? Optional.empty() : Optional.of(unnamed + (unnamed == 1 ? " acknowledged plan" : " acknowledged plans") + " of earlier rounds cannot be looked for: "
        + History.roundId(firstUnnamed) + "/" + RoundFolder.PLAN_IDS + " is gone or cut; bring it back from a copy");
  }

  /** A plan that the soak itself rolled back is expected no more. */
  public void forget(List<String> rolledBackNow) {
    rolledBack.addAll(rolledBackNow);
    expected.removeAll(rolledBackNow);
  }

  /** @param timesListed every listed id with how often, the paging having reached its end */
  public Findings compare(Map<String, Integer> timesListed) {
    List<String> lost = new ArrayList<>();
    for (String id : expected) {
      if (!timesListed.containsKey(id)) {
        lost.add(id);
      }
    }
    List<String> duplicate = new ArrayList<>();
    List<String> revived = new ArrayList<>();
    timesListed.forEach((id, times) -> {
      boolean promised = expected.contains(id);
      if (promised || made.contains(id)) { // plans of others count in plan_count alone
        if (times > 1) {
          duplicate.add(id);
        }
        if (!promised && !rolledBack.contains(id)) {
          revived.add(id);
        }
      }
    });
    return new Findings(expected.size(), lost, duplicate, revived, lastSeen(lost));
  }

  /** The newest round that counted the whole listing and did not miss the plan. */
  private Map<String, String> lastSeen(List<String> lost) {
    Map<String, String> seen = new TreeMap<>();
    Set<String> open = new HashSet<>(lost);
    Map<String, String> madeIn = new LinkedHashMap<>();
    for (Path round : history.newestFirst()) {
      if (open.isEmpty()) {
        break;
      }
      boolean counted = History.summary(round).map(s -> s.path("plan_count").isNumber()).orElse(false);
      if (counted) {
        Set<String> missing = new HashSet<>();
        read(round.resolve(RoundFolder.INTEGRITY)).ifPresent(found -> found.path("lost").forEach(id -> missing.add(id.asText())));
        open.stream().filter(id -> !missing.contains(id)).forEach(id -> seen.put(id, History.roundId(round)));
        open.removeIf(id -> !missing.contains(id));
      }
      try {
        open.removeAll(RoundFolder.readLines(round.resolve(RoundFolder.PLAN_IDS))); // older rounds cannot have seen it
      } catch (IOException unreadable) {
        // then it stays open for the older ones
      }
    }
    return seen;
  }

  private static Optional<JsonNode> read(Path integrity) {
    try {
      return Optional.of(Json.parse(RoundFolder.readBounded(integrity)));
    } catch (IOException missingOrBroken) {
      return Optional.empty();
    }
  }
}
