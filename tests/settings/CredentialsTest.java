import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import probe.Credentials;
import settings.Config;
import soak.SoakDir;

/** What config.env names for TLS and headers: each thing that is wrong with it is one sentence, and holds no secret. */
class CredentialsTest {
    private static final String SECRET = "tok-5f2e9c41d07b";

    @TempDir
    Path folder;

    private Pki pki;

    @BeforeEach
    void authority() {
        pki = new Pki(folder, "ca");
    }

    private Config config(Object... keysAndValues) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i].toString(), keysAndValues[i + 1].toString());
        }
        return Config.of(new SoakDir(folder), values);
    }

    private void refused(String told, Object... keysAndValues) {
        Failure failure = assertThrows(Failure.class, () -> Credentials.of(config(keysAndValues)));
        assertEquals(Exit.USAGE, failure.exitCode());
        assertTrue(failure.getMessage().contains(told), failure.getMessage());
        assertFalse(failure.getMessage().contains(SECRET), failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count());
    }

    @Test
    void a_certificate_file_that_cannot_be_used_is_named_with_its_key() {
        refused(
                "CP_TLS_CA " + folder.resolve("gone.pem") + ": it cannot be read by",
                "CP_TLS_CA",
                folder.resolve("gone.pem"));
        refused("it is not a regular file", "CP_TLS_CA", folder);
        refused("it holds no certificate in PEM", "CP_TLS_CA", pki.write("empty.pem", ""));
        refused(
                "it holds no certificate in PEM",
                "CP_TLS_CA",
                pki.issue("client").keyFile());
        refused(
                "its certificate number 1 cannot be read",
                "CP_TLS_CA",
                pki.write("torn.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"));
    }

    @Test
    void a_key_that_cannot_be_used_or_belongs_to_another_certificate_is_named() throws Exception {
        Pki.Identity client = pki.issue("client");
        Pki.Identity other =
                pki.issue("other", "RSA", Instant.now(), Instant.now().plusSeconds(60));
        refused("CP_TLS_CERT is given without CP_TLS_KEY", "CP_TLS_CERT", client.cert());
        refused("CP_TLS_KEY is given without CP_TLS_CERT", "CP_TLS_KEY", client.keyFile());
        refused("it holds no private key", "CP_TLS_CERT", client.cert(), "CP_TLS_KEY", client.cert());
        refused(
                "is not the key of the first certificate in CP_TLS_CERT",
                "CP_TLS_CERT",
                client.cert(),
                "CP_TLS_KEY",
                other.keyFile());
        refused(
                "is not the key of the first certificate in CP_TLS_CERT",
                "CP_TLS_CERT",
                client.cert(),
                "CP_TLS_KEY",
                pki.issue("another").keyFile());
        refused(
                "it holds 2 private keys",
                "CP_TLS_CERT",
                client.cert(),
                "CP_TLS_KEY",
                pki.write("two.key", Files.readString(client.keyFile()) + Files.readString(other.keyFile())));
        refused(
                "its key cannot be used",
                "CP_TLS_CERT",
                client.cert(),
                "CP_TLS_KEY",
                pki.write("torn.key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\n"
                        + "Proc-Type: 4,ENCRYPTED\n"
                        + "DEK-Info: AES-256-CBC,00\n\n"
                        + "MIIB\n"
                        + "-----END RSA PRIVATE KEY-----\n"
            })
    void a_key_with_a_passphrase_is_refused_since_nobody_types_it_in_at_night(String key) {
        refused(
                "its key is protected by a passphrase",
                "CP_TLS_CERT",
                pki.issue("client").cert(),
                "CP_TLS_KEY",
                pki.write("encrypted.key", key));
    }

    @Test
    void a_chain_and_its_key_may_stand_in_one_file_and_a_relative_name_is_meant_within_the_soak() throws Exception {
        Pki.Identity client = pki.issue("client");
        pki.write(
                "both.pem",
                Files.readString(client.keyFile()) + "# and its certificate\n" + Files.readString(client.cert())
                        + Files.readString(pki.ca));
        Credentials.of(config("CP_TLS_CERT", "both.pem", "CP_TLS_KEY", "both.pem", "CP_TLS_CA", "ca.pem"));
    }

    @Test
    void a_file_of_headers_that_others_may_read_is_refused() throws Exception {
        Path headers = pki.write("headers", "Authorization: Bearer " + SECRET + "\n");
        Credentials.of(config("CP_HEADERS_FILE", headers));
        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwx------"}) {
            Files.setPosixFilePermissions(headers, PosixFilePermissions.fromString(mode));
            refused("chmod 600 " + headers, "CP_HEADERS_FILE", headers);
        }
        Files.setPosixFilePermissions(headers, PosixFilePermissions.fromString("r--------"));
        Credentials.of(config("CP_HEADERS_FILE", headers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SECRET,
                "Authorization",
                "Authorization:",
                ": " + SECRET,
                "Auth orization: " + SECRET,
                " Authorization: " + SECRET,
                "X-Token: " + SECRET + "\rX-Evil: 1",
                "X-Token: " + SECRET + "\u0000",
                "X-Token: " + SECRET + "ä",
                "Host: " + SECRET,
                "content-length: 5",
                "Transfer-Encoding: chunked",
                "Connection: keep-alive",
                "Accept-Encoding: gzip",
                "X-Autonomy-Operator: somebody"
            })
    void a_line_that_is_no_header_or_none_to_be_given_is_named_by_its_number(String line) {
        refused(
                "CP_HEADERS_FILE " + folder.resolve("headers") + " line 3",
                "CP_HEADERS_FILE",
                pki.write("headers", "# who we are\nX-Tenant: blue\n" + line + "\n"));
    }

    @Test
    void a_file_without_a_header_and_one_that_is_not_there_are_named() {
        refused("holds no header", "CP_HEADERS_FILE", pki.write("headers", "# nothing yet\n\n"));
        refused("cannot be read by", "CP_HEADERS_FILE", folder.resolve("gone"));
    }

    @Test
    void the_cli_gets_what_cp_cli_env_names_and_the_keys_of_config_env_go_before_it() {
        Path headers = pki.write("headers", "X-Tenant: blue\nAuthorization: Bearer " + SECRET + "\n");
        Pki.Identity client = pki.issue("client");
        Config standard = config(
                "CP_HEADERS_FILE",
                headers,
                "CP_TLS_CA",
                pki.ca,
                "CP_TLS_CERT",
                client.cert(),
                "CP_TLS_KEY",
                client.keyFile(),
                "AUTONOMY_TLS_CA",
                "/own/ca.pem");
        Map<String, String> environment = Credentials.of(standard).cliEnvironment(standard);
        assertEquals("/own/ca.pem", environment.get("AUTONOMY_TLS_CA"));
        assertEquals(
                List.of(client.cert().toString(), client.keyFile().toString(), headers.toString()),
                List.of(
                        environment.get("AUTONOMY_TLS_CERT"),
                        environment.get("AUTONOMY_TLS_KEY"),
                        environment.get("AUTONOMY_HEADERS_FILE")));
        assertFalse(environment.containsValue(SECRET), "only where it is asked for");

        Config other = config(
                "CP_HEADERS_FILE",
                headers,
                "CP_TLS_CA",
                pki.ca,
                "CP_CLI_ENV",
                "SSL_CERT_FILE=ca AUTONOMY_TOKEN=bearer TENANT=header:x-tenant NOT_SET=cert");
        Map<String, String> named = Credentials.of(other).cliEnvironment(other);
        assertEquals(
                List.of(pki.ca.toString(), SECRET, "blue"),
                List.of(named.get("SSL_CERT_FILE"), named.get("AUTONOMY_TOKEN"), named.get("TENANT")));
        assertFalse(named.containsKey("NOT_SET") || named.containsKey("AUTONOMY_TLS_CA"));
        assertThrows(Failure.class, () -> config("CP_CLI_ENV", "SSL_CERT_FILE"));
        assertThrows(Failure.class, () -> config("CP_CLI_ENV", "A=token"));
    }

    @Test
    void what_another_program_says_is_kept_without_the_values_it_was_told() {
        Credentials credentials = Credentials.of(config(
                "CP_HEADERS_FILE", pki.write("headers", "X-Tenant: blue\nAuthorization: Bearer " + SECRET + "\n")));
        assertEquals(
                "blue plan, [header of CP_HEADERS_FILE], [header of CP_HEADERS_FILE]",
                credentials.redacted("blue plan, Bearer " + SECRET + ", " + SECRET));
        byte[] raw = {(byte) 0xff, 0, 'a'};
        assertTrue(credentials.redacted(raw) == raw, "bytes without a secret stay as they are");
    }
}
