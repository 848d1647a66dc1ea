///bin/sh "$(dirname "$(readlink -f "$0")")/../../jbang" "$(readlink -f "$0")" "$@" ; exit $?
//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//SOURCES ../../src/*/*.java
//SOURCES ../../src/lab/*/*.java
//SOURCES ../../*.java
//SOURCES ../../tests/support/ComparedSoaks.java
import base.Exit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * How often --compare calls two soaks of one source different, and how often it finds what was planted: pairs of soaks
 * of seeded noise, through the SQL of sql/8-compare.
 *
 * <p>Run: bench/calibration/compare.java [CASE=all] [PAIRS=400] [DAYS=30]. CASE is a part of a case's name. A case
 * prints one line: pairs with a false or the planted word, the Clopper-Pearson interval (95 %, two-sided) of their
 * share, and by which figures.
 */
public class compare {
    private static final int INTERVAL = 3600;

    /** What the noise of a soak is like, and what is planted in the second soak of a pair. */
    private record Case(
            String name,
            double dayEffect,
            double dayAr,
            double hourAr,
            double memoryAr,
            boolean outages,
            String planted,
            double slower,
            double memory,
            int leakMib,
            int restartDays) {}

    private static final List<Case> CASES = List.of(
            new Case("nothing: independent rounds", 0, 0, 0, 0, false, null, 1, 1, 0, 0),
            new Case("nothing: hour AR .7, outages", 0.05, 0, 0.7, 0.9, true, null, 1, 1, 0, 0),
            new Case("nothing: day AR .5", 0.05, 0.5, 0.7, 0.9, true, null, 1, 1, 0, 0),
            new Case("nothing: day AR .5, large", 0.3, 0.5, 0.3, 0.9, true, null, 1, 1, 0, 0),
            new Case("nothing: memory AR .95", 0.05, 0, 0.7, 0.95, true, null, 1, 1, 0, 0),
            new Case("nothing: memory AR .99", 0.05, 0, 0.7, 0.99, true, null, 1, 1, 0, 0),
            new Case("nothing: restarts every 5 days", 0.05, 0.5, 0.7, 0.9, false, null, 1, 1, 0, 5),
            new Case("latency +10 %, day AR .5", 0.05, 0.5, 0.7, 0.9, true, "p(50|99)_ms.*", 1.1, 1, 0, 0),
            new Case("memory 3.6 x, flat", 0.05, 0.5, 0.7, 0.95, true, "cp_rss_bytes.*", 1, 3.6, 0, 0),
            new Case(
                    "leak of 6 MiB an hour, restart every 5 days, beside constant memory",
                    0.05,
                    0.5,
                    0.7,
                    0,
                    false,
                    "cp_rss_bytes.*",
                    1,
                    1,
                    6,
                    5),
            new Case(
                    "leak of 6 MiB an hour, restart every day",
                    0.05,
                    0.5,
                    0.7,
                    0.95,
                    false,
                    "cp_rss_bytes.*",
                    1,
                    1,
                    6,
                    1));

    private static List<ComparedSoaks.Row> soak(Random random, Case c, int days, boolean planted) {
        List<ComparedSoaks.Row> rows = new ArrayList<>();
        double near = random.nextGaussian();
        double memory = random.nextGaussian();
        double day = random.nextGaussian();
        boolean out = false;
        double leaked = 0;
        for (int slot = 0; slot < days * 24; slot++) {
            near = c.hourAr * near + Math.sqrt(1 - c.hourAr * c.hourAr) * random.nextGaussian();
            memory = c.memoryAr * memory + Math.sqrt(1 - c.memoryAr * c.memoryAr) * random.nextGaussian();
            day = slot % 24 == 0 ? c.dayAr * day + Math.sqrt(1 - c.dayAr * c.dayAr) * random.nextGaussian() : day;
            boolean was = out;
            out = c.outages && random.nextDouble() < (out ? 0.7 : 0.004);
            long plans = 10L * (slot + 1);
            ComparedSoaks.Row row = new ComparedSoaks.Row(slot).plans(plans);
            double p50 = Math.exp(1.6 + 0.1 * near + c.dayEffect * day) + plans * 0.0003;
            p50 *= planted ? c.slower : 1;
            row.latency(p50, p50 * Math.exp(0.3 + 0.3 * Math.abs(random.nextGaussian())));
            row.healthy = !out;
            row.restarted = was && !out;
            if (c.restartDays > 0 && slot > 0 && slot % (24 * c.restartDays) == 0) {
                row.restarted = true;
                leaked = 0;
            }
            leaked += planted ? c.leakMib * 1048576.0 : 0;
            row.createErrors = out ? random.nextInt(4) : random.nextInt(200) == 0 ? 1 : 0;
            row.createOk = 10 - row.createErrors;
            row.recoveryOk = slot % 4 == 0 && random.nextInt(50) > 0 ? 1 : 0;
            row.recoveryFail = slot % 4 == 0 ? 1 - row.recoveryOk : 0;
            row.store = 100_000 + plans * 400 + random.nextInt(4096);
            row.rss = (long) (90e6 * (planted ? c.memory : 1) + leaked + (c.memoryAr > 0 ? memory * 3e6 : 0));
            row.descriptors = 21L + random.nextInt(4);
            rows.add(row);
        }
        return rows;
    }

    public static void main(String[] args) {
        String which = args.length > 0 ? args[0] : "all";
        int pairs = args.length > 1 ? Integer.parseInt(args[1]) : 400;
        int days = args.length > 2 ? Integer.parseInt(args[2]) : 30;
        List<Case> asked = CASES.stream()
                .filter(c -> which.equals("all") || c.name.contains(which))
                .toList();
        if (asked.isEmpty()) {
            System.err.println("compare: no case has " + which + " in its name; there are:");
            CASES.forEach(c -> System.err.println("  " + c.name));
            System.exit(Exit.USAGE);
        }
        for (Case c : asked) {
            int hits = 0;
            int untold = 0;
            Map<String, Integer> by = new TreeMap<>();
            List<Double> shownFrom = new ArrayList<>();
            for (int seed = 0; seed < pairs; seed++) {
                Random random = new Random(seed * 7919L + c.name.hashCode());
                try (ComparedSoaks soaks =
                        ComparedSoaks.of(INTERVAL, soak(random, c, days, false), soak(random, c, days, true))) {
                    boolean hit = false;
                    for (Map<String, Object> figure :
                            soaks.query("SELECT figure, result, smallest_shown / abs(baseline) AS smallest FROM"
                                    + " compared_figures")) {
                        String name = (String) figure.get("figure");
                        boolean isWord = figure.get("result").equals("worse")
                                || figure.get("result").equals("better");
                        boolean isWanted = c.planted == null
                                ? isWord
                                : figure.get("result").equals("worse") && name.matches(c.planted);
                        hit |= isWanted;
                        if (isWanted) {
                            by.merge(name, 1, Integer::sum);
                        }
                        untold += c.planted == null && figure.get("result").equals("not told") ? 1 : 0;
                        if (name.equals("p50_ms_per_round") && figure.get("smallest") != null) {
                            shownFrom.add(((Number) figure.get("smallest")).doubleValue());
                        }
                    }
                    hits += hit ? 1 : 0;
                }
            }
            shownFrom.sort(null);
            try (ComparedSoaks any =
                    ComparedSoaks.of(INTERVAL, List.of(new ComparedSoaks.Row(0)), List.of(new ComparedSoaks.Row(0)))) {
                Map<String, Object> bounds = any.query(
                                "SELECT 100 * clopper_pearson_low(k, n) AS low, 100 * clopper_pearson_high(k, n) AS"
                                        + " high FROM (SELECT "
                                        + hits + " AS k, " + pairs + " AS n)")
                        .get(0);
                System.out.printf(
                        Locale.ROOT,
                        "%s, %d days: %s %d of %d (%.1f to %.1f %%)%s; p50 shown from %s; %s%n",
                        c.name,
                        days,
                        c.planted == null ? "false words" : "found",
                        hits,
                        pairs,
                        (Double) bounds.get("low"),
                        (Double) bounds.get("high"),
                        c.planted == null
                                ? String.format(Locale.ROOT, ", %.1f figures not told", untold / (double) pairs)
                                : "",
                        shownFrom.isEmpty()
                                ? "n/a"
                                : String.format(Locale.ROOT, "%.1f %%", 100 * shownFrom.get(shownFrom.size() / 2)),
                        by);
            }
        }
    }
}
