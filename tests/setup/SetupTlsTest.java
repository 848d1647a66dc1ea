import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with TLS and headers is said by setup before the first byte is written. */
class SetupTlsTest {
    @TempDir
    Path folder;

    private void refused(String told, String... options) throws Exception {
        try (Setups soak = new Setups(folder, "soak")) {
            Fork.Result result = soak.run(options);
            assertEquals(Exit.USAGE, result.exit(), result.err());
            assertTrue(result.err().contains(told), result.err());
            assertFalse(Files.exists(soak.dir.root()), "nothing is written");
        }
    }

    @Test
    void files_that_cannot_be_used_and_keys_without_https_are_refused_before_the_first_write() throws Exception {
        Pki pki = new Pki(folder, "ca");
        Pki.Identity client = pki.issue("client");
        String listen = "https://127.0.0.1:" + Ports.free();
        refused(
                "CP_TLS_CA /no/such.pem: it cannot be read",
                "--attach",
                "--metrics-listen",
                "127.0.0.1:8",
                "--listen",
                listen,
                "--set",
                "CP_TLS_CA=/no/such.pem");
        refused(
                "is not the key of the first certificate",
                "--attach",
                "--metrics-listen",
                "127.0.0.1:8",
                "--listen",
                listen,
                "--set",
                "CP_TLS_CERT=" + client.cert(),
                "--set",
                "CP_TLS_KEY=" + pki.issue("other").keyFile());
        refused(
                "line 1 is not a header",
                "--attach",
                "--metrics-listen",
                "127.0.0.1:8",
                "--listen",
                listen,
                "--set",
                "CP_HEADERS_FILE=" + pki.write("headers", "Bearer tok-1234567890\n"));
        refused(
                "write https://, as in --listen https://127.0.0.1:7",
                "--attach",
                "--metrics-listen",
                "127.0.0.1:8",
                "--listen",
                "127.0.0.1:7",
                "--set",
                "CP_TLS_CA=" + pki.ca);
    }
}
