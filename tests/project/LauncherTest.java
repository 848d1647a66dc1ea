import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ./jbang from nothing: a mirror of Maven Central on this host, a fresh HOME, a bare environment. */
@Tag("slow")
class LauncherTest {
    private static final Path SOURCE = Path.of(System.getenv().getOrDefault("SOAK_SOURCE_DIR", ""));

    @TempDir
    Path folder;

    HttpServer mirror;
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    byte[] delivered = "<html>a login page</html>".getBytes(StandardCharsets.UTF_8);

    @BeforeEach
    void startMirror() throws IOException {
        mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        mirror.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        mirror.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, delivered.length);
            exchange.getResponseBody().write(delivered);
            exchange.close();
        });
        mirror.start();
    }

    @AfterEach
    void stopMirror() {
        mirror.stop(0);
    }

    private String mirrorUrl() {
        return "http://127.0.0.1:" + mirror.getAddress().getPort() + "/maven2/";
    }

    /** The launcher with a HOME of its own and nothing else of this process. */
    private Fork.Result launch(List<String> environment, String... arguments) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        List<String> command = new ArrayList<>(List.of("env", "-i", "HOME=" + home, "PATH=/usr/bin:/bin"));
        if (environment.stream().noneMatch(e -> e.startsWith("JAVA_HOME="))) {
            command.add("JAVA_HOME=" + System.getProperty("java.home"));
        }
        command.addAll(environment);
        command.add(SOURCE.resolve("jbang").toString());
        command.addAll(List.of(arguments));
        return Fork.run(command);
    }

    /** JBang's jar, as a start has fetched it. */
    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getenv("JBANG_DIR"), "launcher"))) {
            return files.filter(file -> file.toString().endsWith("-all.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void assertGivesUp(Fork.Result result, String... words) {
        assertEquals(Exit.FAILED, result.exit(), result.err());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        for (String word : words) {
            assertTrue(result.err().contains(word), result.err());
        }
    }

    @Test
    void a_jar_with_the_wrong_checksum_is_told_and_not_kept() throws Exception {
        assertGivesUp(
                launch(List.of("MAVEN_MIRROR_URL=" + mirrorUrl()), "--version"),
                mirrorUrl() + "dev/jbang/jbang-cli/",
                "not the pinned",
                "nothing was kept",
                "MAVEN_MIRROR_URL");
        try (Stream<Path> left = Files.list(folder.resolve("home/.jbang/launcher"))) {
            assertEquals(
                    List.of(),
                    left.map(p -> p.getFileName().toString())
                            .filter(n -> n.endsWith(".jar") || n.endsWith(".tmp"))
                            .toList());
        }
    }

    @Test
    void a_mirror_out_of_reach_is_told() throws Exception {
        mirror.stop(0);
        assertGivesUp(
                launch(List.of("MAVEN_MIRROR_URL=" + mirrorUrl()), "--version"),
                "cannot fetch",
                mirrorUrl(),
                "MAVEN_MIRROR_URL");
    }

    /** As behind a proxy that reads TLS, with a CA of its own. */
    @Test
    void a_certificate_of_a_ca_that_java_does_not_know_is_told_with_the_remedy() throws Exception {
        try (TlsServer proxy = new TlsServer(folder)) {
            proxy.serve(proxy.pki.issue("proxy", "127.0.0.1"), null);
            String url = "https://127.0.0.1:" + proxy.server.getLocalPort() + "/maven2/";
            assertGivesUp(
                    launch(List.of("MAVEN_MIRROR_URL=" + url), "--version"),
                    "cannot fetch " + url,
                    "Java does not know who signed that server's certificate",
                    "keytool -importcert -cacerts");
        }
    }

    @Test
    void a_mirror_that_is_no_address_is_told() throws Exception {
        for (String text : List.of("repo.example.com/maven2", "http://a b/", "https//repo.example.com")) {
            assertGivesUp(
                    launch(List.of("MAVEN_MIRROR_URL=" + text), "--version"),
                    "MAVEN_MIRROR_URL is \"" + text + "\", which is no address: give one like https://");
        }
    }

    @Test
    void a_disk_without_room_for_the_jar_and_a_lock_that_cannot_be_written_are_told() throws Exception {
        delivered = Files.readAllBytes(jar());
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("small"), "size=1m")) {
            List<String> environment = List.of("MAVEN_MIRROR_URL=" + mirrorUrl(), "JBANG_DIR=" + disk.at());
            assertGivesUp(
                    launch(environment, "--version"),
                    "cannot keep JBang's jar of ",
                    disk.at().resolve("launcher") + " (No space left on device)",
                    "JBANG_DIR");
            Path lock = disk.at().resolve("launcher/lock");
            Files.delete(lock);
            Files.createDirectory(lock);
            assertGivesUp(launch(environment, "--version"), "cannot write " + lock + " (Is a directory)", "JBANG_DIR");
        }
    }

    /**
     * JBang's own jar is there, the libraries are not: what a machine without network says of a first start, or of the
     * first run of the tests.
     */
    @Test
    void libraries_that_cannot_be_fetched_are_told_in_one_sentence() throws Exception {
        Path launcher = Files.createDirectories(folder.resolve("home/.jbang/launcher"));
        Files.createLink(launcher.resolve(jar().getFileName()), jar());
        mirror.stop(0);
        for (String script : List.of("report.java", "tests/test.java")) {
            Fork.Result result = launch(
                    List.of("MAVEN_MIRROR_URL=" + mirrorUrl()),
                    SOURCE.resolve(script).toString(),
                    "--help");
            assertEquals(Exit.FAILED, result.exit(), result.err());
            assertEquals("", result.out());
            List<String> told = result.err()
                    .lines()
                    .filter(line -> !line.matches("\\[jbang\\] (Resolving dependencies\\.\\.\\.|   \\S+)"))
                    .toList();
            assertEquals(1, told.size(), result.err());
            for (String word : List.of(
                    "jbang: a library cannot be fetched from " + mirrorUrl(),
                    "needs the network once",
                    "./jbang test",
                    "MAVEN_MIRROR_URL")) {
                assertTrue(told.get(0).contains(word), result.err());
            }
        }
    }

    @Test
    void three_first_starts_at_once_fetch_one_jar_and_all_run_and_then_no_network_is_needed() throws Exception {
        delivered = Files.readAllBytes(jar());
        Path script = Files.writeString(
                folder.resolve("hello.java"),
                "//JAVA 17+\n"
                        + "class hello { public static void main(String[] a) { System.out.println(\"hello \" + a[0]);"
                        + " System.exit(10); } }\n");
        List<CompletableFuture<Fork.Result>> starts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = "number " + i;
            starts.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return launch(List.of("MAVEN_MIRROR_URL=" + mirrorUrl()), script.toString(), name);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
        for (int i = 0; i < 3; i++) {
            Fork.Result result = starts.get(i).get();
            assertEquals("hello number " + i + "\n", result.out(), result.err());
            assertEquals(10, result.exit(), "the script's own exit code");
        }
        assertEquals(List.of("/maven2/dev/jbang/jbang-cli/0.132.1/" + jar().getFileName()), asked);
        mirror.stop(0);
        assertEquals(
                "hello again\n",
                launch(List.of("MAVEN_MIRROR_URL=" + mirrorUrl()), script.toString(), "again")
                        .out());
    }

    @Test
    void a_java_that_is_too_old_or_has_no_compiler_or_is_not_there_is_told() throws Exception {
        Path home = Files.createDirectories(folder.resolve("an old java/bin")).getParent();
        Files.writeString(home.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
                .toFile()
                .setExecutable(true);
        assertGivesUp(launch(List.of("JAVA_HOME=" + home), "--version"), home.toString(), "javac", "JDK 17 or newer");
        Files.writeString(home.resolve("bin/javac"), "#!/bin/sh\n").toFile().setExecutable(true);
        assertGivesUp(
                launch(List.of("JAVA_HOME=" + home), "--version"), home + " is Java 11, too old", "JDK 17 or newer");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"1.8.0_402\"\n");
        assertGivesUp(launch(List.of("JAVA_HOME=" + home), "--version"), "too old");
        assertGivesUp(
                launch(List.of("JAVA_HOME=" + folder.resolve("none")), "--version"),
                "JAVA_HOME is " + folder.resolve("none"));
    }

    @Test
    void a_java_on_path_without_a_compiler_is_passed_over_for_a_jdk_of_the_machine() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                System.getProperty("java.home").startsWith("/usr/lib/jvm/"),
                "the JDK here is not where the launcher looks");
        Path jre = Files.createDirectories(folder.resolve("jre/bin"));
        Files.writeString(jre.resolve("java"), "#!/bin/sh\nexit 9\n").toFile().setExecutable(true);
        mirror.stop(0);
        Fork.Result result = launch(
                List.of("JAVA_HOME=", "PATH=" + jre + ":/usr/bin:/bin", "MAVEN_MIRROR_URL=" + mirrorUrl()),
                "--version");
        assertGivesUp(result, "cannot fetch"); // so a Java ran
    }

    @Test
    void a_script_runs_through_a_symlink_named_as_the_bash_script_was() throws Exception {
        for (String script : List.of("setup", "round")) {
            Path link = Files.createSymbolicLink(
                    folder.resolve("run_soak_val12_" + script + ".sh"), SOURCE.resolve(script + ".java"));
            List<String> bare = List.of(
                    "env",
                    "-i",
                    "HOME=" + folder,
                    "PATH=/usr/bin:/bin",
                    "JAVA_HOME=" + System.getProperty("java.home"),
                    "JBANG_DIR=" + System.getenv("JBANG_DIR"),
                    "JBANG_REPO=" + System.getenv("JBANG_REPO"),
                    link.toString());
            List<String> wrong = new ArrayList<>(bare);
            wrong.add("--no-such-option");
            Fork.Result refused = Fork.run(wrong);
            assertEquals(Exit.USAGE, refused.exit(), refused.err());
            assertTrue(refused.err().contains(script + ": "), refused.err());
            Files.delete(link);
        }
    }

    @Test
    void an_alias_of_the_clone_runs_from_any_folder_too() throws Exception {
        Fork.Result ran =
                Fork.run("env", "-C", folder.toString(), SOURCE.resolve("jbang").toString(), "report", "--no-such");
        assertEquals(Exit.USAGE, ran.exit(), ran.err());
        assertTrue(ran.err().contains("report: "), ran.err());
    }

    /**
     * A site's agent, or a JVM's log: their words come to the standard output on which JBang says what is to be run.
     */
    @Test
    void what_java_tool_options_print_is_not_run_as_a_command() throws Exception {
        String jdk = System.getProperty("java.home");
        Path source = Files.writeString(folder.resolve("Agent.java"), """
            class Agent {
                public static void premain(String none) {
                    System.out.println("agent started; touch ran-it $(touch ran-it)");
                }
            }
            """);
        Path manifest = Files.writeString(folder.resolve("manifest"), "Premain-Class: Agent\n");
        for (String command : List.of(
                "bin/javac " + source, "bin/jar --create --file agent.jar --manifest " + manifest + " Agent.class")) {
            List<String> words = new ArrayList<>(List.of("env", "-C", folder.toString()));
            words.addAll(List.of((jdk + "/" + command).split(" ")));
            assertEquals(0, Fork.run(words).exit(), command);
        }
        Files.writeString(
                folder.resolve("hello.java"),
                "//JAVA 17+\nclass hello { public static void main(String[] a) { System.out.println(\"hello " + folder
                        + "\"); } }\n"); // never built before
        Fork.Result ran = Fork.run(
                "env",
                "-C",
                folder.toString(),
                "JAVA_TOOL_OPTIONS=-javaagent:agent.jar -Xlog:gc*:stdout",
                SOURCE.resolve("jbang").toString(),
                "hello.java");
        assertEquals(0, ran.exit(), ran.err());
        assertEquals(1, ran.out().lines().filter(("hello " + folder)::equals).count(), ran.out());
        assertEquals(
                1, ran.out().lines().filter(l -> l.startsWith("agent started")).count(), ran.out());
        assertTrue(Files.notExists(folder.resolve("ran-it")), ran.out());
    }

    @Test
    void an_alias_runs_in_the_clone_without_a_home() throws Exception {
        Fork.Result ran = Fork.run(
                "env",
                "-i",
                "-C",
                SOURCE.toString(),
                "JAVA_HOME=" + System.getProperty("java.home"),
                "JBANG_DIR=" + System.getenv("JBANG_DIR"),
                "JBANG_REPO=" + System.getenv("JBANG_REPO"),
                "./jbang",
                "report",
                "--no-such");
        assertEquals(Exit.USAGE, ran.exit(), ran.err());
        assertTrue(ran.err().contains("report: "), ran.err());
    }

    @Test
    void an_empty_argument_that_jbang_would_drop_is_refused_before_the_next_word_is_taken_for_a_value()
            throws Exception {
        for (String script : List.of("setup", "round", "report", "controlplane", "rehearse")) {
            Fork.Result refused = Fork.run(SOURCE.resolve(script + ".java").toString(), "--option", "", folder + "/a");
            assertEquals(Exit.USAGE, refused.exit(), refused.err());
            assertEquals(
                    script + ": an argument is empty: give it a value, or leave it out (a variable of the shell may"
                            + " not be set)\n",
                    refused.err());
        }
    }

    @Test
    void no_script_needs_a_path_as_a_crontab_may_have_none() throws Exception {
        for (String script : List.of("setup", "round", "report", "controlplane", "rehearse")) {
            for (String path : script.equals("round")
                    ? List.of("PATH=$HOME/bin:$PATH", "PATH=")
                    : List.of("PATH=$HOME/bin:$PATH")) {
                Fork.Result ran = Fork.run(
                        "/usr/bin/env",
                        "-i",
                        path,
                        "JAVA_HOME=" + System.getProperty("java.home"),
                        "JBANG_DIR=" + System.getenv("JBANG_DIR"),
                        "JBANG_REPO=" + System.getenv("JBANG_REPO"),
                        "/bin/sh",
                        SOURCE.resolve(script + ".java").toString(),
                        "--no-such-option");
                assertEquals(Exit.USAGE, ran.exit(), path + ": " + ran.err());
                assertTrue(ran.err().contains(script + ": Unknown option"), ran.err());
            }
        }
    }
}
