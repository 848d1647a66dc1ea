package lab.rehearsal;

import base.Time;
import java.util.Map;
import java.util.concurrent.Callable;
import workload.ClosedRounds;
import workload.Machine;

/** The scripts that a rehearsal runs: they lie outside every package, so whoever starts it hands them over. */
public interface Commands {
    Callable<Integer> round(Time time, Machine machine, ClosedRounds closedRounds);

    Callable<Integer> report(Time time);

    /** For {@code rollback execute}. */
    Callable<Integer> controlPlane(Map<String, String> environment, Time time);
}
