package probe;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Prometheus' text format 0.0.4 and 1.0.0, and OpenMetrics' 1.0, as far as samples go
 * (prometheus.io/docs/instrumenting/exposition_formats, prometheus.io/docs/specs/om/open_metrics_spec): names and
 * labels, quoted ones too, escapes in label values, values in any notation, time stamps, exemplars. Comments, TYPE,
 * HELP, UNIT and EOF among them, are passed over. On Maven Central there are libraries that write these formats, and
 * none that is kept and reads them.
 */
public final class PrometheusText {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
            + "|0[xX](?:[0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+)");
    private static final Pattern NO_COUNT = Pattern.compile("[+-]?(?:nan|inf|infinity)", Pattern.CASE_INSENSITIVE);
    private static final int SHOWN_CHARS = 60;

    private final String line;
    private int at;
    private String name;
    private OptionalDouble value = OptionalDouble.empty();

    private PrometheusText(String line) {
        this.line = line;
    }

    /**
     * Reads a scrape.
     *
     * @param samples is given each sample's family and value, none where that is NaN or infinite, which says nothing of
     *     a count
     * @return why the text is no scrape: it holds no sample, or a line that is neither a sample nor a comment; empty if
     *     it is one
     */
    public static Optional<String> read(String scrape, BiConsumer<String, OptionalDouble> samples) {
        boolean any = false;
        String problem = null;
        int number = 0;
        for (int start = 0; start < scrape.length(); ) {
            int end = scrape.indexOf('\n', start);
            end = end < 0 ? scrape.length() : end;
            String line = scrape.substring(start, end > start && scrape.charAt(end - 1) == '\r' ? end - 1 : end);
            start = end + 1;
            number++;
            PrometheusText sample = new PrometheusText(line);
            sample.blanks();
            if (sample.ended() || sample.next('#')) {
                continue;
            }
            if (sample.isSample()) {
                any = true;
                samples.accept(sample.name, sample.value);
            } else if (problem == null) {
                problem = "line " + number + " is neither a sample nor a comment: "
                        + (line.length() > SHOWN_CHARS ? line.substring(0, SHOWN_CHARS) + "…" : line);
            }
        }
        return problem != null ? Optional.of(problem) : any ? Optional.empty() : Optional.of("it contains no sample");
    }

    /** @return why the text is no scrape, as {@link #read} says it */
    public static Optional<String> problem(String scrape) {
        return read(scrape, (family, value) -> {});
    }

    /**
     * @return the sum of the family's samples; null if it has none that is a number, which is how an unused family
     *     looks
     */
    public static Double sum(String scrape, String family) {
        Double[] sum = new Double[1];
        read(scrape, (name, value) -> {
            if (name.equals(family) && value.isPresent()) {
                sum[0] = (sum[0] == null ? 0 : sum[0]) + value.getAsDouble();
            }
        });
        return sum[0];
    }

    // --- a line -----------------------------------------------------------------------------------------------------

    /**
     * {@code name{label="value",…} value [time stamp] [# {label="value",…} value [time stamp]]}, where a quoted name
     * stands within the braces.
     */
    private boolean isSample() {
        name = word(true);
        int nameEnds = at;
        blanks();
        boolean parted = next('{') ? labels(true) : at > nameEnds;
        if (!parted || name == null) {
            return false;
        }
        String number = token();
        if (NUMBER.matcher(number).matches()) {
            double said = Double.parseDouble(number);
            value = Double.isFinite(said) ? OptionalDouble.of(said) : OptionalDouble.empty();
        } else if (!NO_COUNT.matcher(number).matches()) {
            return false;
        }
        return timeStamp() && (!next('#') || exemplar()) && ended();
    }

    private boolean exemplar() {
        blanks();
        if (!next('{') || !labels(false)) {
            return false;
        }
        String number = token();
        return (NUMBER.matcher(number).matches() || NO_COUNT.matcher(number).matches()) && timeStamp();
    }

    /** Milliseconds, or seconds with a fraction, if there is one. */
    private boolean timeStamp() {
        return ended() || line.charAt(at) == '#' || NUMBER.matcher(token()).matches();
    }

    /**
     * Behind the brace that opens them, to the one that closes them. @param named whether the sample's own name may be
     * among them
     */
    private boolean labels(boolean named) {
        for (blanks(); !next('}'); blanks()) {
            boolean quoted = next('"');
            String label = quoted ? quoted() : word(false);
            if (label == null) {
                return false;
            }
            blanks();
            if (next('=')) {
                blanks();
                if (!next('"') || quoted() == null) {
                    return false;
                }
            } else if (quoted && named && name == null) {
                name = label;
            } else {
                return false;
            }
            blanks();
            if (!next(',') && !(at < line.length() && line.charAt(at) == '}')) {
                return false;
            }
        }
        blanks();
        return true;
    }

    /** What stands in quotes, behind the first of them, without its escapes; null where they are not closed. */
    private String quoted() {
        StringBuilder text = new StringBuilder();
        while (!ended()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return text.toString();
            }
            if (c == '\\') {
                if (ended()) {
                    return null;
                }
                c = line.charAt(at++);
                c = c == 'n' ? '\n' : c;
            }
            text.append(c);
        }
        return null;
    }

    /** A name without quotes; null where there is none. @param colons whether it may hold some: a metric's may */
    private String word(boolean colons) {
        int start = at;
        while (!ended() && isOfName(line.charAt(at), at > start, colons)) {
            at++;
        }
        return at == start ? null : line.substring(start, at);
    }

    private static boolean isOfName(char c, boolean later, boolean colons) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c == '_'
                || colons && c == ':'
                || later && c >= '0' && c <= '9';
    }

    /** All to the next blank, and the blanks behind it. */
    private String token() {
        int start = at;
        while (!ended() && line.charAt(at) != ' ' && line.charAt(at) != '\t') {
            at++;
        }
        String token = line.substring(start, at);
        blanks();
        return token;
    }

    private void blanks() {
        while (!ended() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
    }

    private boolean next(char wanted) {
        boolean found = !ended() && line.charAt(at) == wanted;
        at += found ? 1 : 0;
        return found;
    }

    private boolean ended() {
        return at == line.length();
    }
}
