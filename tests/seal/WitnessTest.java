import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Json;
import base.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import soak.RoundFiles;

/** HEAD_COMMAND and TSA_URL, held against a real command and against openssl as the authority. */
@Tag("slow")
class WitnessTest extends AttachedSoak {
    /** The present one: openssl stamps by the clock of this machine. */
    private static final LocalDate DATE = LocalDate.now(ZoneOffset.UTC);

    private static final String NOW = DATE + "T03:00:00Z";
    private static final String STAMP = "seals/" + DATE + ".tsr";
    private static final String TOLD = "seals/" + DATE + ".head";

    @BeforeEach
    void start() throws IOException {
        beginOn(DATE);
    }

    private void beginOn(LocalDate date) throws IOException {
        rig.with("SOAK_STARTED_AT", date + "T00:00:00Z")
                .setNow(date.atStartOfDay().toInstant(ZoneOffset.UTC));
    }

    private Path soak(String name) {
        return rig.dir.root().resolve(name);
    }

    private static String head(RoundRig.Round round) throws IOException {
        return RoundFiles.id(round.folder()) + " " + Sha256.of(round.folder().resolve("round-summary.json"));
    }

    private Reports.Ran verify(String... more) {
        return Reports.run(NOW, rig.dir.root(), Fork.words(List.of("--type", "verify"), more));
    }

    private static List<String> warnings(RoundRig.Round round) {
        return round.err()
                .lines()
                .filter(line -> line.startsWith("round: warning: "))
                .toList();
    }

    @Test
    void a_command_is_told_one_head_a_date() throws Exception {
        Path box = scratch.resolve("box");
        rig.with("HEAD_COMMAND", "cat >> '" + box + "'");
        RoundRig.Round first = rig.round();
        rig.round();
        assertEquals(head(first) + "\n", Files.readString(box));
        rig.setNow(Instant.parse(DATE.plusDays(1) + "T00:00:00Z"));
        RoundRig.Round next = rig.round();
        assertEquals(List.of(head(first), head(next)), Files.readAllLines(box));
        assertEquals(head(first) + "\n", Files.readString(soak(TOLD)));
        assertEquals(List.of(), warnings(first));
        assertTrue(verify("--heads", box.toString()).out().startsWith("rounds anchored: 3, "));
    }

    @Test
    void a_command_that_fails_is_a_warning_and_the_next_round_runs_it_again() throws Exception {
        rig.with("HEAD_COMMAND", "echo the token=Zq81-hunter-22 is refused; exit 3");
        RoundRig.Round first = rig.round();
        assertEquals(0, first.exit());
        assertEquals(
                List.of("round: warning: HEAD_COMMAND exited with 3; the next round of this date runs it again; it"
                        + " said: the token=[HEAD_COMMAND of config.env] is refused"),
                warnings(first));
        assertFalse(Files.exists(soak(TOLD)));
        rig.with("HEAD_COMMAND", "cat > /dev/null");
        RoundRig.Round second = rig.round();
        assertEquals(head(second) + "\n", Files.readString(soak(TOLD)));
    }

    @Test
    void what_a_command_was_told_finds_seals_that_were_made_anew() throws Exception {
        rig.with("HEAD_COMMAND", "cat > /dev/null");
        List<RoundRig.Round> rounds = rig.rounds(3);
        assertEquals(0, verify().exit());
        Forger.rebuild(rounds, 0);
        Reports.Ran ran = verify();
        assertEquals(10, ran.exit());
        assertTrue(
                ran.out().startsWith("altered: rounds/" + DATE + "/round-000000/round-summary.json: has the head "),
                ran.out());
        assertTrue(ran.out().contains(" as " + TOLD + " says: "), ran.out());
        Files.writeString(soak(TOLD), "nothing\n");
        assertTrue(verify().out().contains("altered: " + TOLD + ": holds no head\n"));
    }

    @Test
    void openssl_stamps_and_checks_what_a_round_asked_for() throws Exception {
        try (OpensslTsa tsa = new OpensslTsa(scratch.resolve("tsa"))) {
            rig.with("TSA_URL", tsa.url());
            List<RoundRig.Round> rounds = rig.rounds(2);
            assertEquals(1, tsa.asked.get(), "once a date");
            assertEquals(List.of(), warnings(rounds.get(0)));
            String checked = OpensslTsa.openssl(
                    "ts",
                    "-verify",
                    "-data",
                    rounds.get(0).folder().resolve("round-summary.json").toString(),
                    "-in",
                    soak(STAMP).toString(),
                    "-CAfile",
                    tsa.ca().toString());
            assertTrue(checked.contains("Verification: OK"), checked);

            Reports.Ran unknown = verify();
            assertEquals(0, unknown.exit(), unknown.out());
            assertTrue(unknown.out().startsWith("rounds sealed: 2, "), unknown.out());
            assertTrue(unknown.out().contains("not checked: who signed " + STAMP + " as "), unknown.out());
            Reports.Ran known = verify("--tsa-ca", tsa.ca().toString());
            assertEquals(0, known.exit(), known.out());
            assertTrue(known.out().startsWith("rounds anchored: 1, " + DATE + "/round-000000\n"), known.out());
            assertTrue(known.out().contains("CN=A TSA"), known.out());
            assertFalse(known.out().contains("not checked: no head"), known.out());
            assertTrue(Json.parse(verify("--tsa-ca", tsa.ca().toString(), "--format", "json")
                            .out())
                    .at("/time_stamps/0/trusted")
                    .asBoolean());

            Forger.rebuild(rounds, 0);
            Reports.Ran forged = verify();
            assertEquals(10, forged.exit());
            assertTrue(forged.out().startsWith("altered: " + STAMP + ": stamps the head "), forged.out());
        }
    }

    @Test
    void a_stamp_that_openssl_made_by_itself_is_verified_and_another_ca_vouches_for_nothing() throws Exception {
        RoundRig.Round round = rig.round();
        try (OpensslTsa tsa = new OpensslTsa(scratch.resolve("tsa"));
                OpensslTsa other = new OpensslTsa(scratch.resolve("other"))) {
            Files.createDirectories(rig.dir.seals());
            byte[] stamp = tsa.stamp(round.folder().resolve("round-summary.json"));
            Files.write(soak(STAMP), stamp);
            assertTrue(verify("--tsa-ca", tsa.ca().toString()).out().startsWith("rounds anchored: 1, "));
            Reports.Ran report = Reports.run(
                    NOW, rig.dir.root(), "--type", "final", "--tsa-ca", tsa.ca().toString());
            assertTrue(report.out().contains("\nRounds by their seals: 1 anchored ("), report.out());
            Reports.Ran stranger = verify("--tsa-ca", other.ca().toString());
            assertEquals(0, stranger.exit(), stranger.out());
            assertTrue(stranger.out().startsWith("rounds sealed: 1, "), stranger.out());
            assertTrue(stranger.out().contains("not checked: who signed " + STAMP), stranger.out());
            assertTrue(stranger.out().contains("; no CA in --tsa-ca issued its certificate; "), stranger.out());

            stamp[stamp.length - 1] ^= 1; // in the signature
            Files.write(soak(STAMP), stamp);
            Reports.Ran edited = verify("--tsa-ca", tsa.ca().toString());
            assertEquals(10, edited.exit());
            assertTrue(
                    edited.out().startsWith("altered: " + STAMP + ": has a signature that does not hold"),
                    edited.out());
            for (byte[] broken : List.of(java.util.Arrays.copyOf(stamp, stamp.length / 2), new byte[] {0x30, 0x05})) {
                Files.write(soak(STAMP), broken);
                String told = verify().out();
                assertTrue(told.startsWith("altered: " + STAMP + ": is no time stamp that can be read ("), told);
                assertFalse(told.contains("java."), "no class of Java is named: " + told);
            }
            Files.writeString(soak(STAMP), "no stamp");
            String told = verify().out();
            assertTrue(told.startsWith("altered: " + STAMP + ": is no time stamp that can be read"), told);
        }
    }

    @Test
    void a_stamp_by_a_curve_or_a_padding_that_java_does_not_know_is_verified() throws Exception {
        RoundRig.Round round = rig.round();
        Path summary = round.folder().resolve("round-summary.json");
        Files.createDirectories(rig.dir.seals());
        try (OpensslTsa curve = new OpensslTsa(scratch.resolve("curve"), "ec", "ec_paramgen_curve:brainpoolP256r1");
                OpensslTsa padding = new OpensslTsa(scratch.resolve("padding"), "rsa", "rsa_keygen_bits:2048")) {
            Files.write(soak(STAMP), curve.stamp(summary));
            assertTrue(verify("--tsa-ca", curve.ca().toString()).out().startsWith("rounds anchored: 1, "));
            Files.write(soak(STAMP), padding.stampByPss(summary));
            assertTrue(verify("--tsa-ca", padding.ca().toString()).out().startsWith("rounds anchored: 1, "));

            padding.certified("A TSA", "-md5");
            Files.write(soak(STAMP), padding.stamp(summary));
            String told = verify("--tsa-ca", padding.ca().toString()).out();
            assertTrue(told.startsWith("rounds sealed: 1, "), "a collision of MD5 makes such a certificate: " + told);
        }
    }

    @Test
    void the_name_of_an_authority_begins_no_line() throws Exception {
        RoundRig.Round round = rig.round();
        Files.createDirectories(rig.dir.seals());
        try (OpensslTsa tsa = new OpensslTsa(scratch.resolve("tsa"))) {
            tsa.calls("A\nEverything fits.");
            Files.write(soak(STAMP), tsa.stamp(round.folder().resolve("round-summary.json")));
            String told = verify().out();
            assertTrue(
                    told.contains("not checked: who signed " + STAMP + " as O=Somebody Else,CN=A Everything fits.: "),
                    told);
        }
    }

    @Test
    void a_told_head_that_is_none_is_named_however_long_it_is() throws Exception {
        rig.round();
        Files.createDirectories(rig.dir.seals());
        Path head = rig.dir.seals().resolve(DATE + ".head");
        try (RandomAccessFile file = new RandomAccessFile(head.toFile(), "rw")) {
            for (long length : List.of(0L, 2000L, 65L << 20)) {
                file.setLength(length);
                Reports.Ran ran = verify();
                assertEquals(10, ran.exit(), ran.err());
                assertTrue(ran.out().startsWith("altered: seals/" + DATE + ".head: holds no head\n"), ran.out());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-3, sealed, ', more than a day after the date of its round, which began at '",
        "2, anchored, ', more than a day before its round began, at '"
    })
    void a_stamp_of_another_time_is_told_with_both_times_and_a_late_one_anchors_nothing(
            int days, String counted, String what) throws Exception {
        beginOn(DATE.plusDays(days));
        RoundRig.Round round = rig.round();
        try (OpensslTsa tsa = new OpensslTsa(scratch.resolve("tsa"))) {
            Files.createDirectories(rig.dir.seals());
            Files.write(soak(STAMP), tsa.stamp(round.folder().resolve("round-summary.json")));
            Reports.Ran ran = verify("--tsa-ca", tsa.ca().toString());
            assertEquals(0, ran.exit(), ran.out());
            assertTrue(ran.out().startsWith("unchecked: " + STAMP + ": was made at "), ran.out());
            assertTrue(ran.out().contains(what + DATE.plusDays(days) + "T00:00:00Z"), ran.out());
            assertTrue(ran.out().contains("\nrounds " + counted + ": 1, "), ran.out());
        }
    }

    @ParameterizedTest
    @EnumSource(value = OpensslTsa.Mood.class, mode = EnumSource.Mode.EXCLUDE, names = "STAMPS")
    void an_authority_that_does_not_stamp_is_a_warning_and_is_asked_again(OpensslTsa.Mood mood) throws Exception {
        try (OpensslTsa tsa = new OpensslTsa(scratch.resolve("tsa"))) {
            rig.with("TSA_URL", tsa.url());
            tsa.mood = mood;
            RoundRig.Round first = rig.round();
            assertEquals(0, first.exit());
            assertEquals(1, warnings(first).size(), first.err());
            assertTrue(
                    warnings(first).get(0).startsWith("round: warning: TSA_URL gave no time stamp: it"), first.err());
            assertTrue(warnings(first).get(0).endsWith("; the next round of this date asks again"), first.err());
            assertFalse(Files.exists(soak(STAMP)));
            tsa.mood = OpensslTsa.Mood.STAMPS;
            RoundRig.Round second = rig.round();
            assertEquals(List.of(), warnings(second));
            assertTrue(
                    verify("--tsa-ca", tsa.ca().toString()).out().startsWith("rounds anchored: 2, "),
                    "by the second round's head");
        }
    }

    @ParameterizedTest
    @CsvSource({"tsa.example/x, it is not an http", "http://127.0.0.1:1/secret-path, no answer (connection refused)"})
    void an_authority_that_is_away_costs_a_warning_without_its_path(String url, String why) throws Exception {
        RoundRig.Round round = rig.with("TSA_URL", url).round();
        assertEquals(0, round.exit());
        assertTrue(warnings(round).get(0).contains(why), round.err());
        assertFalse(round.err().contains("secret-path"), round.err());
    }

    @Test
    void stamps_and_heads_are_in_the_archive_and_verified_from_it() throws Exception {
        try (OpensslTsa tsa = new OpensslTsa(scratch.resolve("tsa"))) {
            rig.with("TSA_URL", tsa.url(), "HEAD_COMMAND", "cat > /dev/null").rounds(2);
            Reports.run(NOW, rig.dir.root(), "--type", "final");
            Reports.Ran packed = Reports.run(NOW, rig.dir.root(), "--type", "archive");
            assertEquals(0, packed.exit(), packed.err());
            Reports.Ran ran = Reports.run(
                    NOW,
                    scratch.resolve("soak-val12-" + DATE + ".tar.gz"),
                    "--type",
                    "verify",
                    "--tsa-ca",
                    tsa.ca().toString());
            assertEquals(0, ran.exit(), ran.out() + ran.err());
            assertTrue(ran.out().startsWith("rounds anchored: 1, "), ran.out());
        }
    }

    @Test
    void a_file_without_a_certificate_is_refused_in_one_sentence() throws Exception {
        rig.round();
        Path none = Files.writeString(scratch.resolve("none.pem"), "no certificate\n");
        Reports.Ran ran = verify("--tsa-ca", none.toString());
        assertEquals(64, ran.exit());
        assertTrue(ran.err().startsWith("report: --tsa-ca "), ran.err());
        assertEquals(1, ran.err().lines().count(), ran.err());
    }
}
