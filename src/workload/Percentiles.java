package workload;

import java.util.Arrays;
import java.util.List;

/** Nearest rank: the smallest value whose rank is at least p·n (contract, section 4 "Percentiles"). */
public final class Percentiles {
    private Percentiles() {}

    /** @return the value, null if there is none to take it from */
    public static Double nearestRank(List<Double> values, int percent) {
        if (values.isEmpty()) {
            return null;
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int rank = (int) (((long) sorted.length * percent + 99) / 100); // in integers: 0.99 * 100 is not 99 in binary
        return sorted[Math.max(rank, 1) - 1];
    }
}
