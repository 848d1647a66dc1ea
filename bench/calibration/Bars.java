import base.Failure;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * One line a measured rate, with its 95 % bounds, and whether it keeps its bar; {@link #kept} tells whether all did.
 */
final class Bars {
    private final PrintWriter out;
    private int lines;
    private int missed;

    Bars(PrintWriter out) {
        this.out = out;
    }

    void heading(String text) {
        out.println();
        out.println(text);
        out.flush();
    }

    /** The bar is on the one-sided 95 % upper bound of the rate (Clopper and Pearson). */
    void boundAtMost(String what, int found, int n, double bar) {
        line(
                what,
                found,
                n,
                upper(found, n) <= bar,
                String.format(Locale.ROOT, "upper bound %.1f %%, bar %.1f %%", 100 * upper(found, n), 100 * bar));
    }

    /** The bar is on the rate itself. */
    void rateAtMost(String what, int found, int n, double bar) {
        line(what, found, n, found <= bar * n, String.format(Locale.ROOT, "at most %.1f %%", 100 * bar));
    }

    void rateAtLeast(String what, int found, int n, double bar) {
        line(what, found, n, found >= bar * n, String.format(Locale.ROOT, "at least %.1f %%", 100 * bar));
    }

    /** Without a bar: what is to be known. */
    void told(String what, int found, int n) {
        line(what, found, n, true, "no bar");
    }

    private void line(String what, int found, int n, boolean kept, String bar) {
        lines++;
        missed += kept ? 0 : 1;
        out.println(String.format(
                Locale.ROOT,
                "  %-80s %4d of %4d = %7s  %s%s",
                what,
                found,
                n,
                n == 0 ? "n/a" : String.format(Locale.ROOT, "%.1f %%", 100.0 * found / n),
                bar,
                kept ? "" : "  MISSED"));
        out.flush();
    }

    /**
     * @return whether every bar was kept; says so on the last line
     * @throws Failure exit 64 if nothing was measured: no bar is kept by that
     */
    boolean kept() {
        if (lines == 0) {
            throw Failure.usage("nothing was measured: give --only a text that a heading has");
        }
        out.println();
        out.println(missed == 0 ? "every bar is kept" : missed + (missed == 1 ? " bar is missed" : " bars are missed"));
        return missed == 0;
    }

    private static double upper(int k, int n) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < 60; i++) {
            double p = (low + high) / 2;
            double sum = 0;
            double term = Math.pow(1 - p, n);
            for (int j = 0; j <= k; j++) {
                sum += term;
                term *= (double) (n - j) / (j + 1) * p / (1 - p);
            }
            if (sum > 0.05) {
                low = p;
            } else {
                high = p;
            }
        }
        return high;
    }
}
