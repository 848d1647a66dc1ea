import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import lab.selftest.Alteration;
import lab.selftest.SealedSoak;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import seal.Finding;
import seal.Head;
import seal.Heads;
import seal.SealCheck;

/** Seeded alterations of sealed evidence, of every kind in turn: each is found, and named. */
class SealAlterationsTest {
    private static final int ALTERATIONS = 300;
    private static final long SEED = Long.getLong("soak.seed", 4711);

    @TempDir
    Path folder;

    private SealedSoak soak;

    private List<Finding> altered(Heads heads) throws IOException {
        return SealCheck.of(soak.dir(), heads, SealCheck.Progress.NONE).alterations();
    }

    @Test
    void three_hundred_alterations_are_found_and_named_and_the_whole_evidence_is_clean() throws IOException {
        soak = SealedSoak.write(folder.resolve("soak"));
        Head head =
                SealCheck.of(soak.dir(), Heads.NONE, SealCheck.Progress.NONE).head();
        Heads known = Heads.read(Files.writeString(folder.resolve("heads"), head + "\n"));
        assertEquals(List.of(), altered(known));
        List<String> missed = new ArrayList<>();
        Alteration[] kinds = Alteration.values();
        for (int i = 0; i < ALTERATIONS; i++) {
            Alteration kind = kinds[i % kinds.length];
            String path = kind.of(soak, new Random(SEED + i));
            List<Finding> found = altered(kind.needsHead ? known : Heads.NONE);
            if (found.stream().noneMatch(finding -> finding.path().startsWith(path))) {
                missed.add(kind + " " + (SEED + i) + " " + path + ": "
                        + found.stream().map(Finding::line).toList());
            }
            if (kind.needsHead) {
                assertEquals(List.of(), altered(Heads.NONE), kind + ": without a head it cannot be told");
            } else {
                assertTrue(
                        found.stream().allMatch(finding -> isOf(kind, finding, path)),
                        kind + " " + path + " accuses others: " + found);
            }
            soak.restore();
        }
        assertEquals(List.of(), missed);
        assertEquals(List.of(), altered(known));
    }

    /** A folder that has another name is one that is missing, and one that was added. */
    private static boolean isOf(Alteration kind, Finding finding, String path) {
        return finding.path().startsWith(path)
                || path.startsWith(finding.path())
                || kind == Alteration.FOLDER_RENAMED && finding.kind() == Finding.Kind.ADDED;
    }
}
