import java.util.Random;

/** Series whose dependence is known because it was made here; standard deviation 1 each. */
final class Noise {
    private Noise() {}

    /** Each value resembles the one before: AR(1), begun in its stationary state. */
    static double[] ar(Random random, int n, double r) {
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = i == 0 ? random.nextGaussian() : r * y[i - 1] + Math.sqrt(1 - r * r) * random.nextGaussian();
        }
        return y;
    }

    /** What all rounds of a day have in common, and each day with the one before. */
    static double[] days(Random random, int rounds, int roundsPerDay, double r) {
        double[] day = ar(random, rounds / roundsPerDay + 1, r);
        double[] y = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            y[i] = day[i / roundsPerDay];
        }
        return y;
    }

    /** It drifts and never comes back: a random walk, scaled to 1 over its whole length. */
    static double[] walk(Random random, int n) {
        double[] y = new double[n];
        for (int i = 1; i < n; i++) {
            y[i] = y[i - 1] + random.nextGaussian() / Math.sqrt(n);
        }
        return y;
    }
}
