package page;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Thins what a chart draws to what its paper can show: of all points over one pixel the lowest, the median and the
 * highest stay, as they are. None is averaged, so whatever stood out still does.
 */
final class PerPixel {
    /** Across a chart; on a screen of usual size none is wider. */
    static final int PIXELS = 800;

    /** So many points are drawn one and all. */
    static final int MOST_POINTS = 3 * PIXELS;

    /** What is told beside a chart that was thinned. */
    static final String TOLD = " Of all points over one pixel, the lowest, the median and the highest are drawn.";

    private PerPixel() {}

    static boolean thins(int points) {
        return points > MOST_POINTS;
    }

    /** @param across where it lies, 0 to 100 percent of the paper */
    static long pixel(double across) {
        return Math.min(PIXELS - 1, (long) Math.floor(across * PIXELS / 100));
    }

    /**
     * @param across where a point lies, 0 to 100 percent of the paper
     * @param value which orders the points over one pixel
     * @return the points that are drawn, in their order; all where they are few
     */
    static <T> List<T> of(List<T> points, ToDoubleFunction<T> across, ToDoubleFunction<T> value) {
        if (!thins(points.size())) {
            return points;
        }
        List<T> drawn = new ArrayList<>();
        for (List<T> over : over(points, across)) {
            List<T> sorted =
                    over.stream().sorted(Comparator.comparingDouble(value)).toList();
            T lowest = sorted.get(0);
            T median = sorted.get((sorted.size() - 1) / 2);
            T highest = sorted.get(sorted.size() - 1);
            for (T point : over) {
                if (point == lowest || point == median || point == highest) {
                    drawn.add(point);
                }
            }
        }
        return drawn;
    }

    /** The points over each pixel that has some, from the left to the right. */
    static <T> Collection<List<T>> over(List<T> points, ToDoubleFunction<T> across) {
        return points.stream()
                .collect(Collectors.groupingBy(
                        point -> pixel(across.applyAsDouble(point)), TreeMap::new, Collectors.toList()))
                .values();
    }
}
