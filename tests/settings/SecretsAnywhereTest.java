import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import command.Cli;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A secret of config.env, looked for in everything that a soak writes and shows. */
@Tag("slow")
class SecretsAnywhereTest {
    private static final String TOKEN = "tok-b81f04ce77a2";

    @TempDir
    Path folder;

    @Test
    void
            no_evidence_report_page_export_archive_or_process_list_holds_a_header_value_or_a_key_though_everybody_repeats_it()
                    throws Exception {
        Path soak = Files.createDirectory(folder.resolve("soak"));
        StringWriter printed = new StringWriter();
        String key;
        PrintWriter print = new PrintWriter(printed, true);
        String echoed = "{\"error\": \"who is Bearer " + TOKEN + "?\"}";
        try (RoundRig rig = RoundRig.attached(soak);
                RawHttpServer echo = new RawHttpServer("127.0.0.1", 0, request -> {
                    assertEquals("Bearer " + TOKEN, request.headers().get("authorization"), request.path());
                    return request.path().equals("/v1/rollouts")
                                    && request.method().equals("GET")
                            ? RawHttpServer.Answer.of(200, "text/plain", "Bearer " + TOKEN)
                            : request.path().equals("/v1/rollouts/stuck")
                                    ? RawHttpServer.Answer.json(
                                            200,
                                            "{\"stuck_plans\":[{\"plan_id\":\"p\",\"stuck_reason\":\"" + TOKEN
                                                    + "\"}]}")
                                    : request.path().equals("/metrics")
                                            ? RawHttpServer.Answer.of(
                                                    200,
                                                    "text/plain",
                                                    "# Bearer " + TOKEN + "\ncp_http_requests_total 1\n")
                                            : RawHttpServer.Answer.json(200, echoed);
                })) {
            Path processes = folder.resolve("processes");
            Path cli = Files.writeString(
                    folder.resolve("cli"),
                    "#!/bin/sh\necho \"I am $AUTONOMY_TOKEN\"\ncat /proc/[0-9]*/cmdline > '" + processes
                            + "' 2> /dev/null\nexit 0\n");
            assertTrue(cli.toFile().setExecutable(true));
            Pki pki = new Pki(soak, "ca");
            Pki.Identity client = pki.issue("client");
            key = Files.readAllLines(client.keyFile()).get(1);
            rig.with(
                    "CP_URL",
                    "http://127.0.0.1:" + echo.port(),
                    "CP_METRICS_URL",
                    "http://127.0.0.1:" + echo.port() + "/metrics",
                    "PLANS_PER_ROUND",
                    "1",
                    "AUTONOMY_CLI",
                    cli.toString(),
                    "RECOVER_FOREIGN",
                    "yes",
                    "CP_CLI_ENV",
                    "AUTONOMY_TOKEN=bearer AUTONOMY_KEY=key",
                    "CP_TLS_CERT",
                    client.cert().toString(),
                    "CP_TLS_KEY",
                    client.keyFile().toString(),
                    "CP_HEADERS_FILE",
                    pki.write("headers", "Authorization: Bearer " + TOKEN + "\n")
                            .toString());
            RoundRig.Round round = rig.round();
            printed.append(round.out()).append(round.err());
            assertTrue(
                    round.text("recovery.txt").contains("I am [header of CP_HEADERS_FILE]"),
                    round.text("recovery.txt"));
            assertTrue(
                    Files.readString(processes, StandardCharsets.ISO_8859_1).contains(cli.toString()),
                    "the list shows what runs");
            assertTrue(round.text("stuck-scan.json").contains("[header of CP_HEADERS_FILE]"));
            reports(soak, print, "--type status --format text", "--type final --archive", "--export export");
        }
        List<String> holders = holders(TOKEN, key);
        assertEquals(List.of("soak/client.key", "soak/headers"), holders, "the user's own two files, and no other");
        assertTrue(!printed.toString().contains(TOKEN) && !printed.toString().contains(key), printed.toString());
    }

    @Test
    void a_token_of_config_env_stands_nowhere_else_though_cli_and_control_plane_repeat_it() throws Exception {
        Path soak = Files.createDirectory(folder.resolve("soak"));
        StringWriter printed = new StringWriter();
        PrintWriter print = new PrintWriter(printed, true);
        try (RoundRig rig = RoundRig.attached(soak);
                RawHttpServer echo = new RawHttpServer(
                        "127.0.0.1",
                        0,
                        request -> request.path().equals("/v1/rollouts/stuck")
                                ? RawHttpServer.Answer.json(
                                        200,
                                        "{\"stuck_plans\":[{\"plan_id\":\"p\",\"stuck_reason\":\"" + TOKEN + "\"}]}")
                                : RawHttpServer.Answer.json(500, "{\"error\": \"" + TOKEN + "\"}"))) {
            Path cli =
                    Files.writeString(folder.resolve("cli"), "#!/bin/sh\necho \"I am $AUTONOMY_API_TOKEN\"\nexit 1\n");
            assertTrue(cli.toFile().setExecutable(true));
            rig.with(
                    "CP_URL",
                    "http://127.0.0.1:" + echo.port(),
                    "CP_METRICS_URL",
                    "http://127.0.0.1:" + echo.port() + "/metrics",
                    "PLANS_PER_ROUND",
                    "1",
                    "AUTONOMY_CLI",
                    cli.toString(),
                    "RECOVER_FOREIGN",
                    "yes",
                    "AUTONOMY_API_TOKEN",
                    TOKEN,
                    "CP_COMMAND",
                    "serve --password pw-" + TOKEN);
            RoundRig.Round round = rig.round();
            printed.append(round.out()).append(round.err());
            assertTrue(
                    round.text("recovery.txt").contains("I am [AUTONOMY_API_TOKEN of config.env]"),
                    round.text("recovery.txt"));
            reports(
                    soak,
                    print,
                    "--type status --format text",
                    "--type final --archive",
                    "--export export",
                    "--compare soak");
        }
        List<String> holders = holders(TOKEN);
        assertEquals(List.of("soak/config.env"), holders);
        assertTrue(!printed.toString().contains(TOKEN), printed.toString());
    }

    /** Each report's options, blanks between them; names of folders are beside the soak. */
    private void reports(Path soak, PrintWriter print, String... reports) {
        for (String report : reports) {
            List<String> command = new ArrayList<>(List.of(soak.toString()));
            for (String word : report.split(" ")) {
                command.add(
                        word.equals("settings")
                                ? "SELECT key, value FROM raw_config"
                                : List.of("export", "soak").contains(word)
                                        ? folder.resolve(word).toString()
                                        : word);
            }
            Cli.run(new report(), print, print, command.toArray(String[]::new));
        }
    }

    /** @return the files below the folder that hold one of these texts; of packed ones, what is in them */
    private List<String> holders(String... texts) throws Exception {
        if (!Files.exists(folder.resolve("unpacked"))) {
            unpack();
        }
        List<String> holders = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String held = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (Stream.of(texts).anyMatch(held::contains)) {
                    holders.add(folder.relativize(file).toString());
                }
            }
        }
        Collections.sort(holders);
        return holders;
    }

    /** Archive, Parquet and compressed files would keep what they hold from a search. */
    private void unpack() throws Exception {
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        List<Path> packed;
        try (Stream<Path> all = Files.walk(folder)) {
            packed = all.filter(file -> file.toString().matches(".*\\.(gz|parquet)"))
                    .toList();
        }
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            for (Path file : packed) {
                Path to = unpacked.resolve(folder.relativize(file).toString().replace('/', ' ') + ".plain");
                if (file.toString().endsWith(".gz")) {
                    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                        Files.copy(in, to);
                    }
                } else {
                    statement.execute("COPY (FROM '" + file + "') TO '" + to + "' (FORMAT csv)");
                }
            }
        }
        List<String> found = holders("2026-10-01/round-000000");
        assertTrue(
                found.contains("unpacked/export rounds.parquet.plain")
                        && found.stream().anyMatch(file -> file.endsWith(".tar.gz.plain")),
                "what every one of them names is found in them: " + found);
    }

    @Test
    void a_secret_in_the_address_of_the_metrics_is_shown_and_recorded_by_nobody() throws Exception {
        Path soak = Files.createDirectory(folder.resolve("soak"));
        StringWriter printed = new StringWriter();
        PrintWriter print = new PrintWriter(printed, true);
        try (RoundRig rig = RoundRig.attached(soak);
                RawHttpServer metrics = new RawHttpServer(
                        "127.0.0.1",
                        0,
                        request -> RawHttpServer.Answer.of(
                                403, "text/plain", "no " + request.query("access_token", "") + " here"))) {
            rig.with(
                    "PLANS_PER_ROUND",
                    "1",
                    "CP_METRICS_URL",
                    "http://127.0.0.1:" + metrics.port() + "/metrics?access_token=" + TOKEN + "&x=1");
            RoundRig.Round round = rig.round();
            String told = round.summary().get("failures").get("v06_metrics").asText();
            assertTrue(
                    told.endsWith(
                            "/metrics?access_token=[CP_METRICS_URL of config.env]&x=1: HTTP 403: no [CP_METRICS_URL of"
                                    + " config.env] here"),
                    told);
            printed.append(round.out()).append(round.err()).append(rig.probe().out());
            reports(
                    soak,
                    print,
                    "--type status --format text",
                    "--type final --archive",
                    "--sql settings",
                    "--export export",
                    "--compare soak");
        }
        assertEquals(List.of("soak/config.env"), holders(TOKEN));
        assertTrue(
                printed.toString().contains("access_token=[masked]&x=1")
                        && !printed.toString().contains(TOKEN),
                printed.toString());
    }
}
