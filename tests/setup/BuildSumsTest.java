import static org.junit.jupiter.api.Assertions.assertEquals;

import base.KeyedLines;
import base.Sha256;
import build.BuildSums;
import build.ReproducibleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import settings.Traces;
import soak.SoakDir;

/** The lists that setup writes and others read: bin/SHA256SUMS, and files of {@code key: value} lines. */
class BuildSumsTest {
    private static final String HASH = "0123456789abcdef".repeat(4);

    @TempDir
    Path folder;

    private SoakDir dir;

    @BeforeEach
    void bin() throws Exception {
        dir = new SoakDir(folder);
        Files.createDirectories(dir.bin().resolve("lib"));
    }

    @Test
    void a_list_is_read_by_name_and_its_other_lines_are_told() throws Exception {
        Files.writeString(
                dir.buildSums(),
                HASH + "  lib/setup-0123456789ab.jar\n" + HASH.toUpperCase(Locale.ROOT) + "  round\nno hash\n" + HASH
                        + "  with  two spaces\n");
        BuildSums sums = BuildSums.of(dir);
        assertEquals(Map.of("lib/setup-0123456789ab.jar", HASH, "with  two spaces", HASH), sums.files());
        assertEquals(2, sums.broken().size());
        assertEquals(Optional.of(HASH), sums.ownJar());
    }

    @Test
    void no_name_in_the_list_leads_out_of_the_build() throws Exception {
        Files.writeString(dir.bin().resolve("lib/a.jar"), "");
        Files.writeString(folder.resolve("b.jar"), "");
        Files.writeString(dir.bin().resolve("c.jar"), "");
        Files.writeString(
                dir.buildSums(),
                HASH + "  lib/../../b.jar\n" + HASH + "  ../b.jar\n" + HASH + "  c.jar\n" + HASH + "  lib/gone.jar\n"
                        + HASH + "  lib/a.jar\n");
        assertEquals(List.of(dir.bin().resolve("lib/a.jar")), BuildSums.jars(dir));
    }

    @Test
    void of_a_key_that_stands_twice_the_first_counts_for_all_who_read_it() throws Exception {
        Files.writeString(dir.setupSummary(), "soak_dir: /a\nsoak_dir: /b\na line\nempty: \nurl: http://h:1/x: y\n");
        Map<String, String> lines = KeyedLines.of(dir.setupSummary());
        assertEquals(List.of("soak_dir", "a line", "empty", "url"), List.copyOf(lines.keySet()));
        assertEquals("http://h:1/x: y", lines.get("url"));
        assertEquals(Optional.of(Path.of("/a")), new Traces(dir).madeAt());
        assertEquals(Map.of(), KeyedLines.of(folder.resolve("none")));
    }

    @Test
    void a_jar_named_by_a_hash_that_is_not_its_own_is_not_taken_for_a_frozen_one() throws Exception {
        Path made = folder.resolve("made.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(made))) {
            zip.putNextEntry(new ZipEntry("a"));
        }
        byte[] bytes = ReproducibleJar.of(made);
        String sha256 = Sha256.of(bytes);
        Path frozen = Files.write(folder.resolve("x-" + sha256.substring(0, 12) + ".jar"), bytes);
        assertEquals(sha256, ReproducibleJar.sha256(frozen));
        Path liar = Files.copy(made, folder.resolve("x-0123456789ab.jar"));
        assertEquals(sha256, ReproducibleJar.sha256(liar));
    }
}
