package lab.rehearsal;

import base.Durable;
import base.Failure;
import base.Folders;
import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import soak.SoakDir;

/**
 * Every scenario, two at a time, in one folder: NAME/ holds the evidence of one, NAME.json how it ended. Started again
 * in the same folder, it runs what has not ended, and anew what did not go as stated.
 */
final class AllScenarios {
    private final Rehearsals rehearsals;
    private final Rehearsals.Asked asked;
    private final Path folder;
    private final PrintWriter out;
    private final PrintWriter err;

    AllScenarios(Rehearsals rehearsals, Rehearsals.Asked asked, Path folder, PrintWriter out, PrintWriter err) {
        this.rehearsals = rehearsals;
        this.asked = asked;
        this.folder = folder;
        this.out = out;
        this.err = err;
    }

    /** @return whether all went as stated */
    boolean run() throws InterruptedException {
        Folders.make(folder, folder.toString(), Provision.ELSEWHERE);
        err.println("rehearse: in " + folder);
        err.flush();
        ExecutorService threads = Rehearsals.threads();
        try {
            Map<String, Future<JsonNode>> running = new LinkedHashMap<>();
            Scenarios.titles().keySet().forEach(name -> running.put(name, threads.submit(() -> ended(name))));
            List<JsonNode> all = new ArrayList<>();
            for (Future<JsonNode> one : running.values()) {
                all.add(one.get());
            }
            tell(all);
            return all.stream().allMatch(AllScenarios::asStated);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Failure known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private JsonNode ended(String name) throws IOException {
        SoakDir dir = new SoakDir(folder.resolve(name));
        Path file = folder.resolve(name + ".json");
        if (Files.exists(file)) {
            JsonNode known = Json.parse(Files.readString(file));
            if (asStated(known)) {
                return known;
            }
            Files.delete(file);
            Folders.delete(dir.root());
        }
        boolean begun = Files.exists(dir.config());
        Rehearsals.Result result = rehearsals.run(
                dir,
                new Rehearsals.Asked(null, name, asked.seed(), asked.days(), asked.intervalSeconds(), asked.keep()),
                false);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("scenario", name);
        json.put("title", result.scenario().title());
        json.put("seed", result.seed());
        json.put("days", result.scenario().days());
        json.put("verdicts", result.outcome().verdicts());
        json.put("stated", result.outcome().stated());
        json.put("unexpected", result.outcome().unexpected());
        // of one that was cut off, it is not known
        json.put("seconds", begun ? null : Math.round(result.seconds() * 10) / 10.0);
        Durable.write(file, Json.write(json));
        err.println("rehearse: " + name
                + (result.asStated()
                        ? " went as stated"
                        : " did NOT go as stated: "
                                + String.join("; ", result.outcome().unexpected())));
        err.flush();
        if (result.asStated() && !asked.keep()) {
            Folders.delete(dir.root());
        }
        return Json.parse(Files.readString(file));
    }

    private static boolean asStated(JsonNode ended) {
        return ended.path("unexpected").isEmpty();
    }

    /** The table, in Markdown: it stands in docs/scenarios.md. */
    private void tell(List<JsonNode> all) {
        out.println("| scenario | what goes wrong | overall | checks and claims that fail | seconds |");
        out.println("|---|---|---|---|---:|");
        for (JsonNode one : all) {
            String failed = one.path("verdicts").properties().stream()
                    .filter(v -> !v.getKey().equals("overall")
                            && !v.getValue().asText().equals("PASS"))
                    .map(v -> v.getKey().replace("VAL12-", ""))
                    .collect(Collectors.joining(", "));
            String seconds = one.path("seconds").isNull()
                    ? "cut off"
                    : String.format(Locale.ROOT, "%.0f", one.path("seconds").asDouble());
            out.println("| " + one.path("scenario").asText() + " | "
                    + one.path("title").asText()
                    + (asStated(one) ? "" : " **NOT AS STATED: " + texts(one.path("unexpected")) + "**") + " | "
                    + one.path("verdicts").path("overall").asText() + " | " + (failed.isEmpty() ? "none" : failed)
                    + " | " + seconds + " |");
        }
        out.flush();
    }

    private static String texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return String.join("; ", texts);
    }
}
