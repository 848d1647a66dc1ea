import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found of settings, templates and setup-summary.txt, which every round seals as it found them. */
class SealSettingsTest extends SealedSoak {
    @Test
    void a_setting_that_could_not_be_read_for_a_round_is_no_alteration_and_no_change() throws IOException {
        Path setup = Files.writeString(rig.dir.setupSummary(), "result: PASS\n");
        rig.round();
        Path aside = Files.move(setup, rig.dir.root().resolve("aside"));
        Files.createDirectory(setup); // which nobody reads as a file, as one on a disk that fails
        RoundRig.Round blind = rig.round();
        Files.delete(setup);
        Files.move(aside, setup);
        rig.round();
        assertEquals(
                List.of("unchecked: setup-summary.txt: could not be read when rounds/" + id(blind) + " sealed it"),
                told());
        Files.writeString(setup, "result: FAIL\n");
        assertEquals(List.of("altered setup-summary.txt"), alterations());
    }

    @Test
    void settings_that_change_are_told_by_key_with_the_round_since_which_they_are_so() throws IOException {
        RoundRig.Round first = rig.round();
        assertEquals(
                "10", seal(first).get("config").get("REQUEST_TIMEOUT_SECONDS").asText());
        assertFalse(seal(rig.round()).has("config"));
        rig.with("TARGET_P99_MS", "400", "HOOK_TOKEN", "0123456789abcdef");
        RoundRig.Round third = rig.round();
        Files.writeString(rig.dir.planTemplate(), ForeignControlPlane.TEMPLATE + "\n");
        rig.with("ALERT_CONSECUTIVE", "4");
        assertEquals(
                List.of(
                        "changed: config.env: HOOK_TOKEN is [masked], was not set, since rounds/" + id(third),
                        "changed: config.env: TARGET_P99_MS is 400, was not set, since rounds/" + id(third),
                        "changed: config.env: ALERT_CONSECUTIVE is 4, was not set, since the newest round, rounds/"
                                + id(third),
                        "changed: plan-template.json: the file is another since the newest round, rounds/" + id(third)),
                told());
        assertEquals(List.of(), alterations());
        assertFalse(
                Files.readString(third.folder().resolve("round-summary.json")).contains("0123456789abcdef"));
    }

    @Test
    void setup_may_end_its_summary_after_the_first_round_and_nobody_may_touch_it_later() throws IOException {
        String text = "result: PASS\ncp_start_ms: 412\nstarted_at: 2026-10-01T00:00:00Z\nsoak_id: x\n";
        Files.writeString(rig.dir.setupSummary(), text);
        rig.round();
        String ended = text.replace("00:00Z", "00:07Z");
        Files.writeString(rig.dir.setupSummary(), ended);
        assertEquals(List.of(), told());
        Files.writeString(rig.dir.setupSummary(), ended.replace("412", "411"));
        assertEquals(List.of("altered setup-summary.txt"), alterations());
        Files.writeString(rig.dir.setupSummary(), ended);
        rig.round();
        rig.round();
        assertEquals(List.of(), told());
        Files.write(rig.dir.setupSummary(), new byte[] {'a', (byte) 0xff});
        assertEquals(List.of("altered setup-summary.txt"), alterations(), "also where it is no text any more");
        Files.writeString(rig.dir.setupSummary(), ended.replace("00:07Z", "00:08Z"));
        assertEquals(List.of("altered setup-summary.txt"), alterations());
        Files.delete(rig.dir.setupSummary());
        assertEquals(List.of("missing setup-summary.txt"), alterations());
    }

    @Test
    void a_setup_summary_that_is_restored_is_no_alteration_though_rounds_ran_without_it() throws IOException {
        Path setup = Files.writeString(rig.dir.setupSummary(), "result: PASS\ncp_start_ms: 412\n");
        rig.round();
        Path aside = Files.move(setup, rig.dir.root().resolve("aside"));
        RoundRig.Round without = rig.round();
        rig.round();
        assertEquals(List.of("missing setup-summary.txt"), alterations());
        Files.writeString(setup, "result: PASS\ncp_start_ms: 4\n");
        RoundRig.Round edited = rig.round();
        assertEquals(List.of("altered setup-summary.txt"), alterations());
        Files.move(aside, setup, StandardCopyOption.REPLACE_EXISTING);
        rig.round();
        assertEquals(
                List.of(
                        "changed: setup-summary.txt: was gone when rounds/" + id(without)
                                + " ran, and is as it was again",
                        "changed: setup-summary.txt: was another file when rounds/" + id(edited)
                                + " ran, and is as it was again"),
                told());
    }

    @Test
    void a_setup_summary_that_no_round_saw_is_told_as_added_also_once_a_round_sealed_it() throws IOException {
        rig.round();
        rig.round();
        Files.writeString(rig.dir.setupSummary(), "result: PASS\ncp_start_ms: 412\n");
        assertEquals(List.of("added setup-summary.txt"), alterations());
        rig.round();
        assertEquals(List.of("added setup-summary.txt"), alterations());
    }
}
