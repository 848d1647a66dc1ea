import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import soak.Gzip;
import soak.RoundFiles;

/**
 * What an archive holds of a folder that lives and has secrets in it: all evidence, no secret, and a word on everything
 * else.
 */
@Tag("slow")
class ArchiveKeepsTest {
    private static final String NOW = "2026-10-03T00:00:00Z";
    private static final String TOKEN = "s3cr3t-7f3a99b0c2";
    private static final String JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzb2FrIn0.c2lnbmF0dXJl";
    private static final String PEM = "-----BEGIN PRIVATE KEY-----\n"
            + "MIIEvgIBADANBgkqhkiG9w0BAQ\n"
            + "AASCBKgwggSkAgEAAoIBAQC7VJTUt\n"
            + "-----END PRIVATE KEY-----";

    @TempDir
    Path scratch;

    private SoakFixture soak() {
        return SoakFixture.in(scratch.resolve("soak")).days(2).interval(3600).rounds(0, 48);
    }

    private Path round(SoakFixture soak, int index) throws Exception {
        try (Stream<Path> all = Files.find(
                soak.dir().rounds(), 2, (p, a) -> p.getFileName().toString().startsWith("round-"))) {
            return all.sorted().toList().get(index);
        }
    }

    private Path archive() {
        return scratch.resolve("soak-val12-2026-10-03.tar.gz");
    }

    private Path unpacked() throws Exception {
        Path to = Files.createTempDirectory(scratch, "unpacked");
        Fork.Result tar = Fork.run(
                Map.of("LC_ALL", "C.UTF-8"), List.of("tar", "-xzf", archive().toString(), "-C", to.toString()));
        assertEquals(0, tar.exit(), tar.err());
        return to.resolve("soak");
    }

    private static String all(Path folder) throws Exception {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (file.toString().endsWith(".gz")) {
                    bytes = new GZIPInputStream(new java.io.ByteArrayInputStream(bytes)).readAllBytes();
                }
                text.append(file)
                        .append('\n')
                        .append(new String(bytes, StandardCharsets.ISO_8859_1))
                        .append('\n');
            }
        }
        return text.toString();
    }

    @Test
    void no_secret_of_config_env_or_of_what_the_cli_printed_is_in_an_archive_which_is_judged_as_the_folder_is()
            throws Exception {
        SoakFixture soak = soak().set("AUTONOMY_TOKEN", TOKEN)
                .set("AUTONOMY_DB_PASSWORD", "pässwörd-11")
                .set("X_API_KEY", "q9")
                .set("AUTONOMY_AUTH_MODE", "internal")
                .set("CP_CLI_ENV", "AUTONOMY_TOKEN=header:X-Api-Token")
                .set("CP_COMMAND", "serve --listen {listen} --token opt-55aa77cc --token-file /etc/token")
                .set("PING_URL", "https://hc.example/ping/8d3f-uuid-0001")
                .set("ALERT_COMMAND", "curl -u bot:pw-99881122 https://hooks.example/services/T0/B0/xyz")
                .set("EXTRA_URL", "https://me:userinfo-pw1@example.org/x");
        soak.write();
        Path recovery = round(soak, 3).resolve("recovery.txt");
        Files.writeString(
                recovery,
                "soak-1790812800-1 exit=0 ms=31\n  I am " + TOKEN + "\n  " + PEM.replace("\n", "\n  ")
                        + "\nsoak-1790812800-2 exit=0 ms=7\n  Authorization: Bearer abcdef0123456789\n  jwt " + JWT
                        + "\n"
                        + "  {\"access_token\": \"zzyyxx\"}\n"
                        + "  token: expired\n"
                        + "soak-1790812800-3 exit=1 ms=8\n"
                        + "  password=hunter2 https://u:p4ss@host/\n");
        Files.writeString(soak.dir().cpLog(), "started with opt-55aa77cc and userinfo-pw1, pässwörd-11, pw-99881122\n");
        Files.writeString(soak.dir().root().resolve("cp.bin"), "\0\0 holds " + TOKEN);
        String before = Reports.run(NOW, soak.dir().root(), "--type", "final").out();
        Reports.Ran ran = Reports.run(NOW, soak.dir().root(), "--type", "archive");
        assertEquals(Exit.BAD, ran.exit(), "cp.bin is evidence, and is left out: " + ran.err());
        Path unpacked = unpacked();
        String everything = all(unpacked);
        for (String secret : List.of(
                TOKEN,
                "pässwörd-11",
                new String("pässwörd-11".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1),
                "=q9",
                "opt-55aa77cc",
                "8d3f-uuid",
                "pw-99881122",
                "services/T0",
                "userinfo-pw1",
                "MIIEvg",
                "abcdef0123456789",
                JWT.substring(0, 30),
                "zzyyxx",
                "hunter2",
                "p4ss@")) {
            assertFalse(everything.contains(secret), secret);
        }
        String masked = Files.readString(unpacked.resolve(soak.dir().root().relativize(recovery)));
        assertEquals(
                "soak-1790812800-1 exit=0 ms=31\n"
                        + "  I am [AUTONOMY_TOKEN of config.env]\n"
                        + "  [masked]\n"
                        + "soak-1790812800-2 exit=0 ms=7\n"
                        + "  Authorization: Bearer [masked]\n"
                        + "  jwt [masked]\n"
                        + "  {\"access_token\": \"[masked]\"}\n"
                        + "  token: expired\n"
                        + "soak-1790812800-3 exit=1 ms=8\n"
                        + "  password=[masked] https://u:[masked]@host/\n",
                masked);
        String config = Files.readString(unpacked.resolve("config.env"));
        assertTrue(
                config.contains("\nAUTONOMY_TOKEN='[masked]'\n")
                        && config.contains("--token [masked] --token-file /etc/token")
                        && config.contains("SOAK_STARTED_AT=2026-10-01T00:00:00Z\n"),
                config);
        for (String line : List.of(
                "Masked: rounds/2026-10-01/round-030000/recovery.txt: 7 places\n",
                "Masked: config.env: 7 places\n",
                "Masked: cp.log: 4 places\n",
                "Evidence left out: cp.bin: it holds a secret of config.env and is not text, so it cannot be"
                        + " masked\n")) {
            assertTrue(ran.out().contains(line), line + ran.out());
        }
        String readme = Files.readString(unpacked.resolve("ARCHIVE-README.txt"));
        assertTrue(
                readme.contains("\n- rounds/2026-10-01/round-030000/recovery.txt (7 places)\n")
                        && readme.contains("\n- cp.bin (it holds a secret"),
                readme);
        assertEquals(
                before.replaceAll("(?m)^(Archive|SHA-256|Restore check):.*$", ""),
                Reports.run(NOW, unpacked, "--type", "final")
                        .out()
                        .replaceAll("(?m)^(Archive|SHA-256|Restore check):.*$", ""),
                "judged as the folder is");
        byte[] first = Files.readAllBytes(archive());
        Reports.run(NOW, soak.dir().root(), "--type", "archive");
        assertArrayEquals(first, Files.readAllBytes(archive()), "same folder, same bytes");
        assertEquals(
                Exit.OK,
                Reports.run(NOW, unpacked, "--compare", archive().toString()).exit());
    }

    @Test
    void a_recovery_file_that_is_kept_compressed_is_masked_inside_and_its_pointer_tells_of_the_masked_one()
            throws Exception {
        SoakFixture soak = soak().set("AUTONOMY_TOKEN", TOKEN);
        soak.write();
        Path recovery = round(soak, 3).resolve("recovery.txt");
        byte[] whole = ("soak-1790812800-1 exit=0 ms=31\n  " + TOKEN + "\n")
                .repeat(3000)
                .getBytes(StandardCharsets.UTF_8);
        Files.write(recovery.resolveSibling("recovery.txt.gz"), Gzip.of(whole));
        Files.writeString(
                recovery,
                new RoundFiles.Pointer("recovery.txt.gz", whole.length, Sha256.of(whole), whole.length).text(Map.of()));
        Reports.Ran ran = Reports.run(NOW, soak.dir().root(), "--type", "archive");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertTrue(ran.out().contains("recovery.txt.gz: 3000 places"), ran.out());
        Path unpacked = unpacked();
        assertFalse(all(unpacked).contains(TOKEN));
        assertEquals(
                Reports.run(NOW, soak.dir().root(), "--sql", "SELECT file, problem FROM stored_files")
                        .out(),
                Reports.run(NOW, unpacked, "--sql", "SELECT file, problem FROM stored_files")
                        .out());
    }

    @Test
    void copies_of_config_env_are_masked_as_it_is() throws Exception {
        SoakFixture soak = soak().set("AUTONOMY_TOKEN", "new-token-1");
        soak.write();
        for (String copy : List.of("config.env.bak", "config.env~", "config.env-2026-10-01")) {
            Files.writeString(
                    soak.dir().root().resolve(copy), "AUTONOMY_TOKEN=old-1\nSOAK_DAYS=2\nDB_PASSWORD='a b'\n");
        }
        Reports.Ran ran = Reports.run(NOW, soak.dir().root(), "--type", "archive");
        assertTrue(ran.out().contains("Masked: config.env.bak: 2 places\n"), ran.out());
        Path unpacked = unpacked();
        for (String copy : List.of("config.env.bak", "config.env~", "config.env-2026-10-01")) {
            assertEquals(
                    "AUTONOMY_TOKEN='[masked]'\nSOAK_DAYS=2\nDB_PASSWORD='[masked]'\n",
                    Files.readString(unpacked.resolve(copy)));
        }
    }

    /** Of any store that is no SQLite, files come and go while an archive is made. */
    @Test
    void what_vanishes_cannot_be_read_or_is_no_file_is_left_out_by_name_and_the_archive_is_whole() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Path data = Files.createDirectories(soak.dir().cpData());
        Files.writeString(data.resolve("000012.sst"), "kept");
        Fork.run("mkfifo", data.resolve("pipe").toString());
        Files.createSymbolicLink(data.resolve("gone"), data.resolve("nowhere"));
        Files.createSymbolicLink(data.resolve("out"), scratch.resolve("elsewhere"));
        Files.writeString(data.resolve("two\nlines " + "x".repeat(220)), "named at length");
        Fork.run(
                Map.of("F", data.toString()),
                List.of("sh", "-c", "printf x > \"$F/$(printf 'caf\\351')\"; printf y > \"$F/$(printf 'caf\\352')\""));
        Reports.Ran ran = Reports.run(NOW, soak.dir().root(), "--type", "archive");
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertTrue(
                ran.out().contains("Left out: cp-data/pipe: a pipe, a socket or a device holds no evidence\n"),
                ran.out());
        assertTrue(
                ran.out().contains("cp-data/out is a link out of the folder, to " + scratch.resolve("elsewhere")),
                ran.out());
        Path unpacked = unpacked().resolve("cp-data");
        assertEquals("x", Files.readString(unpacked.resolve("caf%E9")));
        assertEquals("y", Files.readString(unpacked.resolve("caf%EA")));
        assertEquals("named at length", Files.readString(unpacked.resolve("two\nlines " + "x".repeat(220))));
        assertEquals("kept", Files.readString(unpacked.resolve("000012.sst")));
    }

    @Test
    void a_pipe_in_the_place_of_a_rounds_file_is_evidence_that_is_missing() throws Exception {
        SoakFixture soak = soak();
        soak.write();
        Path file = soak.dir().rounds().resolve("2026-10-01/round-000000/recovery.txt");
        Files.deleteIfExists(file);
        Fork.run("mkfifo", file.toString());
        Reports.Ran ran = Reports.run(NOW, soak.dir().root(), "--type", "archive");
        assertEquals(Exit.BAD, ran.exit(), ran.err());
        assertTrue(
                ran.out()
                        .contains(
                                "Evidence left out: rounds/2026-10-01/round-000000/recovery.txt: a pipe, a socket or a"
                                        + " device is in the place of a file of evidence\n"),
                ran.out());
    }
}
