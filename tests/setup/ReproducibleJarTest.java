import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import build.ReproducibleJar;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tells two builds of one source apart is not the source's: it goes. What the compiler made stays. */
class ReproducibleJarTest {
    @TempDir
    Path folder;

    private Path jar(String name, Instant at, int level, List<String> entries) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Created-By"), "17.0.15 (Debian)");
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.setLevel(level);
            for (String entry : entries) {
                ZipEntry written = new ZipEntry(entry);
                written.setLastModifiedTime(FileTime.from(at));
                jar.putNextEntry(written);
                if (!entry.endsWith("/")) {
                    jar.write((entry + " ").repeat(100).getBytes());
                }
            }
        }
        return file;
    }

    @Test
    void times_order_and_compression_go_and_a_jar_that_was_made_so_is_its_own() throws Exception {
        Path one = jar("one.jar", Instant.parse("2026-10-01T00:00:00Z"), 9, List.of("a/", "a/b.class", "c.class"));
        Path other = jar("other.jar", Instant.parse("2027-01-31T12:34:56Z"), 1, List.of("c.class", "a/", "a/b.class"));
        assertFalse(Arrays.equals(Files.readAllBytes(one), Files.readAllBytes(other)));
        byte[] same = ReproducibleJar.of(one);
        TimeZone zone = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            assertArrayEquals(same, ReproducibleJar.of(other), "in whatever zone");
        } finally {
            TimeZone.setDefault(zone);
        }
        Path again = Files.write(folder.resolve("again.jar"), same);
        assertArrayEquals(same, ReproducibleJar.of(again));
        assertEquals("17.0.15 (Debian)", ReproducibleJar.compiledBy(again));
    }

    @Test
    void another_content_or_another_name_is_another_jar() throws Exception {
        Instant at = Instant.parse("2026-10-01T00:00:00Z");
        byte[] one = ReproducibleJar.of(jar("one.jar", at, 9, List.of("a.class")));
        assertFalse(Arrays.equals(one, ReproducibleJar.of(jar("other.jar", at, 9, List.of("b.class")))));
    }
}
