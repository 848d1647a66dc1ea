package provision;

/**
 * A control plane that a setup has found or started.
 *
 * @param how started, alive or attached, as setup-resumes.log says it
 * @param pid 0 where it is someone else's
 * @param startMs from the start of the process to its first healthy answer; -1 where this setup did not start it
 */
public record Running(String how, long pid, long startMs, String healthCode) {
    /** As setup-summary.txt says it. */
    public String startText() {
        return startMs < 0 ? "n/a" : Long.toString(startMs);
    }
}
