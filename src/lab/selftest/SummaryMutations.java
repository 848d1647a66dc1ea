package lab.selftest;

import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.INTERRUPTED;
import static lab.selftest.Mutations.PLAIN;
import static lab.selftest.Mutations.SUMMARY;
import static lab.selftest.Mutations.plain;

import java.util.List;

/** round-summary.json: unreadable, or with values of a wrong type or size. */
final class SummaryMutations {
    private SummaryMutations() {}

    static List<Mutation> all() {
        return List.of(
                // --- no summary at all
                broken("cut off", text -> text.substring(0, text.length() / 2)),
                broken("empty", text -> ""),
                broken("null", text -> "null\n"),
                broken("an array", text -> "[" + text + "]"),
                broken("two objects", text -> text + text),
                broken("all NUL bytes", text -> "\0".repeat(200)),
                Mutation.of(
                                "a summary behind a byte order mark",
                                s -> s.edit(at(PLAIN) + SUMMARY, text -> "\uFEFF" + text))
                        .changesNothing(),
                broken(
                        "of a round with p99_ms NaN",
                        text -> text.replaceFirst("\"p99_ms\" : [0-9.]+", "\"p99_ms\" : NaN")),
                broken(
                        "of a key that stands twice",
                        text -> text.replaceFirst("\"health\"", "\"health\" : \"failed\", \"health\"")),
                broken(
                        "with half a character",
                        text -> text.replaceFirst("\"cp_mode\" : \"external\"", "\"cp_mode\" : \"\\\\ud800\"")),
                broken("without anything", text -> "{}\n"),
                broken(
                        "of another second",
                        text -> text.replaceFirst("\"unix_ts\" : (\\d+)", "\"unix_ts\" : 1790812801")),
                Mutation.of(
                                "CRLF line ends in a summary",
                                s -> s.edit(at(PLAIN) + SUMMARY, text -> text.replace("\n", "\r\n")))
                        .changesNothing(),
                plain(
                                "numbers as strings",
                                f -> f.put("create_ok", "12")
                                        .put("create_errors", "0")
                                        .put("p99_ms", f.get("p99_ms").asText())
                                        .put("plan_count", f.get("plan_count").asText()))
                        .changesNothing(),
                plain("a field that nobody knows", f -> f.put("mood", "good")).changesNothing(),

                // --- values of the wrong type or size
                plain("create_ok in words", f -> f.put("create_ok", "twelve"))
                        .figure("total_creates", 1427)
                        .names(at(PLAIN) + SUMMARY),
                plain("a negative create_ok", f -> f.put("create_ok", -12))
                        .figure("total_creates", 1427)
                        .names(at(PLAIN) + SUMMARY),
                plain("p99_ms in seconds", f -> f.put("p99_ms", f.get("p99_ms").asDouble() / 1000))
                        .names(at(PLAIN) + SUMMARY),
                plain("a negative p99_ms", f -> f.put("p99_ms", -5)).fails("C3").names(at(PLAIN) + SUMMARY),
                plain("p99_ms null, though plans were created", f -> f.putNull("p99_ms"))
                        .names(at(PLAIN) + SUMMARY),
                plain("create_ok null", f -> f.putNull("create_ok"))
                        .figure("total_creates", 1427)
                        .names(at(PLAIN) + SUMMARY),
                plain("create_errors null", f -> f.putNull("create_errors")).names(at(PLAIN) + SUMMARY),
                plain("stuck_count null, scan_ok still true", f -> f.putNull("stuck_count"))
                        .names(at(PLAIN) + SUMMARY),
                plain("restarted null, health still ok", f -> f.putNull("restarted"))
                        .names(at(PLAIN) + SUMMARY),
                plain("restarted as a string", f -> f.put("restarted", "no"))
                        .fails("VAL12-08", "C4")
                        .names(at(PLAIN) + SUMMARY),
                plain("schema 2", f -> f.put("schema", 2)).names(at(PLAIN) + SUMMARY),
                plain("another slot's number", f -> f.put("slot", 99)).names(at(PLAIN) + SUMMARY),
                plain("another round's ordinal", f -> f.put("round", 99))
                        .fails(INTERRUPTED)
                        .names(at(PLAIN) + SUMMARY));
    }

    private interface Text {
        String of(String text);
    }

    private static Mutation broken(String how, Text change) {
        return Mutation.of("a summary " + how, s -> s.edit(at(PLAIN) + SUMMARY, change::of))
                .fails(INTERRUPTED)
                .figure("interrupted_rounds", 1)
                .names(at(PLAIN) + SUMMARY);
    }
}
