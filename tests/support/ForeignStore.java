import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The plans of a foreign control plane, in memory and, if it has a folder, in its plans.log. */
final class ForeignStore implements Closeable {
    record Plan(String id, long seq, long grace, Instant created, Instant updated, String phase) {
        Plan in(String newPhase) {
            return new Plan(id, seq, grace, created, Instant.now(), newPhase);
        }
    }

    private final Map<String, Plan> plans = new TreeMap<>();
    private final List<Plan> bySequence = new ArrayList<>();
    private final FileOutputStream log; // null = in memory

    /** @param dataDir null = in memory */
    ForeignStore(Path dataDir) throws IOException {
        if (dataDir == null) {
            log = null;
            return;
        }
        Files.createDirectories(dataDir);
        Path file = dataDir.resolve("plans.log");
        if (Files.exists(file)) {
            Files.readAllLines(file).forEach(this::replay);
        }
        log = new FileOutputStream(file.toFile(), true);
    }

    /** Oldest first, for whoever holds the store's lock. */
    List<Plan> all() {
        return bySequence;
    }

    synchronized Plan plan(String id) {
        return plans.get(id);
    }

    synchronized List<String> ids() {
        return bySequence.stream().map(Plan::id).toList();
    }

    synchronized void destroy(String id) {
        plans.remove(id);
        bySequence.removeIf(plan -> plan.id().equals(id));
    }

    /** Lines of plans.log: id, grace, phase, instant. */
    private void replay(String line) {
        String[] f = line.split("\t");
        Instant at = Instant.parse(f[3]);
        Plan known = plans.get(f[0]);
        put(
                known == null
                        ? new Plan(f[0], bySequence.size(), Long.parseLong(f[1]), at, at, f[2])
                        : new Plan(f[0], known.seq(), known.grace(), known.created(), at, f[2]));
    }

    private void put(Plan plan) {
        if (plans.put(plan.id(), plan) == null) {
            bySequence.add(plan);
        } else {
            bySequence.replaceAll(p -> p.id().equals(plan.id()) ? plan : p);
        }
    }

    synchronized void append(Plan plan) throws IOException {
        put(plan);
        if (log != null) {
            log.write((plan.id() + "\t" + plan.grace() + "\t" + plan.phase() + "\t" + plan.updated() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            log.getFD().sync();
        }
    }

    /** @return false if the id is taken */
    synchronized boolean commit(String id, long grace) throws IOException {
        if (plans.containsKey(id)) {
            return false;
        }
        Instant now = Instant.now();
        append(new Plan(
                id,
                bySequence.isEmpty() ? 0 : bySequence.get(bySequence.size() - 1).seq() + 1,
                grace,
                now,
                now,
                "published"));
        return true;
    }

    @Override
    public void close() throws IOException {
        if (log != null) {
            log.close();
        }
    }
}
