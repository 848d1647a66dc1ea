import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import process.Growth;
import process.Listeners;
import process.ProcessIdentity;

/** A process whose first thread has ended: /proc/PID, which is that thread, tells nothing of it any more. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProcessIdentityTest {
    /** Listens, prints its port, ends its first thread by the system call of one thread; another waits for stdin. */
    private static final String FIRST_THREAD_ENDS = """
        import ctypes, os, platform, socket, sys, threading
        listener = socket.create_server(('127.0.0.1', 0))
        print(listener.getsockname()[1], flush=True)
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0))).start()
        ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)
        """;

    @Test
    void a_process_whose_first_thread_has_ended_runs_and_keeps_its_port_until_the_last_one_ends() throws Exception {
        for (String program : List.of("python3", "setsid")) {
            assumeTrue(
                    provision.Doctor.find(program, System.getenv("PATH")).isPresent(), "this host has no " + program);
        }
        ProcessBuilder builder = new ProcessBuilder("setsid", "python3", "-c", FIRST_THREAD_ENDS);
        builder.environment().put(ProcessIdentity.MARK, "first-thread-ends");
        Process process = builder.start();
        try {
            Listeners place = Listeners.at(
                    URI.create("http://127.0.0.1:" + process.inputReader().readLine()));
            while (!state(process).equals("Z")) {
                assertTrue(process.isAlive());
                Thread.sleep(1);
            }
            List<Long> pid = List.of(process.pid());
            ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
            assertTrue(identity.alive());
            assertEquals("first-thread-ends", identity.mark());
            assertEquals(pid, identity.session());
            assertEquals(pid, identity.marked());
            assertEquals(Listeners.Owner.OURS, place.owner(pid));
            assertEquals(pid, place.holder().stream().toList());
            assertTrue(Growth.openDescriptors(pid) >= 4, "stdin, stdout, stderr and the listener");
            assertTrue(Growth.residentBytes(pid) > 1_000_000);
            process.getOutputStream().close();
            process.waitFor();
            assertFalse(identity.alive());
            assertEquals(List.of(), identity.session());
            assertEquals(List.of(), identity.marked());
            assertEquals(Listeners.Owner.NOBODY, place.owner(pid));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void what_a_process_closes_while_it_is_looked_at_is_left_out_of_its_descriptors() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        Thread busy = new Thread(() -> {
            while (!enough.get()) {
                try {
                    Files.newInputStream(Path.of("/dev/null")).close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        busy.start();
        try (InputStream kept = Files.newInputStream(Path.of("/proc/self/status"))) {
            long pid = ProcessHandle.current().pid();
            for (int look = 0; look < 2000; look++) {
                assertTrue(ProcessIdentity.descriptors(pid).containsValue("/proc/" + pid + "/status"));
            }
        } finally {
            enough.set(true);
            busy.join();
        }
    }

    @Test
    void a_process_whose_name_is_no_utf_8_is_named_and_its_memory_counted(@TempDir Path dir) throws Exception {
        String copied = "name=$1/$(printf '\\351t\\351'); cp \"$(command -v sleep)\" \"$name\"; exec \"$name\" 600";
        Process process = new ProcessBuilder("sh", "-c", copied, "sh", dir.toString()).start();
        try {
            while (Files.readAllBytes(Path.of("/proc/" + process.pid() + "/comm"))[0] != (byte) 0xe9) {
                assertTrue(process.isAlive());
                Thread.sleep(1);
            }
            assertNotNull(Growth.residentBytes(List.of(process.pid()))); // how much is not counted yet, just after exec
            String named = Listeners.inWords(process.pid());
            assertTrue(named.startsWith("pid " + process.pid() + " (\uFFFDt\uFFFD, in "), named);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String state(Process process) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    }
}
