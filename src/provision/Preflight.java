package provision;

import base.Exit;
import base.Failure;
import base.Why;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is looked at before the first byte is written, one finding after the other. A setup ends with the first that
 * fails; {@code --check} collects them all.
 */
public final class Preflight {
    private final boolean collects;
    private final List<Finding> findings = new ArrayList<>();
    private List<String> warnings = new ArrayList<>();

    /** @param level {@code ok}, {@code warning} or {@code FAIL} */
    private record Finding(String level, String what, String sentence, int exitCode) {}

    /** What is done to find out; its words are what is well. */
    public interface Check {
        String run() throws IOException, InterruptedException;
    }

    /** @param collects whether a failure is kept with the others, or thrown at once */
    public Preflight(boolean collects) {
        this.collects = collects;
    }

    /** @return whether it did not fail */
    public boolean check(String what, Check check) throws InterruptedException {
        warnings = new ArrayList<>();
        Finding finding;
        try {
            finding = new Finding("ok", what, check.run(), Exit.OK);
        } catch (Failure | IOException e) {
            Failure failure = e instanceof Failure known
                    ? known
                    : Failure.failed(
                            what + " could not be checked (" + Why.of(e, null)
                                    + "): check the permissions of the file it names",
                            e);
            if (!collects) {
                throw failure;
            }
            finding = new Finding("FAIL", what, failure.getMessage(), failure.exitCode());
        }
        if (warnings.isEmpty() || finding.exitCode() != Exit.OK) {
            findings.add(finding);
        }
        warnings.forEach(warning -> findings.add(new Finding("warning", what, warning, Exit.OK)));
        return finding.exitCode() == Exit.OK;
    }

    /** Within a check: something that ends no setup and that its owner must know. */
    public void warn(String sentence) {
        warnings.add(sentence);
    }

    /** Within a check: as {@link #warn}, but only where somebody asked for all there is to say. */
    public void remark(String sentence) {
        if (collects) {
            warn(sentence);
        }
    }

    /** The warnings alone, as a setup tells them. */
    public void tellWarnings(PrintWriter err) {
        findings.stream()
                .filter(f -> f.level().equals("warning"))
                .forEach(f -> err.println("setup: WARNING: " + f.sentence()));
    }

    /** A line each: level, what was looked at, what was found and what to do. */
    public void print(PrintWriter out) {
        for (Finding finding : findings) {
            out.printf(
                    Locale.ROOT,
                    "%-8s %-14s %s%n",
                    finding.level(),
                    finding.what(),
                    finding.sentence().replace("\n", " "));
        }
    }

    /** 0, else 64 if something has to be given or written otherwise, else 70. */
    public int exitCode() {
        return findings.stream()
                .mapToInt(Finding::exitCode)
                .filter(code -> code != Exit.OK)
                .min()
                .orElse(Exit.OK);
    }
}
