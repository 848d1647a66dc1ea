import static org.junit.jupiter.api.Assertions.assertEquals;

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
import soak.Leftovers;

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
            Files.createSymbolicLink(tmp.resolve("archive-to-nothing-" + i), tmp.resolve("gone"));
            anHourOld("sqlite-" + i + ".tmp");
        }
        Leftovers.remove(tmp);
        assertEquals(
                List.of(),
                left().stream().filter(name -> name.startsWith("sqlite-")).toList());
        assertEquals(20, left().size(), "a link of just now may be somebody's");
    }

    @Test
    void a_number_beyond_that_of_every_process_ends_no_report() throws Exception {
        anHourOld("verify-99999999999999999999-1");
        Path young = Files.createDirectory(tmp.resolve("judge-99999999999999999999-1"));
        Leftovers.remove(tmp);
        assertEquals(List.of(young.getFileName().toString()), left());
    }

    @Test
    void what_a_link_leads_to_stays() throws Exception {
        Path kept = anHourOld("kept");
        Path link = Files.createSymbolicLink(tmp.resolve("spill-0-1"), kept); // no process has the number 0
        Leftovers.remove(tmp);
        assertEquals(List.of("kept"), left());
        assertEquals(false, Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    }
}
