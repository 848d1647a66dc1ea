///bin/sh "$(dirname "$(readlink -f "$0")")/../../jbang" "$(readlink -f "$0")" "$@" ; exit $?
//JAVA 17+
//SOURCES Noise.java
//SOURCES Bars.java
//SOURCES ../../tests/support/TrendSoak.java
//SOURCES ../../src/evidence/*.java
//SOURCES ../../src/cache/*.java
//SOURCES ../../src/seal/*.java
//SOURCES ../../src/base/*.java
//SOURCES ../../src/soak/*.java
//SOURCES ../../src/settings/*.java
//SOURCES ../../src/build/*.java
//SOURCES ../../src/command/*.java
//SOURCES ../../src/probe/PrometheusText.java
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1
import command.Cli;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How often the trends of a report tell a growth that is none, and how often they miss one: the product's own SQL over
 * soaks whose truth is known. Seeded, so that the same seeds give the same numbers. Exit codes: 0 every bar is kept; 1
 * one is not.
 */
@Command(
        name = "calibration/trends",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "False words and power of the trends, over seeded soaks.")
class trends implements Callable<Integer> {
    private static final int INTERVAL = 1800;
    private static final int A_DAY = 48;
    private static final double MIB = 1 << 20;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "400",
            description = "Soaks for each line (default: ${DEFAULT-VALUE}).")
    int seeds;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only the parts whose heading holds this text.")
    String only;

    @Spec
    CommandSpec spec;

    /** What is measured of a round, from its slot. */
    private interface Amounts {
        double at(int slot);
    }

    /** The amounts of one soak. */
    private interface Source {
        Amounts of(Random random, int rounds);
    }

    public static void main(String[] args) {
        System.exit(Cli.run(new trends(), args));
    }

    private Bars bars;
    private TrendSoak soak;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        bars = new Bars(out);
        soak = new TrendSoak(INTERVAL);
        out.println("Soaks for each line: " + seeds + ", seeds 1 to " + seeds
                + "; a round every half hour, 10 plans each; told is p < 0.01");
        part("Memory without a trend: told to grow or shrink", () -> {
            for (int days : new int[] {2, 3, 5, 7, 9, 15, 30}) {
                bars.rateAtMost(
                        "AR(1) 0.95 from round to round, day " + days,
                        memory((random, n) -> plus(90 * MIB, 10 * MIB, Noise.ar(random, n, 0.95)), days, 0, false),
                        seeds,
                        0.02);
            }
            for (int days : new int[] {5, 30}) {
                bars.rateAtMost(
                        "the same, killed every day, day " + days,
                        memory((random, n) -> plus(90 * MIB, 10 * MIB, Noise.ar(random, n, 0.95)), days, A_DAY, false),
                        seeds,
                        0.02);
                bars.rateAtMost(
                        "the same, and as much of white noise, day " + days,
                        memory(
                                (random, n) -> {
                                    double[] near = Noise.ar(random, n, 0.95);
                                    double[] white = Noise.ar(random, n, 0);
                                    return slot -> 90 * MIB + 10 * MIB * (near[slot] + white[slot]);
                                },
                                days,
                                0,
                                false),
                        seeds,
                        0.02);
                bars.told(
                        "AR(1) 0.99, day " + days,
                        memory((random, n) -> plus(90 * MIB, 10 * MIB, Noise.ar(random, n, 0.99)), days, 0, false),
                        seeds);
                bars.told(
                        "days that resemble each other (0.5), day " + days,
                        memory(
                                (random, n) -> plus(90 * MIB, 10 * MIB, Noise.days(random, n, A_DAY, 0.5)),
                                days,
                                0,
                                false),
                        seeds);
                bars.told(
                        "a random walk, which does grow or shrink, day " + days,
                        memory((random, n) -> plus(90 * MIB, 10 * MIB, Noise.walk(random, n)), days, 0, false),
                        seeds);
            }
        });
        part("A leak of 3 MiB a round over AR(1) 0.95 of 30 MiB: told to grow", () -> {
            for (int every : new int[] {1, 3, 5}) {
                for (int days : new int[] {5, 10, 30}) {
                    bars.rateAtLeast(
                            "killed every " + every + " days, day " + days,
                            memory((random, n) -> leak(random, n, 30, every * A_DAY), days, every * A_DAY, true),
                            seeds,
                            0.99);
                }
            }
            for (int days : new int[] {2, 3}) {
                bars.told(
                        "never killed, noise 10 MiB, day " + days,
                        memory((random, n) -> leak(random, n, 10, n), days, 0, true),
                        seeds);
            }
            bars.told(
                    "killed every 6 hours, noise 10 MiB, day 5",
                    memory((random, n) -> leak(random, n, 10, 12), 5, 12, true),
                    seeds);
        });
        part("Latency without a trend: told to grow or shrink", () -> {
            for (int days : new int[] {5, 9, 10, 15, 30}) {
                bars.boundAtMost(
                        "days that resemble each other (0.5), 5 % of it, day " + days,
                        latency(days, 0.05, 0.5, 0, false),
                        seeds,
                        0.05);
            }
            for (int days : new int[] {10, 30}) {
                bars.boundAtMost(
                        "days of their own, 5 % of it, day " + days, latency(days, 0.05, 0, 0, false), seeds, 0.05);
            }
            bars.told(
                    "days that resemble each other (0.8), 5 % of it, day 30", latency(30, 0.05, 0.8, 0, false), seeds);
        });
        part(
                "Latency that grows by 10 % in 30 days: told to grow",
                () -> {
                    bars.rateAtLeast(
                            "days resemble each other (0.5), 1 % of it", latency(30, 0.01, 0.5, 0.1, true), seeds, 0.8);
                    for (double share : new double[] {0.02, 0.03, 0.05}) {
                        bars.told(
                                "days resemble each other (0.5), " + Math.round(100 * share) + " % of it",
                                latency(30, share, 0.5, 0.1, true),
                                seeds);
                    }
                    bars.told("days of their own, 3 % of it", latency(30, 0.03, 0, 0.1, true), seeds);
                });
        part("The plan at which the first round exceeds 500 ms lies in its interval", this::interval);
        boolean kept = bars.kept();
        soak.close();
        return kept ? 0 : 1;
    }

    private void part(String heading, Runnable body) {
        if (heading.contains(only)) {
            bars.heading(heading);
            body.run();
        }
    }

    private static Amounts plus(double level, double spread, double[] noise) {
        return slot -> level + spread * noise[slot];
    }

    private static Amounts leak(Random random, int rounds, double noise, int every) {
        double[] near = Noise.ar(random, rounds, 0.95);
        return slot -> 200 * MIB + noise * MIB * near[slot] + 3 * MIB * (slot % every);
    }

    /** @param every rounds from restart to restart; 0: none */
    private int memory(Source source, int days, int every, boolean growth) {
        return count("cp_rss_bytes", days, growth, random -> {
            Amounts amounts = source.of(random, days * A_DAY);
            soak.play(days * A_DAY, round -> {
                round.memory = amounts.at((int) round.slot);
                round.restarted = every > 0 && round.slot > 0 && round.slot % every == 0;
            });
        });
    }

    /**
     * A round's p99: log-normal around its level, 3 % of it like its neighbours' (0.7), 5 % its own, 5 % by the hour of
     * the day, and what the days have in common.
     *
     * @param share standard deviation of what days have in common
     * @param growth in 30 days
     */
    private int latency(int days, double share, double r, double growth, boolean onlyGrowth) {
        return count("p99_ms", days, onlyGrowth, random -> {
            double[] p99 = latencies(random, days, 20, share, r, growth * 20 / 30);
            soak.play(days * A_DAY, round -> round.p99 = p99[(int) round.slot]);
        });
    }

    private static double[] latencies(Random random, int days, double level, double share, double r, double perDay) {
        int n = days * A_DAY;
        double[] near = Noise.ar(random, n, 0.7);
        double[] day = Noise.days(random, n, A_DAY, r);
        double[] p99 = new double[n];
        for (int i = 0; i < n; i++) {
            p99[i] = (level + perDay * i / A_DAY)
                    * Math.exp(0.03 * near[i]
                            + share * day[i]
                            + 0.05 * Math.sin(2 * Math.PI * i / A_DAY)
                            + 0.05 * Math.abs(random.nextGaussian()));
        }
        return p99;
    }

    private interface Play {
        void with(Random random);
    }

    private int count(String series, int days, boolean onlyGrowth, Play play) {
        int told = 0;
        for (int seed = 1; seed <= seeds; seed++) {
            play.with(new Random(seed * 1000L + days));
            int sign = soak.told(series);
            told += onlyGrowth ? Math.max(0, sign) : Math.abs(sign);
        }
        return told;
    }

    /** Latency that grows from 200 ms and meets 500 ms on some day from 1.3 to 3 times as many as have been seen. */
    private void interval() {
        for (int days : new int[] {12, 20, 30}) {
            int told = 0;
            int within = 0;
            int before = 0;
            for (int seed = 1; seed <= seeds; seed++) {
                Random random = new Random(seed);
                double meets = days * (1.3 + 1.7 * random.nextDouble());
                double[] p99 = latencies(random, (int) (1.2 * meets) + 2, 200, 0.02, 0.5, 300 / meets);
                int first = 0;
                while (p99[first] <= 500) {
                    first++;
                }
                if (first < days * A_DAY) {
                    continue;
                }
                soak.play(days * A_DAY, round -> round.p99 = p99[(int) round.slot]);
                Map<String, Object> row = soak.trend("p99_ms");
                if (row.get("reached_at_plan_count_low") != null) {
                    double plans = 10.0 * (first + 1);
                    Object high = row.get("reached_at_plan_count_high");
                    told++;
                    before += plans < ((Number) row.get("reached_at_plan_count")).doubleValue() ? 1 : 0;
                    within += plans >= ((Number) row.get("reached_at_plan_count_low")).doubleValue()
                                    && (high == null || plans <= ((Number) high).doubleValue())
                            ? 1
                            : 0;
                }
            }
            bars.rateAtLeast("seen " + days + " days", within, told, 0.93);
            bars.told("seen " + days + " days: it came before the plan that was named", before, told);
        }
    }
}
