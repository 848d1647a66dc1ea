package workload;

import java.util.List;
import java.util.Map;

/** What a step of the plan came to, beside whether it passed. */
public interface StepOutcome {
    /** Fields of round-summary.json; what was not measured is null or absent. */
    Map<String, Object> figures();

    /** What a reader of the figures must know, though no step failed by it. */
    List<String> warnings();
}
