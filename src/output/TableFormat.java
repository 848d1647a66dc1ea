package output;

import base.Failure;
import base.Json;
import base.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The four forms of a query's answer. Cells are what {@link Cell#of} makes of a value: null, Boolean, numbers, String,
 * List or Map.
 */
public enum TableFormat {
    /** Aligned with spaces, numbers to the right; for eyes. */
    TABLE {
        @Override
        public void print(List<String> columns, Iterable<List<Object>> answer, PrintWriter out) {
            List<List<Object>> rows = kept(answer);
            int n = columns.size();
            int[] width = new int[n];
            boolean[] number = new boolean[n];
            for (int i = 0; i < n; i++) {
                width[i] = length(printable(columns.get(i)));
                number[i] = true;
                for (List<Object> row : rows) {
                    width[i] = Math.max(width[i], length(text(row.get(i))));
                    number[i] &= row.get(i) == null || row.get(i) instanceof Number;
                }
            }
            line(columns.stream().map(TableFormat::printable).toList(), width, number, out);
            List<String> rule = new ArrayList<>();
            for (int w : width) {
                rule.add("-".repeat(w));
            }
            line(rule, width, number, out);
            rows.forEach(row -> line(row.stream().map(this::text).toList(), width, number, out));
        }

        private String text(Object cell) {
            return cell == null ? "NULL" : printable(Cell.text(cell));
        }

        private void line(List<String> cells, int[] width, boolean[] right, PrintWriter out) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                String gap = " ".repeat(width[i] - length(cells.get(i)));
                line.append(i == 0 ? "" : "  ").append(right[i] ? gap + cells.get(i) : cells.get(i) + gap);
            }
            out.print(line.toString().stripTrailing() + "\n");
        }
    },

    /**
     * RFC 4180, with CRLF; NULL is an empty field, an empty text is {@code ""}. A row of one NULL is {@code ""} too:
     * readers pass over empty lines, and the row would be gone. A list or a structure is JSON: as a table shows it, it
     * could not be read back where a text in it has a comma.
     */
    CSV {
        @Override
        public void print(List<String> columns, Iterable<List<Object>> rows, PrintWriter clean) {
            PrintWriter out = Printable.behind(clean); // the CR of a line's end would be spelt out
            out.print(String.join(",", columns.stream().map(this::field).toList()) + "\r\n");
            rows.forEach(row -> {
                String line = String.join(",", row.stream().map(this::field).toList());
                out.print((line.isEmpty() ? "\"\"" : line) + "\r\n");
            });
        }

        private String field(Object cell) {
            if (cell == null) {
                return "";
            }
            boolean isNested = cell instanceof List || cell instanceof Map;
            String text = Printable.text(isNested ? Json.line(cell) : Cell.text(cell));
            boolean quoted = text.isEmpty() || text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n');
            return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
        }
    },

    /** An array of objects. */
    JSON {
        @Override
        public void print(List<String> columns, Iterable<List<Object>> rows, PrintWriter out) {
            List<String> several = columns.stream()
                    .filter(c -> Collections.frequency(columns, c) > 1)
                    .distinct()
                    .map(TableFormat::printable)
                    .toList();
            if (!several.isEmpty()) {
                throw Failure.usage("--format json needs column names that differ, and more than one column is called "
                        + String.join(", ", several) + ": name them with AS");
            }
            String before = "[ ";
            for (List<Object> row : rows) {
                Map<String, Object> object = new LinkedHashMap<>();
                for (int i = 0; i < columns.size(); i++) {
                    object.put(columns.get(i), row.get(i));
                }
                out.print(before + Json.write(object).stripTrailing());
                before = ", ";
            }
            out.print(before.equals(", ") ? " ]\n" : "[ ]\n");
        }
    },

    /** A GitHub table. Its cells are texts: what evidence holds makes no tag, link, code or emphasis of its own. */
    MARKDOWN {
        @Override
        public void print(List<String> columns, Iterable<List<Object>> answer, PrintWriter out) {
            List<List<Object>> rows = kept(answer);
            out.print(line(columns.stream().map(this::text).toList()));
            List<String> rule = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                int column = i;
                boolean number = !rows.isEmpty()
                        && rows.stream().allMatch(row -> row.get(column) == null || row.get(column) instanceof Number);
                rule.add(number ? "---:" : "---");
            }
            out.print(line(rule));
            rows.forEach(row -> out.print(line(row.stream().map(this::text).toList())));
        }

        private String text(Object cell) {
            return cell == null
                    ? "NULL"
                    : printable(
                            MARKUP.matcher(Cell.text(cell).replace("&", "&amp;").replace("<", "&lt;"))
                                    .replaceAll("\\\\$0")
                                    .replaceAll("\\R", "<br>"));
        }

        private String line(List<String> cells) {
            return "| " + String.join(" | ", cells) + " |\n";
        }
    };

    private static final long MOST_BYTES = 128L << 20;
    /** Of the heap, beside a text. */
    private static final int CELL_BYTES = 64;

    /** What would be markup in a cell; a bracket makes a link only before a parenthesis. */
    private static final Pattern MARKUP = Pattern.compile("[\\\\|`*~]|(?<=\\])\\(");

    /** @param rows gone through once */
    public abstract void print(List<String> columns, Iterable<List<Object>> rows, PrintWriter out);

    /** What must be known to its last row before its first can be printed. */
    private static List<List<Object>> kept(Iterable<List<Object>> rows) {
        List<List<Object>> kept = new ArrayList<>();
        long bytes = 0;
        for (List<Object> row : rows) {
            kept.add(row);
            for (Object cell : row) {
                bytes += CELL_BYTES
                        + (cell == null || cell instanceof Number
                                ? 0
                                : 2L * Cell.text(cell).length());
            }
            if (bytes > MOST_BYTES) {
                throw Failure.usage("--sql failed: an answer of more than " + (kept.size() - 1)
                        + " such rows is too large for a table: ask for fewer rows or columns, or give --format csv or"
                        + " json, which print each row as it comes");
            }
        }
        return kept;
    }

    /** @throws Failure exit 64 for a word that is none of the four */
    public static TableFormat named(String word) {
        try {
            return valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--format " + word + " is unknown with --sql: give table, csv, json or markdown");
        }
    }

    /** Evidence may hold anything; a terminal must not obey it, and a row stays a line. */
    public static String printable(String text) {
        return Printable.text(text.replace("\r", "\\r")).replace("\n", "\\n").replace("\t", "\\t");
    }

    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
