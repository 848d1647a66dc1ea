import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Leftovers;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ended processes left in a folder for scratch, beside what nobody here made. */
class LeftoversTest {
    @TempDir
    Path tmp;

    private Path anHourOld(String name) throws Exception {
        Path file = Files.writeString(tmp.resolve(name), "x");
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    }

    private List<String> left() throws Exception {
        try (Stream<Path> files = Files.list(tmp)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_link_to_nothing_keeps_no_other_file_in_the_folder() throws Exception {
        for (int i = 0; i < 20; i++) { // in whatever order a folder is listed
            Files.createSymbolicLink(tmp.resolve(Leftovers.LIBRARY + i + ".so"), tmp.resolve("gone"));
            anHourOld(Leftovers.LIBRARY + (100 + i) + ".so");
        }
        Leftovers.remove(tmp);
        assertEquals(20, left().size(), "a link of just now may be somebody's");
        assertTrue(left().stream().allMatch(name -> Files.isSymbolicLink(tmp.resolve(name))), "" + left());
    }

    @Test
    void a_number_beyond_that_of_every_process_ends_no_report() throws Exception {
        Path nobodys = anHourOld(Leftovers.SCRATCH + "verify-99999999999999999999-1");
        Leftovers.remove(tmp);
        assertEquals(List.of(nobodys.getFileName().toString()), left());
    }

    /** A report of a clone looks into the machine's folder for temporary files, and into a folder that a user named. */
    @Test
    void what_other_people_name_like_scratch_stays_however_old_it_is() throws Exception {
        List<String> theirs = List.of(
                "alert-command.log",
                "archive-20261130-etc.tar",
                "classes-1-old",
                "compare-2-months",
                "judge-3-notes",
                "libduckdb_java.so",
                "libduckdb_java-patched1.so",
                "restore-20261130-db",
                "soak-scratch",
                "soak-swarm-4-seeds",
                "spill-5-way",
                "sqlite-autoconf-3450000",
                "told-commands",
                "verify-heads.txt");
        for (String name : theirs) {
            Files.createDirectories(tmp.resolve(name));
            anHourOld(name + "/file");
            Files.setLastModifiedTime(
                    tmp.resolve(name), FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        }
        Leftovers.remove(tmp);
        assertEquals(theirs.stream().sorted().toList(), left());
    }

    @Test
    void what_a_link_leads_to_stays() throws Exception {
        Path kept = anHourOld("kept");
        Path link = Files.createSymbolicLink(
                tmp.resolve(Leftovers.SCRATCH + "spill-0-1"), kept); // no process has the number 0
        Leftovers.remove(tmp);
        assertEquals(List.of("kept"), left());
        assertEquals(false, Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    }
}
