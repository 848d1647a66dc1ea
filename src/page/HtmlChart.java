package page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A chart as templates/html draws it: everything placed in percent of the drawing area, from its left and its top.
 * Colours and glyphs belong to the kinds, which are CSS classes; each kind has its glyph or its stroke, so that colour
 * is never the only sign.
 */
public final class HtmlChart {
    /** A horizontal line with a name, such as a target. */
    public record Rule(String kind, String at, String label) {}

    /** A path over an area of 100 by 100; a band is filled, a line is not. */
    public record Path(String kind, String d) {}

    /** @param title what is told on hovering and to a screen reader: it names the round */
    public record Mark(String kind, String x, String y, String title) {}

    /** A mark before it is placed in words: x and y in percent. */
    record Point(String kind, double x, double y, String title) {
        /** What stands for those that lie over the same pixel. */
        private Mark markFor(int points) {
            String more = points == 1 ? "" : "; " + HtmlAxis.plain(points - 1) + " more here";
            return new Mark(kind, HtmlAxis.percent(x), HtmlAxis.percent(y), title + more);
        }

        /** @return all where they are few, else the first of a kind over each pixel */
        static List<Mark> marks(List<Point> points) {
            if (!PerPixel.thins(points.size())) {
                return points.stream().map(point -> point.markFor(1)).toList();
            }
            Map<String, List<Point>> kinds =
                    points.stream().collect(Collectors.groupingBy(Point::kind, TreeMap::new, Collectors.toList()));
            return kinds.values().stream()
                    .flatMap(kind -> PerPixel.over(kind, Point::x).stream())
                    .map(over -> over.get(0).markFor(over.size()))
                    .toList();
        }
    }

    /** @param sign dot, line, band, rule or the glyph of a kind */
    public record Key(String kind, String sign, String label) {}

    /** @param columns headings; those of numbers are told by {@code numeric} */
    public record Table(String caption, List<String> columns, List<Boolean> numeric, List<List<Object>> rows) {}

    private final String id;
    private final String title;
    private final String about;
    private final HtmlAxis x;
    private final HtmlAxis y;
    private final List<Rule> rules = new ArrayList<>();
    private final List<Path> paths = new ArrayList<>();
    private final List<Point> dots = new ArrayList<>();
    private final List<Point> marks = new ArrayList<>();
    private final List<Key> legend = new ArrayList<>();
    private Table table;
    private boolean thinned;

    /** @param about one sentence that says what is to be seen */
    HtmlChart(String id, String title, String about, HtmlAxis x, HtmlAxis y) {
        this.id = id;
        this.title = title;
        this.about = about;
        this.x = x;
        this.y = y;
    }

    HtmlChart target(double value, String label) {
        rules.add(new Rule("target", y.down(value), label));
        return this;
    }

    /** Values in the order of x; a null ends a stretch of the line, if it is as wide as a pixel. */
    HtmlChart line(String kind, List<double[]> points) {
        List<Integer> known = IntStream.range(0, points.size())
                .filter(place -> points.get(place) != null)
                .boxed()
                .toList();
        thinned |= PerPixel.thins(known.size());
        StringBuilder d = new StringBuilder();
        int before = -1;
        for (int place : PerPixel.of(known, at -> x.position(points.get(at)[0]), at -> points.get(at)[1])) {
            double[] point = points.get(place);
            boolean goesOn = before >= 0 && !isGap(points, before, place, PerPixel.thins(known.size()));
            d.append(goesOn ? 'L' : 'M').append(x.across(point[0])).append(' ').append(y.down(point[1]));
            before = place;
        }
        if (d.length() > 0) {
            paths.add(new Path(kind, d.toString()));
        }
        return this;
    }

    private boolean isGap(List<double[]> points, int from, int to, boolean isThinned) {
        long wide = PerPixel.pixel(x.position(points.get(to)[0])) - PerPixel.pixel(x.position(points.get(from)[0]));
        return points.subList(from, to).stream().anyMatch(Objects::isNull) && (!isThinned || wide > 1);
    }

    /** @param all x, low and high of each point */
    HtmlChart band(List<double[]> all) {
        List<double[]> points = !PerPixel.thins(all.size())
                ? all
                : PerPixel.over(all, p -> x.position(p[0])).stream()
                        .map(over -> new double[] {
                            over.get(0)[0],
                            over.stream().mapToDouble(p -> p[1]).min().orElseThrow(),
                            over.stream().mapToDouble(p -> p[2]).max().orElseThrow()
                        })
                        .toList();
        StringBuilder d = new StringBuilder();
        for (double[] p : points) {
            d.append(d.length() == 0 ? 'M' : 'L')
                    .append(x.across(p[0]))
                    .append(' ')
                    .append(y.down(p[2]));
        }
        for (int i = points.size() - 1; i >= 0; i--) {
            d.append('L').append(x.across(points.get(i)[0])).append(' ').append(y.down(points.get(i)[1]));
        }
        if (d.length() > 0) {
            paths.add(0, new Path("band", d.append('Z').toString()));
        }
        return this;
    }

    HtmlChart dot(double atX, double atY, String title) {
        dots.add(new Point("round", x.position(atX), 100 - y.position(atY), title));
        return this;
    }

    HtmlChart mark(String kind, double atX, double atY, String title) {
        marks.add(new Point(kind, x.position(atX), 100 - y.position(atY), title));
        return this;
    }

    HtmlChart key(String kind, String sign, String label) {
        legend.add(new Key(kind, sign, label));
        return this;
    }

    HtmlChart table(Table numbers) {
        table = numbers;
        return this;
    }

    public String getId() {
        return id;
    }

    public String getTitle() {
        return title;
    }

    public String getAbout() {
        return thinned || PerPixel.thins(dots.size()) ? about + PerPixel.TOLD : about;
    }

    public HtmlAxis getX() {
        return x;
    }

    public HtmlAxis getY() {
        return y;
    }

    public List<Rule> getRules() {
        return rules;
    }

    public List<Path> getPaths() {
        return paths;
    }

    public List<Mark> getDots() {
        return PerPixel.of(dots, Point::x, Point::y).stream()
                .map(point -> point.markFor(1))
                .toList();
    }

    public List<Mark> getMarks() {
        return Point.marks(marks);
    }

    public List<Key> getLegend() {
        return legend;
    }

    public Table getTable() {
        return table;
    }
}
