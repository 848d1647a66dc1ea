package lab.selftest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What the judge said of a mutation, held against what it must say. */
final class Outcome {
    private static final int SHOWN = 130;

    final Mutation mutation;
    private final Judgement after;
    /** Checks and claims whose verdict changed. */
    private final TreeSet<String> changed = new TreeSet<>();

    private final Map<String, String> figures = new LinkedHashMap<>();
    /** What was not said of the good evidence. */
    private final List<String> news = new ArrayList<>();

    private final List<String> gone;

    Outcome(Mutation mutation, Judgement before, Judgement after) {
        this.mutation = mutation;
        this.after = after;
        after.verdicts().forEach((id, verdict) -> {
            if (!verdict.equals(before.verdicts().get(id))) {
                changed.add(id + (verdict.equals("FAIL") ? "" : "=" + verdict));
            }
        });
        after.figures().forEach((figure, value) -> {
            if (!value.equals(before.figures().get(figure))) {
                figures.put(figure, value);
            }
        });
        if (after.refusal() != null) {
            news.add(after.refusal());
        }
        after.findings().stream()
                .filter(finding -> !before.findings().contains(finding))
                .forEach(news::add);
        after.reasons().forEach((id, reason) -> {
            if (!reason.equals(before.reasons().get(id))) {
                news.add(id + ": " + reason);
            }
        });
        gone = before.findings().stream()
                .filter(finding -> !after.findings().contains(finding))
                .toList();
    }

    boolean ok() {
        if (mutation.harmless) {
            return after.refusal() == null
                    && changed.isEmpty()
                    && figures.isEmpty()
                    && news.isEmpty()
                    && gone.isEmpty();
        }
        return mutation.refused == (after.refusal() != null)
                && changed.equals(mutation.failing)
                && after.figures().entrySet().containsAll(mutation.figures.entrySet())
                && !mutation.named.isEmpty()
                && mutation.named.stream().allMatch(file -> news.stream().anyMatch(said -> said.contains(file)));
    }

    /** In one line: the verdicts, the figures that were asked for, and the first reason that names the file. */
    String seen() {
        List<String> parts = new ArrayList<>();
        if (!changed.isEmpty()) {
            parts.add(shown(changed) + " FAIL");
        }
        mutation.figures
                .keySet()
                .forEach(figure -> parts.add(figure + "=" + after.figures().get(figure)));
        news.stream()
                .filter(said -> mutation.named.stream().anyMatch(said::contains))
                .findFirst()
                .or(() -> news.stream().findFirst())
                .ifPresent(parts::add);
        String all = parts.isEmpty() && figures.isEmpty()
                ? "nothing"
                : parts.isEmpty() ? figures.toString() : String.join("; ", parts);
        String line = all.replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN - 1) + "…";
    }

    /** Everything that changed: what a mutation that was not caught is explained by. */
    String whole() {
        return "verdicts " + changed + ", figures " + figures + ", said " + news + ", no longer said " + gone;
    }

    /** VAL12-08, VAL12-10 and C4 as 08 10 C4: the prefix tells nothing here. */
    static String shown(Collection<String> ids) {
        return String.join(
                " ", ids.stream().map(id -> id.replace("VAL12-", "")).sorted().toList());
    }
}
