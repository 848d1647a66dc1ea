import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Failure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import settings.Config;
import settings.Secrets;
import soak.SoakDir;

/**
 * Header values and key material stand in nothing that a soak writes or prints, and in no process list, though control
 * plane and CLI repeat them.
 */
@Tag("slow")
class SecretsTest {
    private static final String TOKEN = "tok-b81f04ce77a2";

    @TempDir
    Path folder;

    private static Secrets of(String... pairs) {
        Map<String, String> values = new java.util.LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return Secrets.of(Config.of(new SoakDir(Path.of("/soak")), values));
    }

    @Test
    void keys_are_secret_by_their_names_and_what_speaks_of_a_secret_or_is_a_key_of_ours_is_not() {
        for (String key : List.of(
                "AUTONOMY_TOKEN",
                "TOKENS",
                "MYTOKEN",
                "CLIENT_SECRET",
                "DB_PASSWORD",
                "DB_PASSWD",
                "DB_PASS",
                "X_API_KEY",
                "APIKEY",
                "PRIVATE_KEY",
                "AWS_SECRET_ACCESS_KEY",
                "CREDENTIALS",
                "BASIC_AUTH",
                "OAUTH_ID",
                "AUTHORIZATION",
                "api_token",
                "COOKIE_SIGNING_KEY",
                "ENCRYPTION_KEY",
                "SSH_KEY",
                "SESSION_COOKIE",
                "DJANGO_SECRET_KEY")) {
            assertTrue(Secrets.isSecret(key), key);
            assertEquals("[masked]", of().shown(key, "x"), key);
        }
        for (String key : List.of(
                "CP_TLS_KEY",
                "CP_LIST_KEY",
                "CP_ID_KEY",
                "CP_HEADERS_FILE",
                "AUTONOMY_TOKEN_FILE",
                "API_KEY_TTL",
                "AUTONOMY_AUDIT_DIR",
                "AUTHOR",
                "AUTONOMY_OPERATOR",
                "AUTONOMY_RBAC_ENFORCEMENT",
                "COMPASS",
                "AUTH_MODE",
                "COOKIE_NAME",
                "SIGNING_KEY_FILE",
                "MONKEY",
                "SORT_KEY")) {
            assertTrue(!Secrets.isSecret(key), key);
        }
    }

    @Test
    void commands_and_addresses_show_all_but_their_secrets() {
        assertEquals(
                "serve --listen {listen} --api-token [masked] --token=[masked] --token-file /etc/t -p 80",
                of().shown(
                                "CP_COMMAND",
                                "serve --listen {listen} --api-token abc --token='a b' --token-file /etc/t -p 80"));
        assertEquals("DB_PASSWORD=[masked] exec serve", of().shown("CP_COMMAND", "DB_PASSWORD=x1 exec serve"));
        assertEquals("psql postgres://me:[masked]@db/x", of().shown("CP_COMMAND", "psql postgres://me:pw@db/x"));
        assertEquals("https://hc.example/[masked]", of().shown("PING_URL", "https://hc.example/0a1b-uuid"));
        assertEquals(
                "https://hooks.example/[masked]",
                of().shown("TEAM_WEBHOOK_URL", "https://hooks.example/services/T0/B1"));
        assertEquals(
                "curl -d @- https://hooks.example/[masked]",
                of().shown("ALERT_COMMAND", "curl -d @- https://hooks.example/services/T0/B1"));
        assertEquals(
                "curl -u bot:[masked] -H 'Authorization: Bearer [masked]' x",
                of().shown("CP_COMMAND", "curl -u bot:pw1 -H 'Authorization: Bearer abcdefgh1' x"));
        assertEquals(
                "sudo --user soak docker run --user 1000:1000 x",
                of().shown("CP_COMMAND", "sudo --user soak docker run --user 1000:1000 x"));
    }

    @Test
    void a_secret_that_might_be_any_word_or_figure_is_not_looked_for_and_ids_stay_as_they_are() {
        Secrets secrets = of(
                "SOAK_ID",
                "fleet-canary",
                "PLAN_ID_PREFIX",
                "fleet-canary",
                "A_TOKEN",
                "fleet-canary",
                "B_TOKEN",
                "short",
                "C_TOKEN",
                "1790812800",
                "D_AUTH",
                "disabled",
                "E_TOKEN",
                "/etc/soak/token",
                "F_TOKEN",
                "gr-ü-n-\"1\"");
        String text = "fleet-canary-1790812800-01 short disabled /etc/soak/token";
        assertEquals(text, secrets.masked(text).text());
        assertEquals(
                "x [F_TOKEN of config.env] {\"a\": \"[F_TOKEN of config.env]\"}",
                secrets.masked("x gr-ü-n-\"1\" {\"a\": \"gr-ü-n-\\\"1\\\"\"}").text());
        assertEquals(
                "recovery ok, token: expired, tokens 12345678, plan fleet-1-01",
                secrets.scanned("recovery ok, token: expired, tokens 12345678, plan fleet-1-01", true)
                        .text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "tok-4f7Jd/93kq+xx== tok-4f7Jd\\/93kq+xx==",
                "tok-4f7Jd/93kq+xx== tok-4f7Jd/93kq+xx\\u003d\\u003d",
                "tok-4f7Jd/93kq+xx== tok-4f7Jd/93kq\\u002Bxx==",
                "tok-4f7Jd/93kq+xx== tok-4f7Jd%2F93kq%2Bxx%3D%3D",
                "tok-4f7Jd/93kq+xx== tok-4f7Jd%2f93kq%2bxx%3d%3d",
                "p&ss<word>11 p\\u0026ss\\u003cword\\u003e11",
                "p&ss<word>11 p&amp;ss&lt;word&gt;11",
                "it's-a-secret it\\u0027s-a-secret",
                "it's-a-secret it&#39;s-a-secret",
                "pässwörd-11 p\\u00e4ssw\\u00f6rd-11",
                "pässwörd-11 p\\u00E4ssw\\u00F6rd-11",
                "pässwörd/11 p\\u00e4ssw\\u00f6rd\\/11",
                "pw-😀-1234 pw-\\ud83d\\ude00-1234",
                "pw-😀-1234 pw-%F0%9F%98%80-1234",
                "p\"ss\\word p\\\"ss\\\\word",
                "p\"ss\\word p\\\\\\\"ss\\\\\\\\word",
                "p\"ss\\word p\\u0022ss\\\\word"
            })
    void however_a_program_writes_a_secret_it_is_found(String secret, String written) {
        assertEquals(
                "a [A_TOKEN of config.env] b",
                of("A_TOKEN", secret).masked("a " + written + " b").text());
        byte[] raw = ("ä " + written).getBytes(StandardCharsets.UTF_8);
        assertEquals(
                "ä [A_TOKEN of config.env]",
                new String(of("A_TOKEN", secret + " ").masked(raw), StandardCharsets.UTF_8));
    }

    @Test
    void a_refusal_of_a_setting_does_not_tell_the_password_or_token_in_it() throws Exception {
        Failure failure = org.junit.jupiter.api.Assertions.assertThrows(
                Failure.class, () -> of("CP_URL", "http://admin:hunter2@127.0.0.1:1"));
        assertTrue(
                failure.getMessage().contains("CP_URL=http://admin:[masked]@127.0.0.1:1 must be")
                        && failure.getMessage().endsWith("user, password and tokens belong in CP_HEADERS_FILE"),
                failure.getMessage());
        Setups setup = new Setups(folder, "refused");
        String plan = Files.writeString(folder.resolve("plan.json"), ForeignControlPlane.TEMPLATE)
                .toString();
        for (List<String> options : List.of(
                List.of("--set", "CP_URL=http://127.0.0.1:1/?token=" + TOKEN),
                List.of("--listen", "http://admin:" + TOKEN + "@127.0.0.1:1"),
                List.of("--listen", setup.listen, "--set", "AUTONOMY TOKEN=" + TOKEN),
                List.of("--listen", setup.listen, "--cli", "/no/cli --token " + TOKEN),
                List.of("--listen", setup.listen, "--set", "CP_CLI_ENV=TOKEN=" + TOKEN))) {
            List<String> all = new ArrayList<>(List.of(
                    "--metrics-listen", setup.metricsListen, "--cp-command", "/bin/true", "--plan-template", plan));
            all.addAll(options);
            Fork.Result ran = setup.run(all.toArray(String[]::new));
            assertEquals(base.Exit.USAGE, ran.exit(), ran.err());
            assertTrue(!ran.err().contains(TOKEN) && ran.err().contains("[masked]"), ran.err());
        }
    }

    /** Each would need more stack than there is, or hours, where a pattern tries all ways to part it. */
    @Test
    void a_long_text_of_any_shape_is_looked_through() {
        for (String text : List.of(
                "x -" + "a-".repeat(100_000),
                "a.b+".repeat(100_000),
                "x -" + "de-ad-be-ef-".repeat(30_000),
                "eyJaaaaaaa-".repeat(20_000),
                "token:-".repeat(50_000),
                "token" + " ".repeat(300_000),
                "-ua".repeat(60_000))) {
            assertEquals(text, of("A_TOKEN", TOKEN).scanned(text, true).text());
        }
        assertEquals(
                5_000,
                of().scanned("-----BEGIN PRIVATE KEY-----\n".repeat(5_000), true)
                        .places());
        assertEquals(
                "[masked]",
                of().scanned("-----BEGIN PRIVATE KEY-----" + ("\n".repeat(39) + "A".repeat(20)).repeat(199), true)
                        .text());
        assertEquals(
                "[masked]",
                of().scanned(
                                "-----BEGIN RSA PRIVATE KEY-----\n"
                                        + "Proc-Type: 4,ENCRYPTED\n"
                                        + "DEK-Info: AES-128-CBC,00FF\n\n"
                                        + "MIIEvgIBADANBgkq\n"
                                        + "-----END RSA PRIVATE KEY-----",
                                true)
                        .text());
    }

    @Test
    void a_private_key_that_was_cut_takes_nothing_with_it_that_is_no_key() {
        String cut = "a\n"
                + "  -----BEGIN RSA PRIVATE KEY-----\n"
                + "  MIIEvgIBADANBgkqhkiG9w0BAQ\n"
                + "  AASCBKgwggSkAgEAAoIBAQC7VJTUt\n"
                + "soak-1790812800-2 exit=0 ms=7\n";
        assertEquals(
                "a\n  [masked]\nsoak-1790812800-2 exit=0 ms=7\n",
                of().scanned(cut, true).text());
        assertEquals(
                "{\"key\": \"[masked]\"}",
                of().scanned(
                                "{\"key\": \"-----BEGIN PRIVATE KEY-----\\n"
                                        + "MIIEvgIBADANBgkqhkiG9w0BAQ\\n"
                                        + "-----END PRIVATE KEY-----\"}",
                                false)
                        .text());
    }

    @Test
    void a_line_of_config_env_that_cannot_be_read_is_told_without_its_secret() {
        Failure failure = org.junit.jupiter.api.Assertions.assertThrows(
                Failure.class, () -> Config.parse(new SoakDir(Path.of("/soak")), "A_TOKEN=it's $HOME\n"));
        assertTrue(
                failure.getMessage().endsWith("): A_TOKEN=[masked]")
                        && !failure.getMessage().contains("HOME"),
                failure.getMessage());
    }
}
