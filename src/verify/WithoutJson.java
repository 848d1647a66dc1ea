package verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import soak.RoundFiles;
import soak.SoakDir;

/** Pages, texts and statements of reports that lack the JSON beside them: it alone is judged again. */
final class WithoutJson {
    private static final Pattern SHOWN =
            Pattern.compile("(final-report|checkpoint-\\d{1,5}d|\\d{4}-\\d{2}-\\d{2}-summary)"
                    + "\\.(html|txt|intoto\\.json|intoto\\.dsse\\.json)");

    private WithoutJson() {}

    /** @return a note; null where each has its JSON */
    static String note(SoakDir dir) throws IOException {
        List<String> alone = new ArrayList<>();
        for (Path folder : List.of(dir.root(), dir.checkpoints(), dir.daily())) {
            for (Path file : RoundFiles.children(folder)) {
                Matcher shown = SHOWN.matcher(file.getFileName().toString());
                if (shown.matches() && !Files.exists(file.resolveSibling(shown.group(1) + ".json"))) {
                    alone.add(dir.name(file));
                }
            }
        }
        return alone.isEmpty()
                ? null
                : String.join(", ", alone) + ": the JSON that each report writes beside "
                        + (alone.size() == 1 ? "this file" : "these files")
                        + " is missing, so nothing in there was judged again; rely on a report that you make"
                        + " yourself, and ask where the JSON is";
    }
}
