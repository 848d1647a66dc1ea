import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import seal.Heads;
import seal.SealCheck;
import seal.SealReport;
import soak.RoundFiles;

/** What a round seals, and what is found of all that is done to the evidence afterwards: rounds are real ones. */
class SealTest extends SealedSoak {
    private static String sha256sum(Path file) {
        Fork.Result sum = Fork.run("sha256sum", file.toString());
        assertEquals(0, sum.exit(), sum.err());
        return sum.out().split(" ")[0];
    }

    @Test
    void a_round_seals_its_files_the_round_before_settings_and_logs() throws IOException {
        RoundRig.Round first = rig.round();
        String alert = "2026-10-01T00:00:00Z ALERT x=1 threshold=1 day=1\n";
        Files.writeString(rig.dir.alertsLog(), alert.repeat(5_000)); // more than one reading of a file brings
        Files.createDirectories(rig.dir.bin());
        Files.writeString(rig.dir.bin().resolve("SHA256SUMS"), "0  soak.jar\n");
        RoundRig.Round second = rig.round();

        assertTrue(seal(first).get("previous").isNull());
        assertEquals(id(first), seal(second).get("previous").get("round_id").asText());
        assertEquals(
                sha256sum(first.folder().resolve("round-summary.json")),
                seal(second).get("previous").get("sha256").asText());
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(second.folder())) {
            for (Path file : all.toList()) {
                if (!file.endsWith("round-summary.json")) {
                    files.put(file.getFileName().toString(), sha256sum(file));
                }
            }
        }
        assertTrue(files.size() >= 6, files.toString());
        assertEquals(Json.MAPPER.valueToTree(files), seal(second).get("files"));
        assertEquals(
                sha256sum(rig.dir.config()),
                seal(second).get("settings").get("config.env").asText());
        assertEquals(
                sha256sum(rig.dir.planTemplate()),
                seal(second).get("settings").get("plan-template.json").asText());
        JsonNode log = seal(second).get("logs").get("alerts.log");
        assertEquals(Files.size(rig.dir.alertsLog()), log.get("bytes").asLong());
        assertEquals(sha256sum(rig.dir.alertsLog()), log.get("sha256").asText());
        assertEquals(
                sha256sum(rig.dir.bin().resolve("SHA256SUMS")),
                seal(second).get("build").asText());
        List<String> names = new ArrayList<>();
        second.summary().fieldNames().forEachRemaining(names::add);
        assertEquals("seal", names.get(names.size() - 1));
        assertEquals(List.of(), alterations());
        assertEquals(2, check().sealed().count());
        assertEquals(
                sha256sum(second.folder().resolve("round-summary.json")),
                check().head().sha256());
    }

    @Test
    void what_a_killed_round_left_is_sealed_by_the_next_one() throws IOException {
        rig.round();
        Path killed = Files.createDirectories(rig.dir.round("2026-10-01/round-001500"));
        Files.writeString(killed.resolve("plan-ids.txt"), "a\n");
        Files.writeString(killed.resolve("create-times.txt.tmp"), "scratch");
        Path empty = Files.createDirectories(rig.dir.round("2026-10-01/round-002000"));
        assertEquals(
                List.of(
                        "unsealed: rounds/2026-10-01/round-001500: has no summary yet: it runs, or was killed; the next"
                                + " round seals it",
                        "unsealed: rounds/2026-10-01/round-002000: has no summary yet: it runs, or was killed; the next"
                                + " round seals it"),
                told());
        RoundRig.Round next = rig.round();
        assertEquals(
                "{\"2026-10-01/round-001500\":{\"plan-ids.txt\":\"" + sha256sum(killed.resolve("plan-ids.txt"))
                        + "\"},\"2026-10-01/round-002000\":{}}",
                Json.MAPPER
                        .writer()
                        .without(com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT)
                        .writeValueAsString(seal(next).get("unclosed")));
        assertEquals("{ }", seal(rig.round()).get("unclosed").toPrettyString());
        assertEquals(List.of(), told());

        Files.writeString(empty.resolve("plan-ids.txt"), "b\n");
        Files.writeString(killed.resolve("round-summary.json"), "{}");
        assertEquals(
                List.of(
                        "added rounds/2026-10-01/round-001500/round-summary.json",
                        "added rounds/2026-10-01/round-002000/plan-ids.txt"),
                alterations());
    }

    @Test
    void rounds_without_a_seal_are_adopted_with_every_file_by_its_name() throws IOException {
        Path old = Files.createDirectories(rig.dir.round("2026-09-30/round-230000"));
        Files.writeString(old.resolve("plan-ids.txt"), "soak-1-01\n");
        Files.writeString(old.resolve("round-summary.json"), "{\"round\": 1, \"health\": \"ok\"}");
        Files.createDirectories(rig.dir.round("2026-09-30/round-233000"));
        RoundRig.Round first = rig.round();
        assertEquals(2, seal(first).get("adopted").get("rounds").asInt());
        assertEquals(
                "2026-09-30/round-230000",
                seal(first).get("previous").get("round_id").asText());
        Path list = first.folder().resolve("adopted-rounds.txt");
        assertEquals(sha256sum(list), seal(first).get("adopted").get("sha256").asText());
        assertEquals(
                sha256sum(list),
                seal(first).get("files").get("adopted-rounds.txt").asText());
        Fork.Result sums =
                Fork.run("sh", "-c", "cd \"$1\" && sha256sum -c \"$2\"", "sh", folder.toString(), list.toString());
        assertEquals(0, sums.exit(), sums.out() + sums.err());
        assertFalse(seal(rig.round()).has("adopted"));
        assertEquals(List.of(), alterations());
        assertEquals(
                List.of("unsealed: rounds/2026-09-30/round-230000: the round has no seal of its own; rounds/"
                        + id(first) + " adopted it"),
                told());
        Files.writeString(old.resolve("plan-ids.txt"), "soak-1-02\n");
        assertEquals(List.of("altered rounds/2026-09-30/round-230000/plan-ids.txt"), alterations());
    }

    @Test
    void whoever_adopts_cannot_make_good_what_rounds_before_had_sealed() throws IOException {
        RoundRig.Round first = rig.round();
        RoundRig.Round second = rig.round();
        RoundRig.Round third = rig.round();
        withSeal(third, SealTest::asOfAnOlderBuild);
        RoundRig.Round fourth = rig.round();
        assertTrue(seal(fourth).has("adopted"));
        assertEquals(List.of(), alterations());
        assertEquals(List.of(id(first), id(second)), anchoredBy(second));
        assertEquals(List.of(id(first), id(second), id(third), id(fourth)), anchoredBy(fourth));

        Forger.editTimes(first);
        RoundRig.Round fifth = rig.round();
        withSeal(fifth, SealTest::asOfAnOlderBuild);
        assertTrue(seal(rig.round()).has("adopted")); // and names the edited file as it is now
        assertEquals(List.of("altered rounds/" + id(first) + "/create-times.txt"), alterations());
    }

    private static void asOfAnOlderBuild(ObjectNode summary) {
        summary.put("harness_version", "1.0.0").remove("seal");
    }

    @Test
    void a_seal_that_was_taken_out_of_the_last_rounds_is_told_and_one_that_could_not_be_made_is_none()
            throws IOException {
        rig.round();
        RoundRig.Round second = rig.round();
        RoundRig.Round third = rig.round();
        withSeal(second, summary -> summary.remove("seal"));
        withSeal(third, summary -> summary.without(List.of("seal", "harness_version")));
        assertEquals(
                List.of(
                        "altered rounds/" + id(second) + "/round-summary.json",
                        "altered rounds/" + id(third) + "/round-summary.json"),
                alterations());
        Path last = third.folder().resolve("round-summary.json");
        Files.writeString(last, Files.readString(last).replace("\"schema\"", "\"schem\\u0061\""));
        assertEquals(2, alterations().size(), "a name may be spelt with escapes");
        withSeal(second, summary -> summary.putNull("seal"));
        withSeal(third, SealTest::asOfAnOlderBuild);
        assertEquals(List.of(), alterations());
    }

    @Test
    void a_round_that_calls_closed_ones_killed_fixes_none_of_them() throws IOException {
        RoundRig.Round first = rig.round();
        RoundRig.Round second = rig.round();
        Forger.editTimes(first);
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(first.folder())) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), sha256sum(file));
            }
        }
        withSeal(second, summary -> {
            ObjectNode seal = (ObjectNode) summary.get("seal");
            seal.putNull("previous");
            seal.set("unclosed", Json.MAPPER.valueToTree(Map.of(id(first), files)));
        });
        assertEquals(
                List.of("added rounds/" + id(first), "altered rounds/" + id(second) + "/round-summary.json"),
                alterations());
    }

    private List<String> anchoredBy(RoundRig.Round round) throws IOException {
        Path heads = folder.resolve("heads");
        Files.writeString(heads, id(round) + " " + sha256sum(round.folder().resolve("round-summary.json")) + "\n");
        SealReport known = SealCheck.of(rig.dir, Heads.read(heads), SealCheck.Progress.NONE);
        return known.anchored().ids();
    }

    private static void withSeal(RoundRig.Round round, Consumer<ObjectNode> change) throws IOException {
        Path file = round.folder().resolve("round-summary.json");
        ObjectNode summary = (ObjectNode) Json.parse(Files.readString(file));
        change.accept(summary);
        Files.writeString(file, Json.write(summary));
    }

    @Test
    void a_clock_that_was_set_back_leaves_one_chain_of_the_rounds_as_they_were_written() throws IOException {
        rig.round();
        RoundRig.Round second = rig.round();
        rig.setNow(RoundRig.START.minus(Duration.ofHours(1)));
        RoundRig.Round third = rig.round();
        Path killed = Files.createDirectories(rig.dir.round("2026-09-30/round-231000"));
        RoundRig.Round fourth = rig.round();
        rig.setNow(RoundRig.START.plus(Duration.ofHours(2)));
        RoundRig.Round fifth = rig.round();
        assertEquals(id(second), seal(third).get("previous").get("round_id").asText());
        assertEquals(id(third), seal(fourth).get("previous").get("round_id").asText());
        assertTrue(seal(fourth).get("unclosed").has(RoundFiles.id(killed)));
        assertEquals(id(fourth), seal(fifth).get("previous").get("round_id").asText());
        assertEquals(0, seal(fifth).get("unclosed").size());
        assertEquals(List.of(), told());
        Path head = fifth.folder().resolve("round-summary.json");
        assertEquals(List.of(sha256sum(head) + "  " + id(fifth) + "/round-summary.json"), ByHand.check(rig.dir.root()));
        Files.delete(third.folder().resolve("integrity.json"));
        assertEquals(List.of("missing rounds/" + id(third) + "/integrity.json"), alterations());
    }

    @Test
    void a_round_by_a_clock_that_stood_ahead_is_not_gone_where_a_later_one_adopts_it() throws IOException {
        rig.round();
        rig.setNow(RoundRig.START.plus(Duration.ofDays(365)));
        rig.round();
        rig.setNow(RoundRig.START.plus(Duration.ofHours(2)));
        rig.round();
        RoundRig.Round unsealed = rig.round();
        Path summary = unsealed.folder().resolve("round-summary.json");
        Files.writeString(summary, "{\"round\": 4, \"health\": \"ok\"}");
        assertTrue(seal(rig.round()).has("adopted"));
        rig.round();
        assertEquals(List.of(), alterations());
    }

    @Test
    void a_log_may_grow_and_be_rotated_and_nothing_else() throws IOException {
        Files.writeString(rig.dir.alertsLog(), "one\n");
        rig.round();
        append(rig.dir.alertsLog(), "two\n");
        RoundRig.Round second = rig.round();
        append(rig.dir.alertsLog(), "three\n");
        assertEquals(List.of(), told());

        Path rotated = rig.dir.root().resolve("alerts.log.1");
        Files.move(rig.dir.alertsLog(), rotated);
        assertEquals(
                List.of("changed: alerts.log: what it held is in alerts.log.1 since rounds/" + id(second)), told());
        Files.writeString(rig.dir.alertsLog(), "four\n");
        rig.round();
        assertEquals(List.of(), alterations());
        Fork.run("gzip", rotated.toString());
        assertEquals(List.of(), alterations());

        Files.delete(rig.dir.root().resolve("alerts.log.1.gz"));
        assertEquals(List.of("altered alerts.log"), alterations());
        Files.delete(rig.dir.alertsLog());
        assertEquals(List.of("missing alerts.log"), alterations());
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }
}
