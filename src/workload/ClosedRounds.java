package workload;

import cache.DayCache;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import soak.RoundFiles;

/**
 * What has been read of rounds that have ended. Their files never change, so a process that runs many rounds need read
 * each but once; a round of its own process begins with what the cache has of the days that are over
 * ({@link DayCache}), and so with the files of today's.
 *
 * <p>Of a day the cache has only what leaves no question open: where a round was interrupted, or its files and its
 * summary count its creates differently, all of the day's files are read each time, for somebody may yet restore them.
 */
public final class ClosedRounds {
    private static final String LEDGER = "ledger";

    /**
     * A round's part in the ledger.
     *
     * @param made the ids that were asked for and not refused
     * @param acknowledged those of them that were answered with 201
     * @param asked the same, as they were asked for
     * @param unnamed answers of 201 beyond the ids that are there
     * @param revived listed for the first time, though never acknowledged
     * @param rolledBack taken away by the soak itself
     * @param convicted lost or listed twice; null where the round could not tell
     * @param isWhole whether its integrity.json could be read, if there is one
     */
    record Part(
            List<String> made,
            List<String> acknowledged,
            List<String> asked,
            long unnamed,
            List<String> revived,
            List<String> rolledBack,
            Set<String> convicted,
            boolean isWhole) {}

    private final DayCache cache;
    private final Map<Path, Part> parts = new HashMap<>();
    private final Map<Path, Refutations.Told> recoveries = new HashMap<>();
    private final Map<Path, RoundOutcome> outcomes = new HashMap<>();
    private final Set<Path> askedFor = new HashSet<>();

    /** Of files alone. */
    public ClosedRounds() {
        this(DayCache.NONE);
    }

    /** @param cache of the soak */
    public ClosedRounds(DayCache cache) {
        this.cache = cache;
    }

    Part part(Path round) throws IOException {
        askFor(round.getParent());
        Part known = parts.get(round);
        if (known == null) {
            known = PlanLedger.part(round);
            parts.put(round, known);
        }
        return known;
    }

    Refutations.Told recoveries(Path round) {
        return recoveries.computeIfAbsent(round, Refutations.Told::of);
    }

    RoundOutcome outcome(Path round) {
        askFor(round.getParent());
        return outcomes.computeIfAbsent(round, RoundOutcome::of);
    }

    private void askFor(Path date) {
        if (!askedFor.add(date)) {
            return;
        }
        try {
            Optional<byte[]> kept = cache.kept(date, LEDGER, () -> written(date));
            if (kept.isPresent()) {
                read(date, kept.get());
            }
        } catch (IOException unreadable) {
            // then each round is asked for, and the first that cannot be read is told
        }
    }

    /** @return null where something is left open */
    private byte[] written(Path date) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Path round : RoundFiles.children(date)) {
            if (!RoundFiles.isFolder(round)) {
                continue;
            }
            Part part = part(round);
            RoundOutcome outcome = outcome(round);
            if (!outcome.recorded()
                    || part.unnamed() > 0
                    || part.acknowledged().size() != outcome.createOk()
                    || !part.isWhole()
                    || part.convicted() == null && outcome.checkedThePlans()) {
                return null;
            }
            out.writeUTF(round.getFileName().toString());
            write(out, part.made());
            boolean all = part.acknowledged().equals(part.made());
            out.writeBoolean(all);
            write(out, all ? List.of() : part.acknowledged());
            boolean own = part.asked().equals(part.acknowledged());
            out.writeBoolean(own);
            write(out, own ? List.of() : part.asked());
            write(out, part.revived());
            write(out, part.rolledBack());
            out.writeBoolean(part.convicted() != null);
            write(out, part.convicted() == null ? List.of() : List.copyOf(part.convicted()));
            outcome.write(out);
        }
        return bytes.toByteArray();
    }

    private void read(Path date, byte[] kept) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(kept));
        while (in.available() > 0) {
            Path round = date.resolve(in.readUTF());
            List<String> made = ids(in);
            boolean all = in.readBoolean();
            List<String> some = ids(in);
            List<String> acknowledged = all ? made : some; // one copy of hundreds of thousands of ids
            boolean own = in.readBoolean();
            List<String> others = ids(in);
            List<String> revived = ids(in);
            List<String> rolledBack = ids(in);
            boolean couldTell = in.readBoolean();
            List<String> convicted = ids(in);
            parts.putIfAbsent(
                    round,
                    new Part(
                            made,
                            acknowledged,
                            own ? acknowledged : others,
                            0,
                            revived,
                            rolledBack,
                            couldTell ? Set.copyOf(convicted) : null,
                            true));
            outcomes.putIfAbsent(round, RoundOutcome.read(RoundFiles.second(round), in));
        }
    }

    private static void write(DataOutputStream out, List<String> ids) throws IOException {
        out.writeInt(ids.size());
        for (String id : ids) {
            out.writeUTF(id);
        }
    }

    private static List<String> ids(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > in.available()) {
            throw new IOException("it is no ledger");
        }
        List<String> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(in.readUTF());
        }
        return ids;
    }
}
