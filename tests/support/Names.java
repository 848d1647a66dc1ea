import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Two lists of names that must be one: of fifty names in a row nobody sees which one differs. */
final class Names {
    private Names() {}

    /** @param place which of the two is told, and what has to change if they differ */
    static <T> void assertSame(Collection<? extends T> wanted, Collection<? extends T> told, String place) {
        Set<T> missing = new LinkedHashSet<>(wanted);
        missing.removeAll(Set.copyOf(told));
        Set<T> unknown = new LinkedHashSet<>(told);
        unknown.removeAll(Set.copyOf(wanted));
        assertEquals(List.of(Set.of(), Set.of()), List.of(missing, unknown), place + " lacks, and has of its own");
        assertEquals(List.copyOf(wanted).size(), told.size(), place + " has a name twice");
    }
}
