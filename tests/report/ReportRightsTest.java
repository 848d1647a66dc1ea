import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import base.Exit;
import base.Failure;
import base.ThisUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import provision.Doctor;
import settings.ExistingSoak;
import soak.SoakDir;

/**
 * A report by a user who may not read everything says so, and by whom it may be read: nothing is told to be absent that
 * is only closed.
 */
class ReportRightsTest {
    private static final String MAY_NOT_BE_READ =
            " may not be read by user nobody: it belongs to OWNER (rwx------); run"
                    + " this as that user, or let nobody read it";

    @TempDir
    Path scratch;

    private void closed(Path path, String rights, String sentence) throws Exception {
        SoakFixture soak = SoakFixture.in(Files.createDirectories(scratch.resolve("above/soak")))
                .days(1)
                .interval(14_400)
                .rounds(0, 6);
        soak.write();
        Path disks = Files.createDirectories(soak.dir().rounds().resolve("lost+found"));
        Fork.run("chmod", "-R", "a+rX", scratch.toString());
        Files.setPosixFilePermissions(disks, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(rights));
        Fork.Result ran = OtherUser.run(Fork.java("report", soak.dir().root().toString(), "--type", "status"));
        assertEquals("report: " + sentence + "\n", ran.err().replaceAll("belongs to \\w+ ", "belongs to OWNER "));
        assertEquals(Exit.USAGE, ran.exit());
    }

    @Test
    void a_folder_that_may_not_be_read_is_not_one_without_settings() throws Exception {
        Path soak = scratch.resolve("above/soak");
        closed(
                soak,
                "rwx------",
                "SOAK_DIR " + soak
                        + " may not be read by user nobody: it belongs to OWNER (rwx------); run this as that user, or"
                        + " let nobody read it");
    }

    @Test
    void a_user_without_a_name_is_told_by_number() throws Exception {
        Path soak = Files.createDirectories(scratch.resolve("soak"));
        Fork.run("chmod", "a+rX", scratch.toString());
        Files.setPosixFilePermissions(soak, PosixFilePermissions.fromString("rwx------"));
        Fork.Result ran = OtherUser.run("54321", Fork.java("report", soak.toString(), "--type", "status"));
        assertTrue(ran.err().contains(" may not be read by user 54321: "), ran.err());
    }

    @Test
    void a_folder_that_may_be_listed_and_not_entered_neither() throws Exception {
        Path soak = scratch.resolve("above/soak");
        closed(
                soak,
                "rwxr--r--",
                "SOAK_DIR " + soak
                        + " may not be read by user nobody: it belongs to OWNER (rwxr--r--); run this as that user, or"
                        + " let nobody read it");
    }

    @Test
    void a_folder_above_that_may_not_be_entered_does_not_make_it_absent() throws Exception {
        Path soak = scratch.resolve("above/soak");
        closed(
                soak.getParent(),
                "rwx------",
                "SOAK_DIR " + soak
                        + " cannot be read by user nobody: this user has no access to a folder above it; run this"
                        + " as the user who owns it");
    }

    /** As a bad disk and a file server that is gone have reasons of their own. */
    @Test
    void a_folder_that_cannot_be_reached_is_told_by_the_systems_reason_and_not_as_a_matter_of_rights()
            throws Exception {
        Path file = Files.writeString(scratch.resolve("file"), "");
        Path circle = Files.createSymbolicLink(scratch.resolve("circle"), Path.of("circle"));
        Map<Path, String> faults = Map.of(
                file.resolve("soak"),
                "Not a directory",
                circle,
                "Too many levels of symbolic links or unable to access attributes of symbolic link",
                scratch.resolve("x".repeat(256)),
                "File name too long");
        for (Map.Entry<Path, String> fault : faults.entrySet()) {
            Failure told = assertThrows(Failure.class, () -> ExistingSoak.of(fault.getKey()));
            assertEquals(
                    "SOAK_DIR " + fault.getKey() + " cannot be read by user " + ThisUser.name() + " ("
                            + fault.getValue()
                            + "): see that this is the soak's folder, and that its disk is mounted and answers (dmesg)",
                    told.getMessage());
            assertThrows(Failure.class, () -> Doctor.requireWritable(new SoakDir(fault.getKey())));
        }
    }

    /** As an administrator looks at a soak on its first day, before cron has made a report. */
    @Test
    void a_report_by_root_keeps_its_owner_from_none_of_his_own_and_says_whose_the_soak_is() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can be somebody else here");
        SoakFixture soak = SoakFixture.in(Files.createDirectories(scratch.resolve("above/the soak")))
                .days(1)
                .interval(14_400)
                .rounds(0, 6)
                .file("round.lock", "")
                .file("daily", null)
                .file("tmp", null);
        soak.write();
        Path root = soak.dir().root();
        Fork.run("chmod", "-R", "a+rX", scratch.toString());
        Fork.run("chown", "-R", "nobody", root.toString());
        List<String> daily = List.of("--type", "daily", "--date", "2026-10-01");
        Reports.Ran roots = Reports.run("2026-10-02T01:00:00Z", root, daily.toArray(String[]::new));
        assertEquals(
                "report: warning: this report runs as root, and the soak is nobody's, who cannot change what this"
                    + " report writes: later reports may end with exit 70 until the files are given back by chown -R"
                    + " nobody '" + root + "'; run reports as nobody\n",
                roots.err());
        List<String> command = Fork.java("report", root.toString());
        command.addAll(daily);
        Fork.Result owners = OtherUser.run(command);
        assertEquals("", owners.err());
        assertEquals(roots.out(), owners.out());
        assertEquals(
                "nobody",
                Files.getOwner(soak.dir().tmp().resolve("report.lock")).getName());
    }

    @Test
    void settings_that_may_not_be_read_are_named() throws Exception {
        Path soak = scratch.resolve("above/soak");
        closed(soak.resolve("config.env"), "rw-------", soak + "/config.env" + MAY_NOT_BE_READ.replace("rwx", "rw-"));
    }

    /** As cron makes it where its umask is 077, or root's shell for the owner. */
    @Test
    void a_round_or_a_date_that_may_not_be_entered_is_neither_missing_nor_altered() throws Exception {
        Path date = scratch.resolve("above/soak/rounds/2026-10-01");
        for (Path folder : List.of(date.resolve("round-080000"), date, date.getParent())) {
            closed(folder, "rwx------", folder + MAY_NOT_BE_READ);
        }
        closed(date, "rwxr--r--", date + MAY_NOT_BE_READ.replace("rwx------", "rwxr--r--"));
    }

    @Test
    void a_file_that_may_not_be_read_is_neither_missing_nor_altered() throws Exception {
        Path soak = scratch.resolve("above/soak");
        Path round = soak.resolve("rounds/2026-10-01/round-080000");
        for (Path file : List.of(
                round.resolve("round-summary.json"),
                round.resolve("create-times.txt"),
                round.resolve("integrity.json"),
                soak.resolve("setup-summary.txt"))) {
            closed(file, "rw-------", file + MAY_NOT_BE_READ.replace("rwx", "rw-"));
        }
        Fork.Result verified = OtherUser.run(Fork.java("report", soak.toString(), "--type", "verify"));
        assertEquals(
                "report: " + soak.resolve("setup-summary.txt") + MAY_NOT_BE_READ.replace("rwx", "rw-") + "\n",
                verified.err().replaceAll("belongs to \\w+ ", "belongs to OWNER "));
        assertEquals(Exit.USAGE, verified.exit());
    }

    @Tag("slow")
    @Test
    void a_round_whose_folder_may_be_entered_and_not_listed_is_read_file_by_file() throws Exception {
        SoakFixture soak = SoakFixture.in(Files.createDirectories(scratch.resolve("soak")))
                .days(1)
                .interval(14_400)
                .rounds(0, 6);
        soak.write();
        Fork.run("chmod", "-R", "a+rX", scratch.toString());
        List<String> asked = Fork.java(
                "report",
                soak.dir().root().toString(),
                "--as-of",
                "2026-10-02T00:00:00Z",
                "--sql",
                "SELECT round_id, count(http_code), max(latency_ms) FROM creates GROUP BY ALL ORDER BY ALL");
        String before = OtherUser.run(asked).out();
        assertEquals(6, before.lines().filter(line -> line.contains("/round-")).count(), before);
        Path round = soak.dir().round("2026-10-01/round-080000");
        Files.setPosixFilePermissions(round, PosixFilePermissions.fromString("rwx--x--x"));
        assertEquals(before, OtherUser.run(asked).out());
    }
}
