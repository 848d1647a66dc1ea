package probe;

import java.net.URI;
import java.util.Optional;

/**
 * Says whether what answers at a URL is what should be asked there. It is asked before each request and after each
 * answer, outside of what is timed.
 */
public interface Guard {
    /** @return why nothing may be asked there now, in a sentence; empty where it may */
    Optional<String> refusal(URI uri);
}
