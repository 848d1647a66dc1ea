package process;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who keeps the control plane running, as a round sees it. */
public interface Supervisor {
    /** How long one that failed may take to end before it is killed. */
    Duration STOP_GRACE = Duration.ofSeconds(10);

    ControlPlane.State state();

    /** Who holds the control plane's port. */
    Listeners.Owner portOwner();

    /**
     * Who else listens where a URL leads to this control plane, in a sentence with its remedy; empty while it does
     * itself, nobody does, or nobody can tell.
     */
    Optional<String> stranger(URI url);

    /**
     * What /proc tells of the process that listens at CP_URL: {@code program}, the file that it runs, and
     * {@code process}, its pid, start and boot; what is not known is not in it.
     */
    Map<String, String> listener();

    /** Which build that process runs, by the hashes of its files; nothing where it is no process of its own. */
    default Map<String, String> build() {
        return Map.of();
    }

    /**
     * Starts it and waits for health. One that is not healthy in time is left running: it may be busy with a long
     * recovery of its store, and the next round sees what became of it.
     */
    ControlPlane.Outcome tryStart(Duration timeout);

    /**
     * Ends it, by force once {@code grace} has passed.
     *
     * @return the signal that ended it, TERM or KILL; empty if nothing of ours ran
     */
    Optional<String> stop(Duration grace);

    /** Its processes, as far as they are known to be ours; none where it is no process of its own. */
    List<Long> pids();

    /** Resident memory of its processes; null where it cannot be read. */
    Long residentBytes();

    /** Open file descriptors of its processes; null where they cannot be read. */
    Long openDescriptors();
}
