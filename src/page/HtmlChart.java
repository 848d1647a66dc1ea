package page;

import java.util.ArrayList;
import java.util.List;

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
    private final List<Mark> dots = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private final List<Key> legend = new ArrayList<>();
    private Table table;

    /** @param about one sentence that says what is to be seen */
    HtmlChart(String id, String title, String about, HtmlAxis x, HtmlAxis y) {
        this.id = id;
        this.title = title;
        this.about = about;
        this.x = x;
        this.y = y;
    }

    HtmlChart rule(String kind, double value, String label) {
        rules.add(new Rule(kind, y.down(value), label));
        return this;
    }

    /** Values in the order of x; a null y ends a stretch of the line. */
    HtmlChart line(String kind, List<double[]> points) {
        StringBuilder d = new StringBuilder();
        boolean drawing = false;
        for (double[] point : points) {
            if (point == null) {
                drawing = false;
                continue;
            }
            d.append(drawing ? 'L' : 'M').append(x.across(point[0])).append(' ').append(y.down(point[1]));
            drawing = true;
        }
        if (d.length() > 0) {
            paths.add(new Path(kind, d.toString()));
        }
        return this;
    }

    /** @param points x, low and high */
    HtmlChart band(String kind, List<double[]> points) {
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
            paths.add(0, new Path(kind, d.append('Z').toString()));
        }
        return this;
    }

    HtmlChart dot(String kind, double atX, double atY, String title) {
        dots.add(new Mark(kind, x.across(atX), y.down(atY), title));
        return this;
    }

    HtmlChart mark(String kind, double atX, double atY, String title) {
        marks.add(new Mark(kind, x.across(atX), y.down(atY), title));
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
        return about;
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
        return dots;
    }

    public List<Mark> getMarks() {
        return marks;
    }

    public List<Key> getLegend() {
        return legend;
    }

    public Table getTable() {
        return table;
    }
}
