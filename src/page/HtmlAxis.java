package page;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import soak.Schedule;

/**
 * One axis of a chart: where a value lies, in percent of the axis from its low end, and what is written beside it.
 * Layout alone: the values come from SQL.
 */
public final class HtmlAxis {
    /**
     * @param at percent from the low end
     * @param fromTop percent from the top, where the axis goes upwards
     * @param edge first or last where the label would stand out over the edge, else empty
     * @param minor may be left out where there is little room
     */
    public record Tick(String at, String fromTop, String label, String edge, boolean minor) {
        static Tick at(double percent, String label, boolean minor) {
            return new Tick(
                    percent(percent),
                    percent(100 - percent),
                    label,
                    percent < 2 ? "first" : percent > 96 ? "last" : "",
                    minor);
        }
    }

    private static final int DAY = Schedule.SECONDS_PER_DAY;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    private final double low;
    private final double high;
    private final boolean logarithmic;
    private final String unit;
    private final List<Tick> ticks = new ArrayList<>();

    private HtmlAxis(double low, double high, boolean logarithmic, String unit) {
        this.low = low;
        this.high = high;
        this.logarithmic = logarithmic;
        this.unit = unit;
    }

    /** From 0 to the next tick beyond {@code most}. */
    static HtmlAxis linear(double most, String unit) {
        double span = most > 0 ? most : Math.max(1, -most);
        double step = niceStep(span / 4);
        HtmlAxis axis = new HtmlAxis(0, Math.ceil(span / step - 1e-9) * step, false, unit);
        for (int i = 0; i * step <= axis.high + step / 1000; i++) {
            axis.tick(i * step, HtmlAxis::plain, false);
        }
        return axis;
    }

    /** Of sizes: the steps are round in the unit that is shown. */
    static HtmlAxis bytes(double most) {
        double unit = most >= 1 << 20 ? 1 << 20 : most >= 1 << 10 ? 1 << 10 : 1;
        HtmlAxis scaled = linear(most / unit, "");
        HtmlAxis axis = new HtmlAxis(
                scaled.low * unit, scaled.high * unit, false, unit == 1 << 20 ? "MiB" : unit == 1 << 10 ? "KiB" : "B");
        axis.ticks.addAll(scaled.ticks);
        return axis;
    }

    /** Whole decades around the values, which are above 0. */
    static HtmlAxis log(double least, double most, String unit) {
        int from = (int) Math.floor(Math.log10(least));
        int to = Math.max(from + 1, (int) Math.ceil(Math.log10(most)));
        HtmlAxis axis = new HtmlAxis(from, to, true, unit);
        for (int decade = from; decade <= to; decade++) {
            axis.tick(Math.pow(10, decade), HtmlAxis::plain, false);
        }
        return axis;
    }

    /** A rate that should be close to 1: the room below the lowest value or the target is not shown. */
    static HtmlAxis rate(double least) {
        double missing = Math.max(1 - least, 1e-4);
        double step = niceStep(missing / 3);
        HtmlAxis axis = new HtmlAxis(Math.max(0, 1 - Math.ceil(missing * 1.05 / step) * step), 1, false, "");
        for (int i = 0; 1 - i * step >= axis.low - step / 1000; i++) {
            axis.tick(1 - i * step, HtmlAxis::plain, false);
        }
        return axis;
    }

    /**
     * Time in seconds since 1970; its days are those of the soak.
     *
     * @param dayOne where day 1 begins
     */
    static HtmlAxis time(double from, double to, double dayOne) {
        HtmlAxis axis = new HtmlAxis(from, to, false, "");
        if (to - from <= 2 * DAY) {
            int hours = to - from <= 6 * 3600 ? 1 : 6;
            for (double at = Math.ceil(from / 3600 / hours) * 3600 * hours; at <= to; at += 3600 * hours) {
                axis.tick(
                        at,
                        t -> CLOCK.format(LocalTime.ofInstant(Instant.ofEpochSecond((long) t), ZoneOffset.UTC)),
                        at % (12 * 3600) != 0);
            }
            return axis;
        }
        double days = (to - from) / DAY;
        int each = days <= 10 ? 1 : days <= 20 ? 2 : days <= 70 ? 7 : 28; // a week is what a checkpoint covers
        for (int day = 0; dayOne + day * (double) DAY < to; day += each) {
            int number = day + 1;
            axis.tick(dayOne + day * (double) DAY, t -> "day " + number, day / each % 2 == 1);
        }
        return axis;
    }

    private void tick(double value, DoubleFunction<String> label, boolean minor) {
        ticks.add(Tick.at(position(value), label.apply(value), minor));
    }

    /** 1, 2 or 5 times a power of ten, not below {@code rough}. */
    private static double niceStep(double rough) {
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= rough * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /** 14,400 and 0.995, whatever the language of the machine. */
    static String plain(double value) {
        BigDecimal number =
                new BigDecimal(value).setScale(6, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return number.scale() <= 0 ? String.format(Locale.ROOT, "%,d", number.longValue()) : number.toPlainString();
    }

    /** @return percent of the axis from its low end; beyond it for a value that lies beyond it */
    double position(double value) {
        return 100 * ((logarithmic ? Math.log10(value) : value) - low) / (high - low);
    }

    /** For an axis from left to right. */
    String across(double value) {
        return percent(position(value));
    }

    /** For an axis from bottom to top: the page counts from the top. */
    String down(double value) {
        return percent(100 - position(value));
    }

    /** With two decimals, without a format's price: a page has thousands of them. */
    static String percent(double value) {
        long hundredths = Math.round(value * 100);
        StringBuilder text = new StringBuilder(8);
        if (hundredths < 0) {
            text.append('-');
        }
        hundredths = Math.abs(hundredths);
        text.append(hundredths / 100);
        long rest = hundredths % 100;
        if (rest > 0) {
            text.append('.').append(rest / 10);
            if (rest % 10 > 0) {
                text.append(rest % 10);
            }
        }
        return text.toString();
    }

    public String getUnit() {
        return unit;
    }

    /** Positions from the low end. */
    public List<Tick> getTicks() {
        return ticks;
    }

    double low() {
        return logarithmic ? Math.pow(10, low) : low;
    }

    double high() {
        return logarithmic ? Math.pow(10, high) : high;
    }
}
