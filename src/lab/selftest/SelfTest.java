package lab.selftest;

import base.Exit;
import base.Folders;
import evidence.SqlScript;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Judges the judge: good evidence is damaged in one way after the other, and each time the right verdicts must change,
 * and a reason must name the file. A report that could not fail would prove nothing on day 30.
 */
public final class SelfTest {
    /** So many mutations must hit each check and each claim. */
    private static final int HITS = 3;

    private static final int TELL_EVERY = 10;

    private final List<SqlScript> scripts;
    private final List<Mutation> mutations;
    /** Of the alterations of sealed evidence; null: without them. */
    private final Long seed;

    private final Path parent;

    public SelfTest(SelfTestOptions options) {
        this(
                SqlScript.bundled(),
                Mutations.all(),
                options.seedOrDefault(),
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * With scripts of the caller's, one mutation and no seals: tests see the selftest itself fail this way.
     *
     * @param parent of the folder that is gone when the selftest has ended
     */
    public SelfTest(List<SqlScript> scripts, String mutation, Path parent) {
        this(
                scripts,
                Mutations.all().stream()
                        .filter(each -> each.name.equals(mutation))
                        .toList(),
                null,
                parent);
    }

    private SelfTest(List<SqlScript> scripts, List<Mutation> mutations, Long seed, Path parent) {
        // What columns mean is said to people alone, and takes a tenth of the time.
        this.scripts = scripts.stream()
                .filter(script -> !script.path().startsWith("7-"))
                .toList();
        this.mutations = mutations;
        this.seed = seed;
        this.parent = parent;
    }

    /** @return exit code: 10 unless every mutation was caught and every check and claim is hit often enough */
    public int run(PrintWriter out, PrintWriter err) throws IOException {
        Path folder = Files.createTempDirectory(parent, "soak-selftest-");
        try {
            SoakFolder tenDays = GoodSoak.write(folder.resolve("1"));
            SoakFolder month = GoodSoak.writeMonth(folder.resolve("month-1"));
            Good good = new Good(tenDays, month, Judgement.of(tenDays, scripts), Judgement.of(month, scripts));
            String bad = good.notGood();
            if (bad != null) {
                out.println("the report does not judge the good evidence good, so damaging it shows nothing: " + bad);
                return Exit.BAD;
            }
            List<Outcome> outcomes = judgeAll(
                    List.of(
                            good,
                            new Good(
                                    GoodSoak.write(folder.resolve("2")),
                                    GoodSoak.writeMonth(folder.resolve("month-2")),
                                    good.tenDays,
                                    good.month)),
                    err);
            Alterations alterations = seed == null ? null : Alterations.of(folder.resolve("sealed"), seed);
            return tell(good.tenDays, outcomes, alterations, out);
        } finally {
            Folders.delete(folder);
        }
    }

    /** Good evidence, of ten days and of a month, and what is said of each. */
    private static final class Good {
        final SoakFolder ofTenDays;
        final SoakFolder ofMonth;
        final Judgement tenDays;
        final Judgement month;
        private final Set<SoakFolder> damaged = new HashSet<>();

        Good(SoakFolder ofTenDays, SoakFolder ofMonth, Judgement tenDays, Judgement month) {
            this.ofTenDays = ofTenDays;
            this.ofMonth = ofMonth;
            this.tenDays = tenDays;
            this.month = month;
        }

        String notGood() {
            return !passesEverything(tenDays, "NOT ASSESSED (a soak of 10 days)")
                    ? tenDays.toString()
                    : !passesEverything(month, "PASS") ? month.toString() : null;
        }

        private static boolean passesEverything(Judgement good, String gate) {
            return good.refusal() == null
                    && !good.verdicts().isEmpty()
                    && good.verdicts().values().stream().allMatch(verdict -> verdict.equals("PASS"))
                    && gate.equals(good.figures().get("gate_d"))
                    && "PASS".equals(good.figures().get("overall"))
                    && good.findings().isEmpty();
        }

        /** Damages it, judges it, and makes it good again. */
        Outcome judge(Mutation mutation, List<SqlScript> scripts) throws IOException {
            SoakFolder soak = mutation.ofTheMonth ? ofMonth : ofTenDays;
            damaged.add(soak);
            try {
                mutation.damage.to(soak);
                return new Outcome(mutation, goodOf(soak), Judgement.of(soak, scripts));
            } finally {
                soak.restore();
            }
        }

        private Judgement goodOf(SoakFolder soak) {
            return soak == ofMonth ? month : tenDays;
        }

        void requireWhole(List<SqlScript> scripts) {
            for (SoakFolder soak : damaged) {
                if (!Judgement.of(soak, scripts).equals(goodOf(soak))) {
                    throw new IllegalStateException("the evidence in " + soak.dir.root()
                            + " was not restored after the damage: the selftest itself is wrong");
                }
            }
        }
    }

    /** Half of them in each of two folders at once, which is what a small machine has cores for. */
    private List<Outcome> judgeAll(List<Good> soaks, PrintWriter err) {
        AtomicInteger judged = new AtomicInteger();
        ExecutorService workers = Executors.newFixedThreadPool(soaks.size());
        try {
            BlockingQueue<Good> free = new ArrayBlockingQueue<>(soaks.size(), false, soaks);
            List<Future<Outcome>> all = new ArrayList<>();
            for (Mutation mutation : mutations) {
                all.add(workers.submit(() -> {
                    Good soak = free.take();
                    try {
                        return soak.judge(mutation, scripts);
                    } finally {
                        free.add(soak);
                        if (judged.incrementAndGet() % TELL_EVERY == 0) {
                            err.println("selftest: " + judged + " of " + mutations.size() + " mutations judged");
                        }
                    }
                }));
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> each : all) {
                outcomes.add(each.get());
            }
            for (Good soak : soaks) {
                soak.requireWhole(scripts);
            }
            return outcomes;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            workers.shutdownNow();
        }
    }

    private static int tell(Judgement good, List<Outcome> outcomes, Alterations alterations, PrintWriter out) {
        int name = width("mutation", outcomes.stream().map(o -> o.mutation.name).toList());
        int expected = width(
                "expected", outcomes.stream().map(o -> o.mutation.expected()).toList());
        int seen = width("seen", outcomes.stream().map(Outcome::seen).toList());
        String row = "%-" + name + "s | %-" + expected + "s | %-" + seen + "s | %s%n";
        out.printf(Locale.ROOT, row, "mutation", "expected", "seen", "ok");
        outcomes.forEach(o ->
                out.printf(Locale.ROOT, row, o.mutation.name, o.mutation.expected(), o.seen(), o.ok() ? "yes" : "NO"));
        out.println();
        Map<String, Long> hits = new TreeMap<>();
        good.verdicts()
                .keySet()
                .forEach(id -> hits.put(
                        id,
                        outcomes.stream()
                                .filter(o -> o.ok() && o.mutation.failing.contains(id))
                                .count()));
        out.println("check    | mutations that make it FAIL");
        hits.forEach((id, count) -> out.println(String.format(Locale.ROOT, "%-8s | %d", id, count)
                + (count < HITS ? ", at least " + HITS + " are required" : "")));
        out.println();
        outcomes.stream()
                .filter(o -> !o.ok())
                .forEach(o -> out.println("NOT CAUGHT: " + o.mutation.name + ": expected " + o.mutation.expected()
                        + "; seen: " + o.whole()));
        out.println("Only a seal can find:");
        WhichRoundsMutations.ONLY_A_SEAL.forEach(what -> out.println("  " + what));
        out.println();
        if (alterations != null) {
            alterations.tell(out);
        }
        long caught = outcomes.stream().filter(Outcome::ok).count();
        out.println(outcomes.size() + " mutations, " + caught + " caught");
        return caught == outcomes.size()
                        && (alterations == null || alterations.problems().isEmpty())
                        && hits.values().stream().allMatch(count -> count >= HITS)
                ? Exit.OK
                : Exit.BAD;
    }

    private static int width(String head, List<String> cells) {
        return Math.max(
                head.length(), cells.stream().mapToInt(String::length).max().orElse(0));
    }
}
