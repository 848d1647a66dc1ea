package lab.selftest;

import static lab.selftest.GoodSoak.COMPRESSED;
import static lab.selftest.GoodSoak.at;
import static lab.selftest.Mutations.DRILL;
import static lab.selftest.Mutations.PLAIN;
import static lab.selftest.Mutations.SUMMARY;

import java.nio.charset.StandardCharsets;
import java.util.List;
import soak.Gzip;

/** The files beside a round's summary: cut, emptied, gone, or telling something else than it. */
final class RawFileMutations {
    private static final String CODES = at(PLAIN) + "/plans-created.txt";
    private static final String TIMES = at(PLAIN) + "/create-times.txt";
    private static final String IDS = at(PLAIN) + "/plan-ids.txt";
    private static final String STALLS = at(PLAIN) + "/create-stalls.txt";
    private static final String SCAN = at(PLAIN) + "/stuck-scan.json";
    private static final String INTEGRITY = at(PLAIN) + "/integrity.json";
    private static final String METRICS = at(PLAIN) + "/metrics-scrape.prom";
    private static final String RECOVERY = at(DRILL) + "/recovery.txt";
    private static final String WHOLE = at(COMPRESSED) + "/recovery.txt.gz";
    private static final String STORE = at(96) + "/store-check.json";

    private RawFileMutations() {}

    static List<Mutation> all() {
        return List.of(
                Mutation.of("plans-created.txt cut", s -> s.truncate(CODES, 16)).names(at(PLAIN) + SUMMARY),
                Mutation.of("plans-created.txt emptied", s -> s.write(CODES, ""))
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("plans-created.txt gone", s -> s.delete(CODES)).names(at(PLAIN) + SUMMARY),
                Mutation.of("every create refused, the summary says none was", s -> s.replace(CODES, "201", "503"))
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("one HTTP code altered to 200", s -> s.edit(CODES, text -> text.replaceFirst("201", "200")))
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("an HTTP code that is none", s -> s.edit(CODES, text -> text.replaceFirst("201", "2O1")))
                        .names(CODES),
                Mutation.of(
                                "plans-created.txt is no UTF-8",
                                s -> s.write(CODES, new byte[] {'2', '0', '1', '\n', (byte) 0xff, (byte) 0xfe, '\n'}))
                        .names(CODES),
                Mutation.of("CRLF line ends in plans-created.txt", s -> s.replace(CODES, "\n", "\r\n"))
                        .changesNothing(),
                Mutation.of("create-times.txt cut", s -> s.truncate(TIMES, 27)).names(TIMES),
                Mutation.of("create-times.txt emptied", s -> s.write(TIMES, "")).names(TIMES),
                Mutation.of(
                                "create-times.txt in milliseconds",
                                s -> s.edit(TIMES, text -> text.replaceAll("0\\.00(\\d)(\\d{3})", "$1.$2")))
                        .fails("C3")
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("a negative latency", s -> s.edit(TIMES, text -> "-" + text))
                        .names(TIMES),
                Mutation.of("a latency NaN", s -> s.edit(TIMES, text -> text.replaceFirst("[0-9.]+", "NaN")))
                        .names(TIMES),
                Mutation.of(
                                "a slow create that p99_ms does not tell",
                                s -> s.edit(TIMES, text -> text.replaceFirst("[0-9.]+", "0.640000")))
                        .fails("C3")
                        .figure("max_p99_ms", 640.0)
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("CRLF line ends in create-times.txt", s -> s.replace(TIMES, "\n", "\r\n"))
                        .changesNothing(),
                Mutation.of("plan-ids.txt cut", s -> s.truncate(IDS, 40)).names(IDS),
                Mutation.of("plan-ids.txt gone", s -> s.delete(IDS)).names(IDS),
                Mutation.of("a plan swapped for one of another round", s -> {
                            String other = s.text(at(PLAIN - 1) + "/plan-ids.txt")
                                    .lines()
                                    .findFirst()
                                    .orElseThrow();
                            s.edit(IDS, text -> text.replaceFirst("\\S+", other));
                        })
                        .fails(Mutations.INTERRUPTED)
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of(
                                "a plan swapped for one of nobody's",
                                s -> s.edit(IDS, text -> text.replaceFirst("\\S+", "soak-1700000000-01")))
                        .fails(Mutations.INTERRUPTED)
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of("a plan named twice", s -> s.edit(IDS, text -> text.replace("-02\n", "-01\n")))
                        .names(IDS),
                Mutation.of(
                                "words in create-stalls.txt",
                                s -> s.edit(STALLS, text -> text.replaceFirst("0.250", "none")))
                        .names(STALLS),
                Mutation.of("stuck-scan.json cut", s -> s.truncate(SCAN, 12))
                        .fails("VAL12-05")
                        .names(SCAN),
                Mutation.of("stuck-scan.json emptied", s -> s.write(SCAN, ""))
                        .fails("VAL12-05")
                        .names(SCAN),
                Mutation.of("stuck-scan.json gone", s -> s.delete(SCAN))
                        .fails("VAL12-05")
                        .names(SCAN),
                Mutation.of(
                                "a stuck plan added to the scan",
                                s -> s.write(SCAN, "{\"stuck_plans\":[{\"plan_id\":\"x\"}]}"))
                        .fails("VAL12-10", "C2")
                        .figure("total_recovery_fail", 1)
                        .names(at(PLAIN) + SUMMARY),
                Mutation.of(
                                "half a character in stuck-scan.json",
                                s -> s.write(SCAN, "{\"stuck_plans\":[{\"plan_id\":\"\\ud800\"}]}"))
                        .fails("VAL12-05")
                        .names(SCAN),
                Mutation.of(
                                "half a character in integrity.json",
                                s -> s.edit(INTEGRITY, text -> text.replaceFirst("\\[ \\]", "[ \"\\\\ud800\" ]")))
                        .names(INTEGRITY),
                Mutation.of(
                                "half a character in store-check.json",
                                s -> s.edit(STORE, text -> text.replace("\"ok\"", "\"\\udc00\"")))
                        .names(STORE),
                Mutation.of(
                                "integrity.json holds a text where a list belongs",
                                s -> s.edit(INTEGRITY, text -> text.replaceFirst("\\[ \\]", "\"soak-1\"")))
                        .fails("C1")
                        .names(INTEGRITY),
                Mutation.of("integrity.json cut", s -> s.truncate(INTEGRITY, 20))
                        .names(INTEGRITY),
                Mutation.of("integrity.json emptied", s -> s.write(INTEGRITY, ""))
                        .names(INTEGRITY),
                Mutation.of("integrity.json gone", s -> s.delete(INTEGRITY)).names(INTEGRITY),
                Mutation.of("recovery.txt: exit=0 becomes exit=1", s -> s.replace(RECOVERY, "exit=0", "exit=1"))
                        .fails("VAL12-10", "C2")
                        .figure("total_recovery_fail", 1)
                        .names(at(DRILL) + SUMMARY),
                Mutation.of(
                                "recovery.txt: ok becomes failed, in words",
                                s -> s.replace(RECOVERY, "exit=0 ms=12", "failed"))
                        .names(RECOVERY),
                Mutation.of("an interrupted round's failures of plans with blanks in their names", s -> {
                            s.delete(at(DRILL) + SUMMARY);
                            s.replace(RECOVERY, " exit=0 ms=12", " of mine exit=1 ms=12");
                        })
                        .fails("VAL12-05", "VAL12-08", "VAL12-10", "C2", "C4")
                        .figure("total_recovery_fail", 1)
                        .names(at(DRILL)),
                Mutation.of("an interrupted round's failures before a byte that is no text", s -> {
                            s.delete(at(DRILL) + SUMMARY);
                            s.write(
                                    RECOVERY,
                                    (s.text(RECOVERY).replace("exit=0", "exit=1") + "\u00c3")
                                            .getBytes(StandardCharsets.ISO_8859_1)); // cut within a character
                        })
                        .fails("VAL12-05", "VAL12-08", "VAL12-10", "C2", "C4")
                        .figure("total_recovery_fail", 1)
                        .names(RECOVERY),
                Mutation.of("recovery.txt emptied", s -> s.write(RECOVERY, "")).names(at(DRILL) + SUMMARY),
                Mutation.of("recovery.txt gone", s -> s.delete(RECOVERY)).names(at(DRILL) + SUMMARY),
                Mutation.of("a recovery told twice", s -> s.edit(RECOVERY, text -> text + text))
                        .names(at(DRILL) + SUMMARY),
                Mutation.of("drill-plan.txt gone", s -> s.delete(at(DRILL) + "/drill-plan.txt"))
                        .names(at(DRILL) + SUMMARY),
                Mutation.of("recovery.txt.gz gone", s -> s.delete(WHOLE)).names(WHOLE),
                Mutation.of("recovery.txt.gz cut", s -> s.truncate(WHOLE, 30)).names(WHOLE),
                Mutation.of(
                                "recovery.txt.gz of another round",
                                s -> s.write(
                                        WHOLE,
                                        Gzip.of("soak-1-01 exit=0 ms=12\n  recovered\n"
                                                .getBytes(StandardCharsets.UTF_8))))
                        .names(WHOLE),
                Mutation.of(
                                "the pointer to recovery.txt.gz tells another hash",
                                s -> s.edit(
                                        at(COMPRESSED) + "/recovery.txt",
                                        text -> text.replaceFirst("\"sha256\" : \".", "\"sha256\" : \"x")))
                        .names(WHOLE),
                Mutation.of(
                                "the pointer to recovery.txt.gz lacks its hash",
                                s -> s.edit(at(COMPRESSED) + "/recovery.txt", text -> text.replace("sha256", "md5")))
                        .names(at(COMPRESSED) + "/recovery.txt"),
                Mutation.of("metrics-scrape.prom gone", s -> s.delete(METRICS)).names(METRICS),
                Mutation.of("metrics-scrape.prom emptied", s -> s.write(METRICS, ""))
                        .names(METRICS),
                Mutation.of(
                                "store-check.json tells damage",
                                s -> s.replace(STORE, "\"ok\"", "\"row 7 missing from index\""))
                        .fails("C1")
                        .names(at(96) + SUMMARY),
                Mutation.of(
                                "store-check.json tells damage in a list",
                                s -> s.replace(STORE, "\"ok\"", "[\"row 7 missing from index\"]"))
                        .fails("C1")
                        .names(at(96) + SUMMARY),
                Mutation.of("store-check.json lacks its result", s -> s.replace(STORE, "result", "Result"))
                        .names(at(96) + SUMMARY),
                Mutation.of("store-check.json tells no result", s -> s.replace(STORE, "\"ok\"", "null"))
                        .names(at(96) + SUMMARY),
                Mutation.of(
                                "store-check.json names a database that was not checked",
                                s -> s.replace(STORE, "\"ok\"", "\"ok\", \"unchecked\": {\"plans.db\": \"locked\"}"))
                        .names(at(96) + SUMMARY),
                Mutation.of("store-check.json cut", s -> s.truncate(STORE, 9)).names(STORE),
                Mutation.of("store-check.json gone", s -> s.delete(STORE)).names(at(96) + SUMMARY));
    }
}
