package workload;

import base.Failure;
import base.Why;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;

/** How the steps of a round run: what one could not do is its failure, and the next one runs all the same. */
public final class Steps {
    private final SummaryDraft summary;
    private final HealthCheck health;
    private final PrintWriter err;
    private IOException evidenceLost;

    public interface Step {
        void run() throws IOException, InterruptedException;
    }

    public Steps(SummaryDraft summary, HealthCheck health, PrintWriter err) {
        this.summary = summary;
        this.health = health;
        this.err = err;
    }

    /** A step of the plan: what it could not write or do is its failure, and the next step runs all the same. */
    public void run(String verdict, Step step) throws InterruptedException {
        try {
            step.run();
        } catch (IOException e) {
            evidenceLost = e;
            summary.fail(
                    verdict,
                    "evidence of this round cannot be written, or of an earlier round cannot be read: "
                            + Why.of(e, null));
        } catch (Failure known) {
            summary.fail(verdict, known.getMessage());
        } catch (RuntimeException | VirtualMachineError | LinkageError unknown) {
            Optional<String> noThread = Why.thread(unknown);
            summary.fail(
                    verdict, noThread.orElse("an unknown failure (" + unknown + "): its stack trace is in cron.log"));
            if (noThread.isEmpty()) {
                unknown.printStackTrace(err);
            }
        }
    }

    /** A step that asks the control plane for something or acts on it: never where a stranger answers in its place. */
    public void ofOurs(String verdict, Step step) throws InterruptedException {
        run(verdict, () -> {
            Optional<String> stranger = health.stranger();
            if (stranger.isPresent()) {
                notOfAStranger(verdict, stranger.get());
            } else {
                step.run();
            }
        });
    }

    public void notOfAStranger(String verdict, String stranger) {
        summary.put("port_conflict", true);
        summary.fail(verdict, "not done: " + stranger);
        if (verdict.equals("v05_plan_count")) {
            summary.fail("v07_integrity", "the plans were not checked: " + stranger);
        }
    }

    /** Of a step that went on without it. */
    public void lost(IOException evidence) {
        evidenceLost = evidence;
    }

    /** A write that failed, null if none did. */
    public IOException evidenceLost() {
        return evidenceLost;
    }
}
