import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import command.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.RoundFiles;
import soak.SoakDir;

/** What was made on a virtual clock says so, whatever is done to it afterwards. */
@Tag("slow")
class RehearsalMarkTest {
    private static final String LATER = "2026-12-01T00:00:00Z";
    private static final List<List<String>> REPORTS = List.of(
            List.of("--type", "final"),
            List.of("--type", "daily", "--date", "2026-10-01"),
            List.of("--type", "checkpoint", "--day", "1"),
            List.of("--type", "status"));

    @TempDir
    static Path rehearsed;

    @TempDir
    Path folder;

    @BeforeAll
    static void rehearse_a_day() {
        StringWriter said = new StringWriter();
        assertEquals(
                Exit.OK,
                Cli.run(
                        new rehearse(),
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "--days",
                        "1",
                        rehearsed.resolve("day").toString()),
                said.toString());
    }

    /** A copy of it that may be tampered with. */
    private SoakDir copy() throws IOException {
        Path copy = folder.resolve("copy");
        copy(rehearsed.resolve("day"), copy);
        return new SoakDir(copy);
    }

    /** The same as a build without seals left it: they would tell of any edit before a mark is looked for. */
    private SoakDir unsealed(SoakDir soak) throws IOException {
        for (Path file : summaries(soak)) {
            ObjectNode summary = (ObjectNode) Json.parse(Files.readString(file));
            summary.remove("seal");
            Files.writeString(file, Json.write(summary));
        }
        for (Path daily : RoundFiles.children(soak.daily())) { // which tells the head of a date's last round
            Files.delete(daily);
        }
        return soak;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static List<Path> summaries(SoakDir soak) throws IOException {
        try (Stream<Path> all = Files.find(soak.rounds(), 3, (p, a) -> p.endsWith("round-summary.json"))) {
            return all.sorted().toList();
        }
    }

    private static void replace(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    private static void assertMarked(SoakDir soak) throws IOException {
        for (List<String> report : REPORTS) {
            Reports.Ran ran = Reports.run(LATER, soak.root(), report.toArray(String[]::new));
            assertTrue(
                    ran.out().lines().findFirst().orElse("").contains("(REHEARSAL)"),
                    report + ": " + ran.out() + ran.err());
        }
        assertEquals(
                "NOT ASSESSED (rehearsal)",
                Json.parse(Files.readString(soak.finalJson())).path("gate_d").asText());
        assertTrue(
                Json.parse(Files.readString(soak.finalJson())).path("rehearsal").asBoolean());
        assertFalse(Files.readString(soak.finalText()).contains("Gate D: PASS"));
    }

    private static String problems(SoakDir soak) {
        return Reports.run(LATER, soak.root(), "--sql", "SELECT file, reason FROM problems", "--format", "csv")
                .out();
    }

    @Test
    void every_report_is_marked_on_its_first_line_and_nothing_is_wrong_with_the_evidence() throws Exception {
        SoakDir soak = copy();
        assertMarked(soak);
        assertEquals("file,reason", problems(soak).strip());
    }

    @Test
    void a_round_and_a_setup_of_now_are_refused_in_its_folder() throws Exception {
        SoakDir soak = copy();
        int rounds = summaries(soak).size();
        for (String command : List.of("round", "setup")) {
            Fork.Result refused = Fork.run(Fork.java(command, soak.root().toString()));
            assertEquals(Exit.USAGE, refused.exit(), refused.err());
            assertTrue(
                    refused.err()
                            .contains("is the folder of a rehearsal, which has a clock and a control plane of its own"),
                    refused.err());
        }
        assertEquals(rounds, summaries(soak).size());
        assertFalse(Files.exists(soak.bin()));
    }

    @Test
    void a_mark_taken_out_of_config_env_is_missed_and_every_report_still_carries_it() throws Exception {
        SoakDir soak = copy();
        replace(soak.config(), "SOAK_REHEARSAL=true\n", "");
        assertMarked(soak);
        assertTrue(
                problems(soak)
                        .contains("config.env,\"does not say SOAK_REHEARSAL=true, but all rounds belong to a"
                                + " rehearsal\""),
                problems(soak));
    }

    @Test
    void marks_taken_out_of_config_env_and_every_round_leave_that_of_the_setup() throws Exception {
        SoakDir soak = unsealed(copy());
        replace(soak.config(), "SOAK_REHEARSAL=true\n", "");
        for (Path summary : summaries(soak)) {
            replace(summary, "\"rehearsal\" : true,", "");
        }
        assertMarked(soak);
        assertTrue(problems(soak).contains("lacks rehearsal: not measured"), problems(soak));
    }

    @Test
    void of_sealed_evidence_the_alteration_is_told_first_and_the_mark_stays() throws Exception {
        SoakDir soak = copy();
        replace(summaries(soak).get(7), "\"rehearsal\" : true,", "\"rehearsal\" : false,");
        Reports.Ran ran = Reports.run(LATER, soak.root(), "--type", "final");
        assertTrue(
                ran.out().lines().findFirst().orElse("").contains("(REHEARSAL) (EVIDENCE ALTERED: 1 file"), ran.out());
        assertEquals(
                "FAILED",
                Json.parse(Files.readString(soak.finalStatement()))
                        .at("/predicate/result")
                        .asText());
    }

    @Test
    void rounds_that_deny_it_are_named_where_config_env_says_so() throws Exception {
        SoakDir soak = unsealed(copy());
        Path denying = summaries(soak).get(7);
        replace(denying, "\"rehearsal\" : true,", "\"rehearsal\" : false,");
        assertMarked(soak);
        assertTrue(
                problems(soak)
                        .contains(soak.root().relativize(denying)
                                + ",\"says rehearsal=false, but config.env says SOAK_REHEARSAL=true\""),
                problems(soak));
    }

    @Test
    void one_rehearsed_round_in_a_real_soak_is_named_and_the_gate_is_not_assessed() throws Exception {
        SoakFixture real =
                SoakFixture.in(folder.resolve("real")).days(1).rounds(0, 48).missed(9);
        real.write();
        Path round = summaries(new SoakDir(rehearsed.resolve("day"))).get(9).getParent();
        copy(round, folder.resolve("real").resolve(rehearsed.resolve("day").relativize(round)));
        unsealed(real.dir());
        assertMarked(real.dir());
        String named = rehearsed.resolve("day").relativize(round)
                + "/round-summary.json,belongs to a rehearsal and was mixed in";
        assertTrue(problems(real.dir()).replace("\"", "").contains(named), problems(real.dir()));
    }
}
