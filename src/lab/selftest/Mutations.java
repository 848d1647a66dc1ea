package lab.selftest;

import java.util.ArrayList;
import java.util.List;

/** All of them, in the order of the table. */
final class Mutations {
    static final String SUMMARY = "/round-summary.json";
    /** Everything that rests on the calendar: all but VAL12-01. */
    static final String[] CALENDAR = {
        "VAL12-02",
        "VAL12-03",
        "VAL12-04",
        "VAL12-05",
        "VAL12-06",
        "VAL12-07",
        "VAL12-08",
        "VAL12-09",
        "VAL12-10",
        "C1",
        "C2",
        "C3",
        "C4"
    };
    /** What a round without a usable summary costs where no round may fail. */
    static final String[] INTERRUPTED = {"VAL12-05", "VAL12-08", "C4"};

    private Mutations() {}

    static List<Mutation> all() {
        List<Mutation> all = new ArrayList<>();
        all.addAll(RoundMutations.all());
        all.addAll(SummaryMutations.all());
        all.addAll(ContradictionMutations.all());
        all.addAll(WhichRoundsMutations.all());
        all.addAll(RawFileMutations.all());
        all.addAll(SettingMutations.all());
        all.addAll(MonthMutations.all());
        return all;
    }
}
