package lab.selftest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import seal.Finding;
import seal.Head;
import seal.Heads;
import seal.SealCheck;

/**
 * Alters sealed evidence, each kind in turn, and holds it against its seals: each alteration must be found and named,
 * nothing else may be accused, and the whole evidence must be clean before and after. Which file, which byte and which
 * round is drawn by a seed.
 */
public final class Alterations {
    public static final int COUNT = 300;
    public static final long SEED = 4711;

    private final long seed;
    private final Map<Alteration, Integer> made = new EnumMap<>(Alteration.class);
    private final Map<Alteration, Integer> found = new EnumMap<>(Alteration.class);
    private final List<String> problems = new ArrayList<>();

    private Alterations(long seed) {
        this.seed = seed;
    }

    /**
     * @param folder to work in, a new one
     * @param seed of the first alteration; each that follows has the next
     */
    public static Alterations of(Path folder, long seed) throws IOException {
        Alterations all = new Alterations(seed);
        SealedSoak soak = SealedSoak.write(folder.resolve("soak"));
        Head head =
                SealCheck.of(soak.dir(), Heads.NONE, SealCheck.Progress.NONE).head();
        Heads known = Heads.read(Files.writeString(folder.resolve("heads"), head + "\n"));
        all.requireClean(soak, known, "before any alteration");
        Alteration[] kinds = Alteration.values();
        for (int i = 0; i < COUNT; i++) {
            all.alter(soak, kinds[i % kinds.length], seed + i, known);
            soak.restore();
        }
        all.requireClean(soak, known, "once it is restored");
        return all;
    }

    private static List<Finding> altered(SealedSoak soak, Heads heads) throws IOException {
        return SealCheck.of(soak.dir(), heads, SealCheck.Progress.NONE).alterations();
    }

    private void requireClean(SealedSoak soak, Heads known, String when) throws IOException {
        altered(soak, known).forEach(finding -> problems.add("accused " + when + ": " + finding.line()));
    }

    private void alter(SealedSoak soak, Alteration kind, long drawnBy, Heads known) throws IOException {
        String path = kind.make(soak, new Random(drawnBy));
        List<Finding> findings = altered(soak, kind.needsHead ? known : Heads.NONE);
        String what = kind + " of " + path + " (seed " + drawnBy + ")";
        made.merge(kind, 1, Integer::sum);
        if (findings.stream().anyMatch(finding -> finding.path().startsWith(path))) {
            found.merge(kind, 1, Integer::sum);
        } else {
            problems.add("not found: " + what);
        }
        if (kind.needsHead) {
            altered(soak, Heads.NONE).forEach(finding -> problems.add("found without a head: " + what));
            return; // a head accuses its own round, whichever of those before it was altered
        }
        findings.stream()
                .filter(finding -> !isOf(kind, finding, path))
                .forEach(finding -> problems.add("accused beside " + what + ": " + finding.line()));
    }

    /** A folder that has another name is one that is missing, and one that was added. */
    private static boolean isOf(Alteration kind, Finding finding, String path) {
        return finding.path().startsWith(path)
                || path.startsWith(finding.path())
                || kind == Alteration.FOLDER_RENAMED && finding.kind() == Finding.Kind.ADDED;
    }

    /** A sentence for each that was missed, and for each accusation that is wrong; empty if all is well. */
    public List<String> problems() {
        return problems;
    }

    /** How many of each kind were made and found. */
    public void tell(PrintWriter out) {
        out.println("alteration           | made | found");
        made.forEach((kind, count) ->
                out.println(String.format(Locale.ROOT, "%-20s | %4d | %5d", kind, count, found.getOrDefault(kind, 0))));
        problems.forEach(problem -> out.println("NOT AS IT MUST BE: " + problem));
        out.println(made.values().stream().mapToInt(i -> i).sum() + " alterations of sealed evidence (seeds from "
                + seed + " on), " + found.values().stream().mapToInt(i -> i).sum() + " found and named");
        out.println();
    }
}
