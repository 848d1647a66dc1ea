import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import lab.selftest.Alterations;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.Cli;
import soak.Exit;

/** Seeded alterations of sealed evidence, of every kind in turn: each is found, and named. */
@Tag("slow")
class SealAlterationsTest {
    @TempDir
    Path folder;

    @Test
    void three_hundred_alterations_are_found_and_named_and_the_whole_evidence_is_clean() throws Exception {
        Alterations all = Alterations.of(folder, Long.getLong("soak.seed", Alterations.SEED));
        assertEquals(List.of(), all.problems());
        StringWriter out = new StringWriter();
        all.tell(new PrintWriter(out, true));
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(0).matches("alteration +\\| made +\\| found"), out.toString());
        assertEquals(
                "300 alterations of sealed evidence (seeds from 4711 on), 300 found and named",
                lines.get(lines.size() - 2));
        assertEquals(
                15,
                lines.stream().filter(line -> line.endsWith("|   20 |    20")).count(),
                out.toString());
    }

    @Test
    void a_seed_without_a_selftest_is_refused() {
        StringWriter err = new StringWriter();
        assertEquals(
                Exit.USAGE,
                Cli.run(new report(), new PrintWriter(new StringWriter()), new PrintWriter(err), "--seed", "3"));
        assertEquals("report: --seed goes only with --selftest: add it, or leave --seed out\n", err.toString());
    }
}
