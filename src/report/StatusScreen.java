package report;

import command.Terminal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The status on one screen of 80 x 24: which line, which column, which colour; what stands there comes from SQL. */
final class StatusScreen {
    /** The prompt takes the last of 24. */
    private static final int LINES = 23;

    private static final int LABEL = 7;
    private static final int LEAST_COLUMNS = 40;
    private static final int MOST_COLUMNS = 160;
    private static final int ALERTS = 3;

    private enum Color {
        GREEN("32"),
        RED("31"),
        YELLOW("33"),
        DIM("2"),
        BOLD("1"),
        NONE("");

        final String code;

        Color(String code) {
            this.code = code;
        }
    }

    /** How a day or a check stands, worst first: a sign for each, for colour is never the only one. */
    private enum Sign {
        BAD('\u2717', 'x', Color.RED),
        MISSED('-', '-', Color.YELLOW),
        GOOD('\u2713', '+', Color.GREEN),
        OPEN('>', '>', Color.NONE),
        UNKNOWN('?', '?', Color.DIM),
        TO_COME('.', '.', Color.DIM);

        final char unicode;
        final char ascii;
        final Color color;

        Sign(char unicode, char ascii, Color color) {
            this.unicode = unicode;
            this.ascii = ascii;
            this.color = color;
        }

        static Sign ofDay(Object state) {
            return switch ((String) state) {
                case "failed" -> BAD;
                case "missed" -> MISSED;
                case "ok" -> GOOD;
                default -> TO_COME;
            };
        }

        /** An edit of config.env is no loss, for restoring it heals; until then the verdict is FAIL. */
        static Sign of(Map<String, Object> margin) {
            if (!margin.get("edited").equals("")) {
                return BAD;
            }
            return switch ((String) margin.get("outlook")) {
                case "already lost" -> BAD;
                case "passed for good" -> GOOD;
                case "on track", "behind" -> OPEN;
                default -> UNKNOWN;
            };
        }
    }

    private final Terminal terminal;
    private final int columns;
    private final List<String> lines = new ArrayList<>();

    StatusScreen(Terminal terminal, int columns) {
        this.terminal = terminal;
        this.columns = Math.max(LEAST_COLUMNS, Math.min(columns, MOST_COLUMNS));
    }

    /**
     * @param screen the row of status_screen
     * @param cron what starts the rounds on this machine, where a person must know; else ""
     * @param judge where a person must know of it; else ""
     * @param days the rows of soak_days
     * @param margins the rows of status_margin
     * @param alerts alert lines, the last one last
     */
    List<String> lines(
            Map<String, Object> screen,
            String cron,
            String judge,
            List<Map<String, Object>> days,
            List<Map<String, Object>> margins,
            List<Object> alerts) {
        head(screen);
        bar(days);
        labelled("Rounds", screen.get("rounds"), Color.NONE);
        labelled("Last", screen.get("last"), Color.NONE);
        labelled("Next", screen.get("next"), (Boolean) screen.get("is_overdue") ? Color.RED : Color.NONE);
        if (!cron.isEmpty()) {
            labelled("Cron", cron, Color.YELLOW);
        }
        if (!judge.isEmpty()) {
            labelled("Judge", judge, Color.YELLOW);
        }
        if (!screen.get("edited").equals("")) {
            wrapped("Edited", (String) screen.get("edited"), Color.RED);
        }
        wrapped("Gate", (String) screen.get("outlook"), Color.NONE);
        checks(margins);
        labelled("Alerts", screen.get("alerts"), Color.NONE);
        int room = Math.min(ALERTS, LINES - lines.size());
        alerts.subList(Math.max(0, alerts.size() - room), alerts.size())
                .forEach(line -> lines.add(fitted("  " + clean(line), columns)));
        return lines;
    }

    /** The name gives way: a rehearsal must say so on its first line. */
    private void head(Map<String, Object> screen) {
        String rest =
                "  " + clean(screen.get("day")) + "  " + clean(screen.get("kind")) + "  " + clean(screen.get("as_of"));
        lines.add(paint(
                fitted(fitted(clean(screen.get("soak_id")), Math.max(8, columns - rest.length())) + rest, columns),
                Color.BOLD));
    }

    private void bar(List<Map<String, Object>> days) {
        String legend = sign(Sign.GOOD) + " ok " + sign(Sign.BAD) + " failed " + sign(Sign.MISSED) + " missed "
                + sign(Sign.TO_COME) + " to come";
        int room = columns - LABEL;
        int daysEach = (days.size() + room - 1) / room;
        StringBuilder cells = new StringBuilder();
        int count = 0;
        for (int day = 0; day < days.size(); day += daysEach, count++) {
            Sign worst = days.subList(day, Math.min(day + daysEach, days.size())).stream()
                    .map(d -> Sign.ofDay(d.get("state")))
                    .min(Enum::compareTo)
                    .orElseThrow();
            cells.append(paint(sign(worst), worst.color));
        }
        boolean inLine = daysEach == 1 && count + 2 + legend.length() <= room;
        lines.add(label("Days") + cells + (inLine ? "  " + legend : ""));
        if (!inLine) {
            lines.add(label("")
                    + fitted(
                            legend + (daysEach > 1 ? "; a sign is the worst of " + daysEach + " days" : ""),
                            room)); // ours, signs and all
        }
    }

    private void checks(List<Map<String, Object>> margins) {
        int room = LINES - lines.size() - 1;
        List<Map<String, Object>> shown = margins;
        if (margins.size() > room) { // checks can be added: then those that say most stay
            List<Map<String, Object>> urgent = margins.stream()
                    .sorted(Comparator.comparing(Sign::of))
                    .limit(room - 1)
                    .toList();
            shown = margins.stream().filter(urgent::contains).toList();
        }
        int id = width(shown, "id");
        int name = width(shown, "name");
        for (Map<String, Object> m : shown) {
            Sign sign = Sign.of(m);
            boolean edited = !m.get("edited").equals("");
            String word = switch (sign) {
                case BAD -> edited ? "edited" : "lost";
                case GOOD -> "passed";
                case OPEN -> (String) m.get("outlook"); // on track, behind
                default -> "not yet";
            };
            String text = fitted(
                    padded(clean(m.get("id")), id) + " " + padded(clean(m.get("name")), name) + " " + padded(word, 8)
                            + " " + clean(m.get(edited ? "edited" : "margin")),
                    columns - 2);
            lines.add(paint(sign(sign), sign.color) + " " + (sign == Sign.BAD ? paint(text, Color.RED) : text));
        }
        if (shown.size() < margins.size()) {
            lines.add(fitted("  and " + (margins.size() - shown.size()) + " more: --format text shows all", columns));
        }
    }

    private static int width(List<Map<String, Object>> rows, String column) {
        return Math.min(
                24,
                rows.stream()
                        .mapToInt(row -> ((String) row.get(column)).length())
                        .max()
                        .orElse(0));
    }

    private void labelled(String label, Object text, Color color) {
        lines.add(label(label) + paint(fitted(clean(text), columns - LABEL), color));
    }

    /** In at most two lines. */
    private void wrapped(String label, String text, Color color) {
        String clean = clean(text);
        int room = columns - LABEL;
        int end = clean.length() <= room ? clean.length() : Math.max(clean.lastIndexOf(' ', room), room / 2);
        lines.add(label(label) + paint(clean.substring(0, end), color));
        if (end < clean.length()) {
            lines.add(label("") + paint(fitted(clean.substring(end).strip(), room), color));
        }
    }

    private static String label(String label) {
        return padded(label, LABEL);
    }

    private static String padded(String text, int width) {
        return fitted(text, width) + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String fitted(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 2) + "..";
    }

    private String sign(Sign sign) {
        return String.valueOf(terminal.unicode() ? sign.unicode : sign.ascii);
    }

    /** What evidence says must not move the cursor, and a sign of unknown width must not break a line. */
    private String clean(Object text) {
        return terminal.unicode()
                ? text.toString().replaceAll("[^ -~\u00a1-\u02ff\u2264\u2265\u2013\u2019\u2026]", "?")
                : text.toString()
                        .replace("\u2264", "<=")
                        .replace("\u2265", ">=")
                        .replace('\u2013', '-')
                        .replace('\u2019', '\'')
                        .replace("\u2026", "...")
                        .replaceAll("[^ -~]", "?");
    }

    private String paint(String text, Color color) {
        return terminal.colors() && color != Color.NONE && !text.isEmpty()
                ? "\u001b[" + color.code + "m" + text + "\u001b[0m"
                : text;
    }
}
