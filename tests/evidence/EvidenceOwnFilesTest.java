import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import evidence.EvidenceDatabase;
import evidence.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Config;
import soak.RoundFiles;

/** What the files of a round itself say of its plans: no file elsewhere, and no line that is repeated, says more. */
@Tag("slow")
class EvidenceOwnFilesTest {
    private static final int PLAIN = 10;

    @TempDir
    Path folder;

    private SoakFixture soak;

    @BeforeEach
    void eightDays() {
        soak = SoakFixture.in(folder).days(8).interval(21600).rounds(0, 32);
    }

    private EvidenceDatabase read() {
        return EvidenceDatabase.open(soak.write(), new Scope(soak.end(), false, null));
    }

    private EvidenceDatabase again() {
        return EvidenceDatabase.open(Config.read(soak.dir()), new Scope(soak.end(), false, null));
    }

    private static String problems(EvidenceDatabase database) {
        StringBuilder problems = new StringBuilder();
        database.query("SELECT file, reason FROM problems ORDER BY file, reason")
                .forEach(row -> problems.append(row.get("file"))
                        .append(": ")
                        .append(row.get("reason"))
                        .append('\n'));
        return problems.toString();
    }

    private static Object one(EvidenceDatabase database, String sql) {
        return database.query(sql).get(0).values().iterator().next();
    }

    @Test
    void an_id_that_stands_ten_times_in_plan_ids_is_one_created_plan() {
        soak.round(PLAIN, r -> r.raw("plan-ids.txt", (r.planId(1) + "\n").repeat(10)));
        try (EvidenceDatabase database = read()) {
            assertEquals(1L, one(database, "SELECT create_ok FROM rounds WHERE round = 11"), () -> problems(database));
            assertTrue(
                    problems(database).contains("appears 10 times: each id is used only once, and counts as one"),
                    () -> problems(database));
        }
    }

    @Test
    void a_set_check_of_fewer_plans_is_excused_by_rollbacks_that_rounds_tell_and_not_by_a_setting_of_today()
            throws Exception {
        soak.set("RECOVERY_STRATEGY", "rollback").round(PLAIN, r -> r.set("expected_plans", 5));
        String fewer = "says expected_plans=5, but the round itself created 10: the set check did not";
        try (EvidenceDatabase database = read()) {
            assertTrue(problems(database).contains(fewer), () -> problems(database));
            assertEquals("FAIL", one(database, "SELECT verdict FROM claims WHERE id LIKE '%1'"));
        }
        Path earlier = soak.dir().rounds().resolve("2026-10-03/round-060000").resolve(RoundFiles.STRATEGY);
        Files.writeString(earlier, "rollback\n");
        try (EvidenceDatabase database = again()) {
            assertEquals("", problems(database));
            assertEquals("PASS", one(database, "SELECT verdict FROM claims WHERE id LIKE '%1'"));
        }
    }

    @Test
    void a_drill_is_known_by_the_id_that_the_control_plane_gave_it_and_its_recovery_contradicts_nothing()
            throws Exception {
        soak.set("CP_ID_KEY", "plan_id").drillEvery(4).write();
        for (Path round : RoundFiles.folders(soak.dir().rounds())) {
            if (Files.exists(round.resolve(RoundFiles.DRILL))) {
                String asked = Files.readString(round.resolve(RoundFiles.DRILL)).strip();
                String given = "srv 7 of " + asked;
                Files.writeString(round.resolve(RoundFiles.GIVEN_IDS), asked + " " + given + "\n");
                Path recovery = round.resolve(RoundFiles.RECOVERY);
                Files.writeString(recovery, Files.readString(recovery).replace(asked, given));
            }
        }
        try (EvidenceDatabase database = again()) {
            assertEquals("", problems(database));
            assertEquals(8L, one(database, "SELECT count(*) FROM recoveries"));
            assertEquals(8L, one(database, "SELECT count(*) FROM recoveries WHERE is_drill"));
        }
    }
}
