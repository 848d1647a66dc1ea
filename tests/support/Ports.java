import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Ports of 127.0.0.1 for processes that are told theirs before they listen. */
final class Ports {
    /**
     * Below all that a Linux gives to outgoing connections (net.ipv4.ip_local_port_range): none of those takes one that
     * a test waits to have again.
     */
    private static final int FIRST = 20_000;

    private static final int END = 32_000;
    private static final int TRIES = 1_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /** One that nobody listens on, and that no other test of this run was given. */
    static int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port of 127.0.0.1 found from " + FIRST + " to " + (END - 1) + " in " + TRIES + " tries");
    }

    /**
     * What {@code listener} opens on a port that a process has just been killed on. Where the kernel closes the sockets
     * of a killed process a little later than it tells of its end, the port is asked for again.
     *
     * @throws BindException if it is still taken after a minute: then somebody else has it
     */
    static <T> T afterAKill(Listener<T> listener) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (true) {
            try {
                return listener.open();
            } catch (BindException notClosedYet) {
                if (System.nanoTime() > deadline) {
                    throw notClosedYet;
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Opens a server. */
    interface Listener<T> {
        /** @throws BindException while its port is taken */
        T open() throws IOException;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
