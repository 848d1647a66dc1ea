package cron;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often a line of a crontab starts its command, by its first fields (crontab(5)). */
final class CronFields {
    private static final Map<String, Integer> NICKNAMES = Map.of(
            "@hourly", 24, "@daily", 1, "@midnight", 1, "@weekly", 0, "@monthly", 0, "@yearly", 0, "@annually", 0);
    /** A number, a range of them, or cronie's one of a range that chance chooses; all or each so many of them. */
    private static final Pattern PART =
            Pattern.compile("(?:(?<all>\\*)|(?<from>\\d+)(?:-(?<to>\\d+)|~\\d+)?)(?:/(?<step>\\d+))?");

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> WEEKDAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    private CronFields() {}

    /**
     * @param fields a nickname or five fields, one blank between two
     * @return starts a day; 0 where there are days without one; empty for what is not known here
     */
    static OptionalInt perDay(String fields) {
        String[] field = fields.toLowerCase(Locale.ROOT).split(" ");
        if (field.length == 1) {
            return NICKNAMES.containsKey(field[0]) ? OptionalInt.of(NICKNAMES.get(field[0])) : OptionalInt.empty();
        }
        BitSet minutes = values(field[0], 0, 59);
        BitSet hours = values(field[1], 0, 23);
        BitSet dates = values(field[2], 1, 31);
        BitSet months = values(numbered(field[3], MONTHS, 1), 1, 12);
        BitSet weekdays = values(numbered(field[4], WEEKDAYS, 0), 0, 7); // 0 and 7 are Sunday
        if (minutes.isEmpty() || hours.isEmpty() || dates.isEmpty() || months.isEmpty() || weekdays.isEmpty()) {
            return OptionalInt.empty();
        }
        boolean isEachDay = dates.cardinality() == 31
                && months.cardinality() == 12
                && weekdays.get(1, 7).cardinality() == 6
                && (weekdays.get(0) || weekdays.get(7));
        return OptionalInt.of(isEachDay ? minutes.cardinality() * hours.cardinality() : 0);
    }

    private static String numbered(String field, List<String> names, int first) {
        String numbered = field;
        for (int i = 0; i < names.size(); i++) {
            numbered = numbered.replace(names.get(i), Integer.toString(first + i));
        }
        return numbered;
    }

    /** Empty for a field that is none. */
    private static BitSet values(String field, int least, int most) {
        BitSet values = new BitSet();
        for (String text : field.split(",", -1)) {
            Matcher part = PART.matcher(text);
            if (!part.matches()) {
                return new BitSet();
            }
            boolean isAll = part.group("all") != null;
            boolean isRange = part.group("to") != null;
            boolean isEach = part.group("step") == null;
            if (!isEach && !isAll && !isRange) {
                return new BitSet(); // which minutes 5/30 stands for differs between crons
            }
            int from = isAll ? least : number(part.group("from"));
            int to = isAll ? most : isRange ? number(part.group("to")) : from;
            int step = isEach ? 1 : number(part.group("step"));
            if (from < least || to > most || from > to || step == 0) {
                return new BitSet();
            }
            for (int value = from; value <= to; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    /** More digits than any field has are no number of it. */
    private static int number(String digits) {
        return digits.length() > 3 ? Integer.MAX_VALUE >> 1 : Integer.parseInt(digits);
    }
}
