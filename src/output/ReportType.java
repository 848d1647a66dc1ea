package output;

import base.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The reports that {@code --type} names. */
public enum ReportType {
    DAILY,
    CHECKPOINT,
    FINAL,
    STATUS,
    ARCHIVE,
    VERIFY;

    private static final Set<ReportType> IN_CRONTAB = Set.of(DAILY, CHECKPOINT);

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * @param word the text of {@code --type}; null for none
     * @return null for none
     * @throws Failure exit 64 for one that there is not
     */
    public static ReportType named(String word) {
        if (word == null) {
            return null;
        }
        return Stream.of(values())
                .filter(type -> type.word().equals(word))
                .findFirst()
                .orElseThrow(() -> Failure.usage("--type " + word + " is unknown: give " + inWords(values())));
    }

    /** "daily, checkpoint or final". */
    public static String inWords(ReportType... types) {
        List<String> words =
                new ArrayList<>(Stream.of(types).map(ReportType::word).toList());
        String last = words.remove(words.size() - 1);
        return words.isEmpty() ? last : String.join(", ", words) + " or " + last;
    }

    /** Whether the crontab starts a report of this type, if there is one. */
    public static boolean isInCrontab(String word) {
        return IN_CRONTAB.stream().anyMatch(type -> type.word().equals(word));
    }

    /**
     * @param given whether the option was
     * @param asked null where no type was
     * @param types those that the option goes with
     * @throws Failure exit 64 if it was given with another or none
     */
    public static void requireFor(String option, boolean given, ReportType asked, ReportType... types) {
        if (given && !Arrays.asList(types).contains(asked)) {
            throw Failure.usage(option + " goes with --type " + inWords(types) + " alone: leave it out");
        }
    }
}
