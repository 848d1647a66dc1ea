package archive;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import output.TableFormat;
import soak.SoakDir;

/**
 * What an archive does not hold, holds otherwise, and holds masked: for whoever makes it, and for whoever unpacks it.
 */
public final class ArchiveNotes {
    private static final int SHOWN = 20;

    /**
     * @param name below the soak's folder
     * @param evidence whether reports judge by it: its lack must not be quiet
     */
    public record LeftOut(String name, String why, boolean evidence) {}

    private final Path root;
    private final String readme;
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final Map<String, String> otherwise = new LinkedHashMap<>();
    private final Map<String, Integer> masked = new LinkedHashMap<>();

    ArchiveNotes(SoakDir dir) {
        this.root = dir.root();
        this.readme = dir.archiveReadme().getFileName().toString();
    }

    void leaveOut(Path path, String why) {
        String name = name(path);
        leftOut.add(new LeftOut(name, why, !(name + "/").startsWith("cp-data/")));
    }

    /** Its lack loses nothing: a secret. */
    void leaveOutRightly(Path path, String why) {
        leftOut.add(new LeftOut(name(path), why, false));
    }

    void holdsOtherwise(Path path, String how) {
        otherwise.put(name(path), how);
    }

    void masked(Path path, int places) {
        masked.put(name(path), places);
    }

    private String name(Path path) {
        return TableFormat.printable(root.relativize(path).toString());
    }

    public List<LeftOut> leftOut() {
        return leftOut;
    }

    /** Files with the number of places in them that a mark has taken. */
    public Map<String, Integer> masked() {
        return masked;
    }

    /** Files that are not in the archive as they are on disk, and how they are. */
    public Map<String, String> otherwise() {
        return otherwise;
    }

    /** Whether reports on the archive would judge by less than there was. */
    public boolean lacksEvidence() {
        return leftOut.stream().anyMatch(LeftOut::evidence);
    }

    /** For the screen: what lacks first, and no more than fits there. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        leftOut.stream()
                .filter(LeftOut::evidence)
                .forEach(l -> lines.add("Evidence left out: " + l.name + ": " + l.why));
        leftOut.stream().filter(l -> !l.evidence).forEach(l -> lines.add("Left out: " + l.name + ": " + l.why));
        otherwise.forEach((name, how) -> lines.add("Note: " + name + " " + how));
        masked.forEach((name, places) -> lines.add("Masked: " + name + ": " + places(places)));
        if (lines.size() <= SHOWN) {
            return lines;
        }
        List<String> shown = new ArrayList<>(lines.subList(0, SHOWN));
        shown.add("and " + (lines.size() - SHOWN) + " more: " + readme + " in the archive lists all");
        return shown;
    }

    /** For the archive: all of it. */
    String list() {
        StringBuilder text = new StringBuilder();
        leftOut.forEach(l ->
                text.append("\n- ").append(l.name).append(" (").append(l.why).append(')'));
        if (!otherwise.isEmpty()) {
            text.append("\n\nNot as it was on disk:");
            otherwise.forEach(
                    (name, how) -> text.append("\n- ").append(name).append(' ').append(how));
        }
        if (!masked.isEmpty()) {
            text.append("\n\n"
                    + "Masked, for they held secrets (values of config.env, or what looks like a token or a"
                    + " private key):");
            masked.forEach((name, places) -> text.append("\n- ")
                    .append(name)
                    .append(" (")
                    .append(places(places))
                    .append(')'));
        }
        return text.toString();
    }

    private static String places(int places) {
        return places + (places == 1 ? " place" : " places");
    }
}
