import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import process.ProcessIdentity;

class ProcessIdentityTest {
    /**
     * Ends its first thread by the system call of one thread, so that /proc/PID/stat says Z; another waits for stdin.
     */
    private static final String FIRST_THREAD_ENDS = """
        import ctypes, os, platform, sys, threading
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0))).start()
        ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)
        """;

    @Test
    void a_process_whose_first_thread_has_ended_runs_until_the_last_one_ends() throws Exception {
        assumeTrue(
                provision.Doctor.find("python3", System.getenv("PATH")).isPresent(),
                "this host has no python3 to end a first thread with");
        String mark = "SOAK_CONTROL_PLANE=first-thread-ends";
        Process process = new ProcessBuilder("setsid", "env", mark, "python3", "-c", FIRST_THREAD_ENDS).start();
        try {
            while (!state(process).equals("Z")) {
                assertTrue(process.isAlive());
                Thread.onSpinWait();
            }
            ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
            assertTrue(identity.alive());
            assertEquals(List.of(process.pid()), identity.session());
            process.getOutputStream().close();
            process.waitFor();
            assertFalse(identity.alive());
            assertEquals(List.of(), identity.session());
        } finally {
            process.destroyForcibly();
        }
    }

    private static String state(Process process) throws Exception {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    }
}
