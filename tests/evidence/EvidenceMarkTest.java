import static org.junit.jupiter.api.Assertions.assertEquals;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evidence that an editor has saved with a byte order mark says what it said before. */
@Tag("slow")
class EvidenceMarkTest {
    private static final String AFTER = "2026-12-01T00:00:00Z";

    @TempDir
    Path scratch;

    @Test
    void a_byte_order_mark_before_every_file_changes_no_figure_no_verdict_and_no_problem() throws Exception {
        Path soak = scratch.resolve("soak");
        SoakFixture.in(soak)
                .days(3)
                .interval(7200)
                .rounds(0, 35)
                .round(7, r -> r.recoveries(2, 1).codes("500"))
                .round(9, r -> r.lost("soak-1-01"))
                .alert("2026-10-01T00:10:00Z ALERT lost_plans=1 threshold=0 day=1")
                .write();
        JsonNode before = report(soak);
        try (Stream<Path> files = Files.walk(soak)) {
            for (Path file : files.filter(
                            f -> f.toString().matches(".*(/rounds/.*(json|txt|prom)|setup-summary.txt|alerts.log)"))
                    .toList()) {
                Files.writeString(file, "\uFEFF" + Files.readString(file));
            }
        }
        assertEquals(before.toPrettyString(), report(soak).toPrettyString());
    }

    private static JsonNode report(Path soak) throws Exception {
        ObjectNode report = (ObjectNode) Json.parse(
                Reports.run(AFTER, soak, "--type", "final", "--format", "json").out());
        report.set(
                "metrics",
                Json.parse(Reports.run(AFTER, soak, "--sql", "FROM metrics", "--format", "json")
                        .out()));
        Files.delete(soak.resolve("final-report.json"));
        report.remove("evidence_bytes");
        return report;
    }
}
