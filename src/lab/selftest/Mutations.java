package lab.selftest;

import static lab.selftest.GoodSoak.at;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All of them, in the order of the table. */
final class Mutations {
    static final String SUMMARY = "/round-summary.json";
    /** A round without a drill, on day 9. */
    static final int PLAIN = 102;
    /** The one after it, with a drill. */
    static final int DRILL = 103;
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
        all.addAll(StepMutations.all());
        all.addAll(RecoveryMutations.all());
        all.addAll(FleetMutations.all());
        all.addAll(ContradictionMutations.all());
        all.addAll(SetupSummaryMutations.all());
        all.addAll(WhichRoundsMutations.all());
        all.addAll(RawFileMutations.all());
        all.addAll(SettingMutations.all());
        all.addAll(MonthMutations.all());
        return all;
    }

    static Mutation plain(String name, Consumer<ObjectNode> change) {
        return Mutation.of(name, s -> s.summary(at(PLAIN), change));
    }

    static void eachRound(SoakFolder soak, Consumer<ObjectNode> change) throws IOException {
        for (String round : soak.rounds()) {
            soak.summary(round, change.andThen(f -> f.put("touched", true)));
        }
    }

    /** As a round marks a step that failed. */
    static ObjectNode bad(ObjectNode summary, String step) {
        ((ObjectNode) summary.get("failures")).put(step, "it failed");
        return summary.put(step, "FAIL");
    }
}
