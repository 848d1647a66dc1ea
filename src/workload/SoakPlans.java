package workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * Which plans this soak made: those whose ids its rounds wrote down before they asked for them. An id names the second
 * of its round, so that one file tells. A prefix alone tells nothing: two soaks on one control plane may have the same.
 */
public final class SoakPlans {
    private static final Pattern ID = Pattern.compile("(.+)-(\\d{1,11})-\\d+");
    /** A bash round took its time stamp and its folder's name one after the other. */
    private static final long LEGACY_TOLERANCE_SECONDS = 60;

    private final SoakDir dir;
    private final String prefix;
    private final History history;
    private final Map<Path, Set<String>> idsOf = new HashMap<>();
    /** By the id that the control plane gave a plan, the one that was asked for; null until somebody asks. */
    private Map<String, String> askedOf;
    /** The seconds of the rounds that wrote down no ids, as the bash scripts did; null until somebody asks. */
    private TreeSet<Long> withoutIds;

    /** @param prefix PLAN_ID_PREFIX, by which a plan of a round without ids is known */
    public SoakPlans(SoakDir dir, String prefix, History history) {
        this.dir = dir;
        this.prefix = prefix;
        this.history = history;
    }

    public boolean made(String planId) throws IOException {
        Matcher id = ID.matcher(asked(planId));
        if (!id.matches()) {
            return false;
        }
        Path round = round(Long.parseLong(id.group(2)));
        return ids(round).contains(asked(planId))
                || id.group(1).equals(prefix) && isOfRoundWithoutIds(Long.parseLong(id.group(2)));
    }

    public boolean isDrill(String planId) throws IOException {
        Matcher id = ID.matcher(asked(planId));
        return id.matches()
                && RoundFolder.drillOf(round(Long.parseLong(id.group(2)))).equals(List.of(asked(planId)));
    }

    /** The round that gives this id, where there is no folder of it; empty too for an id that no round gives. */
    Optional<String> goneRound(String planId) {
        Matcher id = ID.matcher(planId);
        if (!id.matches() || !id.group(1).equals(prefix)) {
            return Optional.empty();
        }
        long second = Long.parseLong(id.group(2));
        return Files.isDirectory(round(second)) || isOfRoundWithoutIds(second)
                ? Optional.empty()
                : Optional.of(RoundFiles.id(Instant.ofEpochSecond(second)));
    }

    /** When the round began that made it; empty where none did. */
    Optional<Instant> madeAt(String planId) throws IOException {
        Matcher id = ID.matcher(asked(planId));
        return id.matches() && made(planId)
                ? Optional.of(Instant.ofEpochSecond(Long.parseLong(id.group(2))))
                : Optional.empty();
    }

    /** The id that was asked for, where the control plane gave another (CP_ID_KEY). */
    private String asked(String planId) throws IOException {
        if (askedOf == null) {
            askedOf = new HashMap<>();
            for (Path round : history.folders()) {
                Creates.given(round).forEach((asked, given) -> askedOf.put(given, asked));
            }
        }
        return askedOf.getOrDefault(planId, planId);
    }

    private Path round(long second) {
        return dir.round(RoundFiles.id(Instant.ofEpochSecond(second)));
    }

    private Set<String> ids(Path round) throws IOException {
        Set<String> ids = idsOf.get(round);
        if (ids == null) {
            ids = new HashSet<>(RoundFolder.readLines(round.resolve(RoundFiles.PLAN_IDS)));
            Creates.of(round).refused().forEach(ids::remove); // another's plan has that id
            idsOf.put(round, ids);
        }
        return ids;
    }

    private boolean isOfRoundWithoutIds(long second) {
        if (withoutIds == null) {
            withoutIds = new TreeSet<>();
            for (Path round : history.folders()) {
                if (!Files.exists(round.resolve(RoundFiles.PLAN_IDS))) {
                    withoutIds.add(RoundFiles.second(round).getEpochSecond());
                }
            }
        }
        Long nearest = withoutIds.ceiling(second - LEGACY_TOLERANCE_SECONDS);
        return nearest != null && nearest <= second + LEGACY_TOLERANCE_SECONDS;
    }
}
