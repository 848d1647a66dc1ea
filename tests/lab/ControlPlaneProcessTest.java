import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Failure;
import base.Sqlite;
import base.Time;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lab.controlplane.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class ControlPlaneProcessTest {
    private static final Pattern START_LINE = Pattern.compile(
            "serving the API on 127\\.0\\.0\\.1:(\\d+), metrics on 127\\.0\\.0\\.1:(\\d+), data dir (.+), audit dir"
                    + " (.+), (\\d+) plans, pid (\\d+)");
    private static final long LIMIT_SECONDS = 60;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Path dataDir() {
        return folder.resolve("soak dir \u00fc #1/cp-data");
    }

    private Path log() {
        return folder.resolve("cp.log");
    }

    /** A control plane in a process of its own, and what its start line said. */
    private record Running(Process process, int port, int metricsPort, String dataDir, long plans) {
        ControlPlanes.Client client() {
            return new ControlPlanes.Client(port);
        }

        int awaitExit() throws InterruptedException {
            assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it did not end");
            return process.exitValue();
        }
    }

    private static String[] serveArgs(String listen, String metricsListen, Path dataDir) {
        return new String[] {
            "serve", "--listen", listen, "--metrics-listen", metricsListen, "--data-dir", dataDir.toString()
        };
    }

    private Running serve() throws Exception {
        return serve(dataDir());
    }

    private Running serve(Path dataDir) throws Exception {
        Files.deleteIfExists(log());
        List<String> command = new ArrayList<>();
        // A signal that this run of the tests ignores (INT, started by nohup or with & of a script) would be ignored
        // there as well.
        if (new ProcessBuilder("env", "--default-signal=INT", "true")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0) {
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(Fork.java("controlplane", serveArgs("127.0.0.1:0", "127.0.0.1:0", dataDir)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
        builder.environment().remove("AUTONOMY_AUDIT_DIR");
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        started.add(process);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() < deadline) {
            Matcher line = START_LINE.matcher(Files.readString(log()));
            if (line.find()) {
                return new Running(
                        process,
                        Integer.parseInt(line.group(1)),
                        Integer.parseInt(line.group(2)),
                        line.group(3),
                        Long.parseLong(line.group(5)));
            }
            if (!process.isAlive()) {
                throw new AssertionError("it ended at once: " + Files.readString(log()));
            }
            Thread.sleep(10);
        }
        throw new AssertionError("it never said that it serves: " + Files.readString(log()));
    }

    private String integrity() throws Exception {
        try (Connection connection = Sqlite.open(dataDir().resolve("controlplane.db"), true, Duration.ofSeconds(5));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
            return row.getString(1);
        }
    }

    @Test
    void a_kill_in_the_midst_of_creates_loses_no_plan_that_was_acknowledged() throws Exception {
        Random random = new Random(12);
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        Queue<String> attempted = new ConcurrentLinkedQueue<>();
        for (int life = 0; life < 3; life++) {
            Running running = serve();
            assertTrue(running.plans() >= acknowledged.size());
            CountDownLatch enough = new CountDownLatch(40 + random.nextInt(60));
            List<Thread> clients = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                String prefix = "p-" + life + "-" + c + "-";
                ControlPlanes.Client client = running.client();
                Thread thread = new Thread(() -> {
                    try {
                        for (int i = 0; ; i++) {
                            attempted.add(prefix + i);
                            if (client.create(prefix + i).code() == 201) {
                                acknowledged.add(prefix + i);
                                enough.countDown();
                            }
                        }
                    } catch (UncheckedIOException killed) {
                        // the server is gone, as intended
                    }
                });
                thread.start();
                clients.add(thread);
            }
            assertTrue(enough.await(LIMIT_SECONDS, TimeUnit.SECONDS));
            running.process().destroyForcibly();
            running.awaitExit();
            for (Thread thread : clients) {
                thread.join();
            }
        }
        Running last = serve();
        List<String> listed = last.client().listAll(100);
        assertEquals(listed.size(), new HashSet<>(listed).size(), "each once");
        assertTrue(new HashSet<>(listed).containsAll(acknowledged), "an acknowledged plan is gone");
        assertTrue(attempted.containsAll(listed), "a plan that nobody made");
        assertTrue(acknowledged.size() >= 120);
        assertEquals("ok", integrity());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void a_signal_ends_it_with_0_and_leaves_a_database_without_a_wal(String signal) throws Exception {
        Running running = serve();
        assertEquals(dataDir().toString(), running.dataDir());
        assertEquals(201, running.client().create("p-1").code());
        assertEquals(
                0,
                new ProcessBuilder(
                                "kill",
                                "-" + signal,
                                Long.toString(running.process().pid()))
                        .start()
                        .waitFor());
        assertEquals(0, running.awaitExit(), () -> read(log()));
        try (var files = Files.list(dataDir())) {
            assertEquals(
                    List.of("controlplane.db", "controlplane.lock"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        assertTrue(
                Files.exists(dataDir().resolveSibling("audit-store")),
                "the audit trail stands beside the data dir unless told otherwise");
        assertEquals(
                2,
                Files.readAllLines(log()).size(),
                () -> "a start line and an end line, nothing else: " + read(log()));
        assertEquals(List.of("p-1"), serve().client().listAll(10));
    }

    @Test
    void a_request_that_is_being_answered_when_the_signal_comes_is_answered_and_a_new_one_is_refused()
            throws Exception {
        Running running = serve();
        try (Connection other = Sqlite.open(dataDir().resolve("controlplane.db"), false, Duration.ofSeconds(5));
                Socket slow = new Socket("127.0.0.1", running.port())) {
            Sqlite.execute(other, "BEGIN IMMEDIATE"); // the create will wait for this
            String body = "{\"plan_id\":\"p-1\",\"artifact_ref\":\"a\"}";
            slow.getOutputStream()
                    .write(("POST /v1/rollouts HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                    + body)
                            .getBytes(StandardCharsets.US_ASCII));
            assertEquals(
                    200,
                    running.client().get("/v1/health").code(),
                    "accepted after the create, so that one is under way");
            running.process().destroy();
            while (running.client().get("/v1/health").code() == 200) {
                Thread.sleep(5);
            }
            assertEquals(503, running.client().create("p-2").code());
            Sqlite.execute(other, "ROLLBACK");
            assertEquals(
                    "HTTP/1.1 201 Created",
                    new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine());
        }
        assertEquals(0, running.awaitExit(), () -> read(log()));
        assertEquals(List.of("p-1"), serve().client().listAll(10));
    }

    @Test
    void a_second_one_on_the_same_data_dir_is_told_why_it_cannot_start() throws Exception {
        Running running = serve();
        Fork.Result second = Fork.run(
                Map.of("LC_ALL", "C.UTF-8"),
                Fork.java("controlplane", serveArgs("127.0.0.1:0", "127.0.0.1:0", dataDir())));
        assertEquals(Exit.FAILED, second.exit());
        assertEquals(
                "controlplane serve: another control plane uses the data dir " + dataDir()
                        + ": stop it first, or give another --data-dir\n",
                second.err());
        assertEquals(201, running.client().create("p-1").code(), "the first one goes on");
        running.process().destroyForcibly();
        running.awaitExit();
        assertEquals(1, serve().plans(), "a killed one leaves no lock");
    }

    @Test
    void a_second_one_in_the_same_jvm_is_refused_and_takes_nothing_from_the_first() throws Exception {
        Server.Settings settings = ControlPlanes.settings(folder, Time.system(), new StringWriter());
        try (Server first = new Server(settings).start()) {
            assertTrue(assertThrows(Failure.class, () -> new Server(settings).start())
                    .getMessage()
                    .contains("another control plane uses the data dir"));
            Fork.Result other =
                    Fork.run(Fork.java("controlplane", serveArgs("127.0.0.1:0", "127.0.0.1:0", settings.dataDir())));
            assertEquals(Exit.FAILED, other.exit(), "the first one's lock still holds");
            assertEquals(
                    201, new ControlPlanes.Client(first.port()).create("p-1").code());
        }
    }

    @ParameterizedTest
    @CsvSource({"--listen", "--metrics-listen"})
    void a_port_that_is_taken_is_named_with_its_option(String option) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            String[] args = option.equals("--listen")
                    ? serveArgs(address, "127.0.0.1:0", dataDir())
                    : serveArgs("127.0.0.1:0", address, dataDir());
            Fork.Result result = Fork.run(Map.of("LC_ALL", "C.UTF-8"), Fork.java("controlplane", args));
            assertEquals(Exit.FAILED, result.exit());
            assertTrue(
                    result.err().startsWith("controlplane serve: cannot listen on " + address)
                            && result.err().strip().endsWith("give another " + option),
                    result.err());
            assertEquals(1, result.err().lines().count(), result.err());
        }
        serve(); // and the failed one left nothing behind
    }

    @ParameterizedTest
    @ValueSource(strings = {"19000", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:x"})
    void a_broken_address_is_a_usage_error(String address) {
        Fork.Result result =
                Fork.run(Fork.java("controlplane", serveArgs(address, "127.0.0.1:0", folder.resolve("d"))));
        assertEquals(Exit.USAGE, result.exit());
        assertTrue(result.err().contains("--listen must be HOST:PORT, not " + address), result.err());
    }

    @Test
    void a_data_dir_that_is_a_file_is_a_usage_error() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        Fork.Result result = Fork.run(Fork.java("controlplane", serveArgs("127.0.0.1:0", "127.0.0.1:0", file)));
        assertEquals(Exit.USAGE, result.exit());
        assertTrue(result.err().contains("is a file"), result.err());
    }

    @Test
    void a_file_that_is_no_database_is_named_and_left_as_it_is() throws Exception {
        Path file = Files.createDirectories(folder.resolve("d")).resolve("controlplane.db");
        Files.writeString(file, "this is not a database, and long enough to tell ".repeat(10));
        Fork.Result result =
                Fork.run(Fork.java("controlplane", serveArgs("127.0.0.1:0", "127.0.0.1:0", folder.resolve("d"))));
        assertEquals(Exit.FAILED, result.exit());
        assertTrue(result.err().contains("the database " + file + " is damaged"), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(Files.readString(file).startsWith("this is not a database"));
    }

    @Test
    void damage_that_shows_while_it_runs_ends_it_with_a_clear_line() throws Exception {
        Running running = serve();
        ControlPlanes.Client client = running.client();
        for (int i = 0; i < 60; i++) {
            client.create("p-" + i, ",\"padding\":\"" + "x".repeat(3000) + "\"");
        }
        running.process().destroy();
        running.awaitExit();
        Path file = dataDir().resolve("controlplane.db");
        byte[] database = Files.readAllBytes(file);
        int page = 4096;
        byte[] noise = new byte[page];
        new Random(7).nextBytes(noise);
        for (int at = 8 * page; at + page <= database.length; at += page) {
            System.arraycopy(noise, 0, database, at, page);
        }
        Files.write(file, database);
        Running damaged = serve();
        try {
            assertEquals(500, damaged.client().get("/v1/rollouts?limit=1000").code());
        } catch (UncheckedIOException alreadyGone) {
            // it may end before the answer is out
        }
        assertEquals(Exit.FAILED, damaged.awaitExit());
        assertTrue(read(log()).contains("controlplane serve: the database is damaged"), () -> read(log()));
    }

    @Test
    void what_a_killed_start_left_of_its_warming_up_is_gone_after_the_next() throws Exception {
        Path left = Files.createDirectories(dataDir().resolve("warm-up"));
        Files.writeString(left.resolve("controlplane.db"), "half");
        serve();
        assertTrue(Files.notExists(left));
    }

    @Test
    void where_it_cannot_warm_up_it_says_so_and_serves_all_the_same() throws Exception {
        // SQLite opens files of up to 512 bytes of path, suffixes included: the database fits, the one to warm up with
        // does not
        int length = 485;
        Path parent = folder.resolve("a".repeat(200));
        Path longDir = parent.resolve("b".repeat(length - 1 - parent.toString().length()));
        Running running = serve(longDir);
        assertEquals(2, read(log()).lines().count(), () -> read(log()));
        assertTrue(read(log()).contains("starts without warming up"), () -> read(log()));
        assertEquals(201, running.client().create("p-1").code());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
