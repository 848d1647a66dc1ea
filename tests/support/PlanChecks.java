import java.util.List;
import java.util.stream.Stream;

/** What the plan judges, by id: the one list of the tests, against which EvidenceDatabaseTest holds the database. */
final class PlanChecks {
    static final List<String> CHECKS = List.of(
            "VAL12-01",
            "VAL12-02",
            "VAL12-03",
            "VAL12-04",
            "VAL12-05",
            "VAL12-06",
            "VAL12-07",
            "VAL12-08",
            "VAL12-09",
            "VAL12-10");

    static final List<String> CLAIMS = List.of("C1", "C2", "C3", "C4");

    private PlanChecks() {}

    /** Claims and checks, in the order of their ids. */
    static List<String> allBut(String... ids) {
        return Stream.concat(CLAIMS.stream(), CHECKS.stream())
                .filter(id -> !List.of(ids).contains(id))
                .toList();
    }
}
