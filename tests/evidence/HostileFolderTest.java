import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Sha256;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A soak's folder that came from somebody who wants its reader to hang, to run out of memory or to be lied to. */
@Tag("slow")
@Timeout(300) // a pipe would be waited for, for ever
class HostileFolderTest extends AttachedSoak {
    private static final String NOW = "2026-10-01T03:00:00Z";
    private static final String NO_FILE =
            " is a folder, a pipe, a socket or a device, where a file should be: take it" + " away from there\n";

    private List<RoundRig.Round> rounds;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(rig.dir.setupSummary(), "result: PASS\n");
        rounds = rig.rounds(3);
        Files.writeString(rig.dir.alertsLog(), "");
        rounds.add(rig.round());
    }

    private static Path pipe(Path at) throws Exception {
        Files.deleteIfExists(at);
        Files.createDirectories(at.getParent());
        Fork.Result made = Fork.run("mkfifo", at.toString());
        assertEquals(0, made.exit(), made.err());
        return at;
    }

    private Reports.Ran report(String type) {
        return Reports.run(NOW, folder, "--type", type);
    }

    @Test
    void settings_that_are_a_pipe_are_refused_in_one_sentence() throws Exception {
        Path config = pipe(rig.dir.config());
        for (String type : List.of("verify", "final", "status")) {
            Reports.Ran ran = report(type);
            assertEquals(64, ran.exit());
            assertEquals("report: " + config + NO_FILE, ran.err());
        }
    }

    @Test
    void a_stored_report_that_is_no_file_is_told_by_a_verification_and_never_written_over() throws Exception {
        for (Path stored : List.of(pipe(rig.dir.finalJson()), Files.createDirectories(rig.dir.checkpoint(7)))) {
            Reports.Ran ran = report("verify");
            assertEquals(10, ran.exit(), ran.out() + ran.err());
            assertTrue(
                    ran.out()
                            .contains("differs: " + rig.dir.root().relativize(stored)
                                    + ": is no report that can be read\n"),
                    ran.out());
        }
        Reports.Ran ran = report("final");
        assertEquals(70, ran.exit());
        assertEquals("report: " + rig.dir.finalJson() + NO_FILE, ran.err());
        assertFalse(Files.exists(rig.dir.finalText()));
    }

    @Test
    void a_folder_of_seals_that_cannot_be_listed_is_told_in_words() throws Exception {
        Path seals = rig.dir.seals();
        Files.createSymbolicLink(seals, seals.getFileName());
        Reports.Ran ran = report("status");
        assertEquals(70, ran.exit());
        assertEquals(
                "report: " + folder + " cannot be read (" + seals
                        + ": Too many levels of symbolic links or unable to access attributes of symbolic link): this"
                        + " user must be able to read it\n",
                ran.err());
    }

    @Test
    void a_stored_report_that_no_memory_holds_is_told() throws Exception {
        try (RandomAccessFile sparse = new RandomAccessFile(rig.dir.finalJson().toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        Reports.Ran ran = report("verify");
        assertEquals(10, ran.exit(), ran.err());
        assertTrue(ran.out().contains("differs: final-report.json: is no report that can be read\n"), ran.out());
        ran = report("final");
        assertEquals(70, ran.exit());
        assertEquals("report: " + rig.dir.finalJson() + " is longer than 64 MiB: take it away from there\n", ran.err());
    }

    @Test
    void sealed_files_that_became_pipes_are_alterations_and_nobody_waits_for_them() throws Exception {
        pipe(rounds.get(1).folder().resolve("plan-ids.txt"));
        pipe(rounds.get(2).folder().resolve("round-summary.json"));
        pipe(rig.dir.setupSummary());
        pipe(rig.dir.alertsLog());
        pipe(rig.dir.bin().resolve("SHA256SUMS"));
        pipe(rig.dir.seals().resolve("2026-10-01.tsr"));
        Reports.Ran ran = report("verify");
        assertEquals(10, ran.exit(), ran.err());
        for (String altered : List.of(
                "rounds/2026-10-01/round-003000/plan-ids.txt",
                "rounds/2026-10-01/round-010000/round-summary.json",
                "setup-summary.txt",
                "alerts.log",
                "seals/2026-10-01.tsr")) {
            assertTrue(
                    ran.out().lines().anyMatch(line -> line.startsWith("altered: " + altered + ": ")),
                    altered + " in\n" + ran.out());
        }
    }

    /** Whoever looks at a soak, and every round that adopts it, would wait for the hash of gigabytes. */
    @Test
    void sealed_files_that_became_gigabytes_are_alterations_and_nobody_reads_them() throws Exception {
        Path setup = rig.dir.setupSummary();
        for (Path grown : List.of(
                rounds.get(1).folder().resolve("plan-ids.txt"),
                rounds.get(2).folder().resolve("round-summary.json"),
                setup)) {
            try (RandomAccessFile sparse = new RandomAccessFile(grown.toFile(), "rw")) {
                sparse.setLength(3L << 30);
            }
        }
        Reports.Ran ran = report("verify");
        assertEquals(10, ran.exit(), ran.err());
        for (String altered : List.of(
                "rounds/2026-10-01/round-003000/plan-ids.txt: is larger than 64 MiB",
                "rounds/2026-10-01/round-010000/round-summary.json: cannot be read, and is not what rounds",
                "setup-summary.txt: ")) {
            assertTrue(ran.out().contains("altered: " + altered), altered + " in\n" + ran.out());
        }
    }

    @Test
    void the_name_of_a_file_cannot_tell_a_finding_or_a_verdict_of_its_own() throws Exception {
        Files.createFile(rounds.get(1).folder().resolve("a\nEverything that is sealed fits.\tb\r"));
        Reports.Ran ran = report("verify");
        assertEquals(10, ran.exit());
        assertTrue(
                ran.out()
                        .startsWith("added: rounds/2026-10-01/round-003000/a\\u000aEverything that is sealed"
                                + " fits.\\u0009b\\u000d: the round's seal does not name it\n"),
                ran.out());
        String first = report("final").out().lines().findFirst().orElseThrow();
        assertTrue(
                first.endsWith(" (EVIDENCE ALTERED: 1 file, first rounds/2026-10-01/round-003000/a\\u000aEverything"
                        + " that is sealed fits.\\u0009b\\u000d)"),
                first);
    }

    @Test
    void a_seal_that_names_files_elsewhere_reads_and_tells_none_of_them() throws Exception {
        Path secret = Files.writeString(scratch.resolve("secret"), "s3cret\n");
        Path newest = rounds.get(3).folder().resolve("round-summary.json");
        var summary = (ObjectNode) Json.parse(Files.readString(newest));
        var seal = (ObjectNode) summary.get("seal");
        String up = "../../../../secret";
        for (String group : List.of("files", "settings", "unclosed")) {
            seal.putObject(group)
                    .put(up, "0".repeat(64))
                    .put(secret.toString(), "0".repeat(64))
                    .put("no\0path", "0".repeat(64));
        }
        seal.putObject("logs").putObject("../secret").put("bytes", -1).put("sha256", "0".repeat(64));
        ((ObjectNode) seal.get("logs")).putObject("no\0path").put("bytes", 1).put("sha256", "0".repeat(64));
        Files.writeString(newest, Json.write(summary));
        Reports.Ran ran = report("verify");
        assertEquals(10, ran.exit(), ran.err());
        String hash = Sha256.of(secret);
        assertFalse(ran.out().contains(hash.substring(0, 12)) || ran.out().contains("s3cret"), ran.out());
    }
}
