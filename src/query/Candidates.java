package query;

import evidence.SqlScript;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import output.Form;
import output.ReportType;
import output.TableFormat;

/** What may follow an option, for a shell's completion; asked for then alone. */
public final class Candidates {
    private Candidates() {}

    /** Of {@code --sql}. */
    public static final class Questions implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return SqlScript.examples().stream().map(s -> "@" + s.name()).iterator();
        }
    }

    /** Of {@code --format}. */
    public static final class Formats implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(Form.values(), TableFormat.values())
                    .flatMap(Stream::of)
                    .map(f -> f.name().toLowerCase(Locale.ROOT))
                    .distinct()
                    .iterator();
        }
    }

    /** Of {@code --type}. */
    public static final class Types implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(ReportType.values()).map(ReportType::word).iterator();
        }
    }
}
