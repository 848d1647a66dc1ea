package probe;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a round needs of the Prometheus text format: the sum of a family over its labels, which are not known. */
public final class PrometheusText {
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{.*\\})?\\s+(\\S+)(?:\\s+-?\\d+)?\\s*");

  private PrometheusText() {}

  /** Whether the text is a scrape at all: at least one sample, and no line that is neither sample nor comment. */
  public static boolean valid(String scrape) {
    boolean any = false;
    for (String line : (Iterable<String>) scrape.lines()::iterator) {
      if (!line.isBlank() && !line.startsWith("#")) {
        if (!SAMPLE.matcher(line).matches()) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  /** @return the sum of the family's samples; null if it has none, which is how an unused family looks */
  public static Double sum(String scrape, String family) {
    Double sum = null;
    for (String line : (Iterable<String>) scrape.lines()::iterator) {
      if (line.startsWith(family)) {
        Matcher sample = SAMPLE.matcher(line);
        if (sample.matches() && sample.group(1).equals(family)) {
          double value = number(sample.group(2));
          if (Double.isFinite(value)) {
            sum = (sum == null ? 0 : sum) + value;
          }
        }
      }
    }
    return sum;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException notANumber) {
      return Double.NaN; // "+Inf" and the like say nothing of a counter
    }
  }
}
