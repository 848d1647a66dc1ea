package lab.rehearsal;

import base.Failure;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.random.RandomGenerator;
import settings.Config;

/**
 * The two ports of a rehearsal's control plane, kept from other rehearsals until it ends. A control plane that is dead
 * for a while leaves its TCP port free, so what is held is the UDP port of the same number: the kernel gives it to one
 * process, and takes it back however that one ends.
 */
final class Ports implements AutoCloseable {
    private static final int FIRST = 20_000;
    private static final int COUNT = 10_000; // below what kernels hand out by themselves
    private static final int TRIES = 100;

    private final String host;
    private final int first;
    private final DatagramSocket held;

    private Ports(String host, int first, DatagramSocket held) {
        this.host = host;
        this.first = first;
        this.held = held;
    }

    /**
     * The same for the same seed and scenario, so that the same rehearsal writes the same config.env, unless they are
     * taken.
     */
    static Ports free(long seed, String scenario) {
        String host = "127." + (1 + Math.floorMod(seed, 250)) + ".12.1";
        RandomGenerator random = Stage.random(seed, scenario.hashCode());
        for (int i = 0; i < TRIES; i++) {
            Ports ports = take(host, FIRST + 2 * random.nextInt(COUNT / 2));
            if (ports != null) {
                return ports;
            }
        }
        throw Failure.failed("no free pair of ports found on " + host + " from " + FIRST + " to " + (FIRST + COUNT)
                + ": is this address of the loopback network usable here?");
    }

    /** Those of a rehearsal that was cut off. */
    static Ports of(Config config) {
        URI url = URI.create(config.cpUrl());
        Ports ports = take(url.getHost(), url.getPort());
        if (ports == null) {
            throw Failure.failed(
                    "the ports " + url.getAuthority() + " and " + (url.getPort() + 1) + ", with which the rehearsal in "
                            + config.dir().root()
                            + " began, are in use, perhaps by the same rehearsal or another one of the same seed: wait"
                            + " until it ends, or start again in another folder");
        }
        return ports;
    }

    /** @return null where somebody has one of them */
    private static Ports take(String host, int port) {
        DatagramSocket held;
        try {
            held = new DatagramSocket(new InetSocketAddress(host, port));
        } catch (IOException byAnotherRehearsal) {
            return null;
        }
        if (isFree(host, port) && isFree(host, port + 1)) {
            return new Ports(host, port, held);
        }
        held.close();
        return null;
    }

    private static boolean isFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    String url() {
        return "http://" + host + ":" + first;
    }

    String metricsUrl() {
        return "http://" + host + ":" + (first + 1) + "/metrics";
    }

    @Override
    public void close() {
        held.close();
    }
}
