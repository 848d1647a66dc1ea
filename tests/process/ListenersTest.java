import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import base.Exit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import process.Listeners;
import process.Listeners.Owner;
import settings.Config;

/**
 * Who listens where: addresses as the kernel compares them, and what can be known of a process that hides what it has
 * open.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ListenersTest {
    private static final List<Long> THIS = List.of(ProcessHandle.current().pid());
    private static final int NOBODY = 65534;

    /** Listens in a process that its own user may not look into, as one with capabilities; prints its pid. */
    private static final String HIDDEN = """
        use IO::Socket::INET; use POSIX;
        my $prctl = (POSIX::uname())[4] eq "x86_64" ? 157 : 167;
        $ARGV[1] eq "hidden" and (syscall($prctl, 4, 0, 0, 0, 0) == 0 or die "prctl: $!");
        my $socket = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 5)
          or die "listen: $!";
        $| = 1; print "$$\\n"; sleep 600;
        """;

    private static ServerSocket listen(String host, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        return socket;
    }

    private static Listeners at(String host, int port) {
        return Listeners.at(URI.create("http://" + host + ":" + port));
    }

    @Test
    void who_has_no_file_left_to_look_with_takes_nobody_for_a_stranger() throws Exception {
        try (ServerSocket socket = listen("127.0.0.1", 0)) {
            List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"));
            command.addAll(Fork.java(
                    "FewFiles",
                    "http://127.0.0.1:" + socket.getLocalPort(),
                    THIS.get(0).toString(),
                    "0",
                    "1",
                    "20"));
            Fork.Result told = Fork.run(command);
            assertEquals("OURS UNKNOWN UNKNOWN OURS\n", told.out(), told.err());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,127.0.0.1,true",
        "127.0.0.1,127.0.0.2,false",
        "127.0.0.1,localhost,true",
        "127.0.0.1,0.0.0.0,true",
        "127.0.0.1,[::ffff:127.0.0.1],true",
        "127.0.0.1,[::1],false",
        "0.0.0.0,127.0.0.7,true",
        "[::1],[::1],true",
        "[::1],127.0.0.1,false",
        "[::1],[::],true",
        "[::],127.0.0.1,true",
        "[::],[::1],true"
    })
    void addresses_are_compared_as_the_kernel_does_it(String bound, String asked, boolean reached) throws Exception {
        assumeTrue(!(bound + asked).contains("::") || Files.exists(Path.of("/proc/net/tcp6")), "this host has no IPv6");
        try (ServerSocket socket = listen(bound, 0)) {
            Listeners place = at(asked, socket.getLocalPort());
            assertEquals(reached ? Owner.OURS : Owner.NOBODY, place.owner(THIS));
            assertEquals(reached ? Owner.STRANGER : Owner.NOBODY, place.owner(List.of()));
            assertEquals(reached ? THIS : List.of(), place.holder().stream().toList());
        }
    }

    @Test
    void the_socket_of_the_very_address_goes_before_that_of_all_addresses() throws Exception {
        int port = Ports.free();
        Process other = java("ListenersTest$Listening", "127.0.0.2", Integer.toString(port));
        try {
            assertEquals("listens", other.inputReader().readLine());
            assertEquals(Owner.STRANGER, at("127.0.0.2", port).owner(THIS));
            assertEquals(Owner.NOBODY, at("127.0.0.1", port).owner(THIS));
            try (ServerSocket socket = listen("127.0.0.1", port)) {
                assertEquals(Owner.OURS, at("127.0.0.1", port).owner(THIS));
                assertEquals(Owner.STRANGER, at("127.0.0.2", port).owner(THIS));
                assertEquals(Owner.STRANGER, at("0.0.0.0", port).owner(THIS), "one of two that answer is not ours");
                assertEquals(socket.getLocalPort(), at("127.0.0.1", port).port());
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    /** Arguments: address, port. */
    static final class Listening {
        public static void main(String[] args) throws Exception {
            try (ServerSocket socket = listen(args[0], Integer.parseInt(args[1]))) {
                System.out.println("listens");
                Thread.sleep(Duration.ofMinutes(10).toMillis());
            }
        }
    }

    @Test
    void of_another_host_and_of_a_name_that_nobody_knows_nothing_is_known() {
        assertEquals(Owner.UNKNOWN, at("192.0.2.1", 1).owner(THIS));
        assertEquals(Owner.UNKNOWN, at("no-such-host.invalid", 1).owner(THIS));
    }

    @Test
    void a_dead_control_plane_is_started_again_although_its_port_is_taken_on_another_address(@TempDir Path folder)
            throws Exception {
        int port = Ports.free();
        int metricsPort = Ports.free();
        try (RoundRig rig = RoundRig.external(folder);
                ServerSocket one = listen("127.0.0.1", port);
                ServerSocket two = listen("127.0.0.1", metricsPort)) {
            rig.with(
                    "CP_URL",
                    "http://127.0.0.2:" + port,
                    "CP_METRICS_URL",
                    "http://127.0.0.2:" + metricsPort + "/metrics");
            provision.Doctor.checkPorts(Config.read(rig.dir));
            RoundRig.Round round = rig.round();
            assertTrue(round.summary().get("restarted").asBoolean());
            assertEquals(10, round.summary().get("create_ok").asInt(), round.err());
            assertEquals(Exit.OK, rig.round().exit());
        }
    }

    @Test
    void what_a_process_hides_from_its_own_user_is_unknown_and_what_another_shows_is_a_stranger(@TempDir Path folder)
            throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can become another user");
        OtherUser.assumeSeesOthers();
        for (String program : List.of("setpriv", "perl")) {
            assumeTrue(
                    provision.Doctor.find(program, System.getenv("PATH")).isPresent(), "this host has no " + program);
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path script = Files.writeString(folder.resolve("listen.pl"), HIDDEN);
        int hiddenPort = Ports.free();
        int openPort = Ports.free();
        Process hidden = asNobody(List.of("perl", script.toString(), Integer.toString(hiddenPort), "hidden"));
        Process open = asNobody(List.of("perl", script.toString(), Integer.toString(openPort), "open"));
        try {
            String hiddenPid = hidden.inputReader().readLine();
            String openPid = open.inputReader().readLine();
            assumeTrue(
                    hiddenPid != null && openPid != null,
                    "that user cannot run perl here, or no process can hide itself");
            assertEquals(
                    List.of("UNKNOWN", "OURS", "STRANGER", "STRANGER"),
                    asked(List.of(
                            hiddenPort + " " + hiddenPid,
                            openPort + " " + openPid,
                            openPort + " " + hiddenPid,
                            hiddenPort + " " + openPid)));
        } finally {
            hidden.destroyForcibly().waitFor();
            open.destroyForcibly().waitFor();
        }
    }

    /** What {@link Asking}, run by that user, says of each port and pid. */
    private static List<String> asked(List<String> portsAndPids) throws Exception {
        List<String> command = new ArrayList<>(Fork.java("ListenersTest$Asking"));
        command.addAll(portsAndPids);
        Process asking = asNobody(command);
        List<String> said = asking.inputReader().lines().toList();
        assumeTrue(asking.waitFor() == 0, "that user cannot read the test's classes or this Java");
        return said;
    }

    /** Arguments: port and pid, each in one word. */
    static final class Asking {
        public static void main(String[] args) {
            for (String arg : args) {
                String[] words = arg.split(" ");
                System.out.println(
                        at("127.0.0.1", Integer.parseInt(words[0])).owner(List.of(Long.parseLong(words[1]))));
            }
        }
    }

    private static Process asNobody(List<String> command) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        all.addAll(command);
        return new ProcessBuilder(all)
                .directory(Path.of("/").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Process java(String mainClass, String... args) throws IOException {
        return new ProcessBuilder(Fork.java(mainClass, args))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
