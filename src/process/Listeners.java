package process;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import probe.HttpCall;

/**
 * Who listens where a URL leads, read from /proc: an answer with code 200 says nothing about who gave it.
 *
 * <p>Addresses are compared as the kernel does it for a client (inet_hashtables.c): a socket that is bound to the very
 * address comes first, then one of 0.0.0.0, then one of [::]. So 127.0.0.2 is free where 127.0.0.1 is taken. Of a name
 * with several addresses, such as localhost, each one counts: nobody can tell which of them a client tries first.
 */
public final class Listeners {
    private static final String LISTEN = " 0A "; // TCP_LISTEN of the kernel's tcp_states.h
    private static final String OPENING = " 03 "; // TCP_SYN_RECV, which old kernels print among what listens
    private static final String SOCKET = "socket:[";
    private static final int LOCAL_ADDRESS = 1;
    private static final int UID = 7;
    private static final int INODE = 9;
    private static final int CONNECT_MILLIS = 1000;
    private static final int LOOKS = 3;
    private static final Duration BURIAL = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(50);

    /** What is known of a listener; UNKNOWN where /proc cannot tell. */
    public enum Owner {
        NOBODY,
        OURS,
        STRANGER,
        UNKNOWN
    }

    /** @param inode the socket's number, which a descriptor shows as {@code socket:[N]} */
    private record Listening(InetAddress address, String inode, String uid) {}

    private final int port;
    /** Empty where the name cannot be resolved, or leads to another host. */
    private final List<InetAddress> addresses;
    /** Which descriptors held the sockets here when they were last found to be ours. */
    private volatile Map<String, Path> descriptors = Map.of();

    private Listeners(int port, List<InetAddress> addresses) {
        this.port = port;
        this.addresses = addresses;
    }

    /** The place that a URL of http or https names. */
    public static Listeners at(URI url) {
        int port = HttpCall.port(url);
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(url.getHost()));
            for (InetAddress address : addresses) {
                if (!address.isLoopbackAddress()
                        && !address.isAnyLocalAddress()
                        && NetworkInterface.getByInetAddress(address) == null) {
                    return new Listeners(port, List.of()); // another host's
                }
            }
            return new Listeners(port, addresses);
        } catch (UnknownHostException | SocketException unresolved) {
            return new Listeners(port, List.of());
        }
    }

    public int port() {
        return port;
    }

    public Owner owner(Collection<Long> ours) {
        return owner(() -> ours);
    }

    /**
     * @param ours the processes that are ours; asked after the sockets, so that one which has only just been started is
     *     among them
     */
    public Owner owner(Supplier<Collection<Long>> ours) {
        Set<String> sockets = sockets().orElse(null);
        for (int look = 1; sockets != null && !sockets.isEmpty(); look++) {
            Set<String> others = new HashSet<>(sockets);
            Map<String, Path> held = new HashMap<>();
            boolean unreadable = false;
            for (long pid : ours.get()) {
                Optional<Map<String, Path>> byThis = held(pid);
                byThis.ifPresent(held::putAll);
                unreadable |= byThis.isEmpty();
            }
            others.removeAll(held.keySet());
            if (others.isEmpty()) {
                held.keySet().retainAll(sockets);
                descriptors = held;
                return Owner.OURS;
            }
            Set<String> now = sockets().orElse(null);
            if (sockets.equals(now) || look == LOOKS) { // else it was opened or closed while we looked
                return unreadable && holder(others).isEmpty() ? Owner.UNKNOWN : Owner.STRANGER;
            }
            sockets = now;
        }
        return sockets == null ? Owner.UNKNOWN : Owner.NOBODY;
    }

    /**
     * Whether the very sockets that were found to be ours are held by the very descriptors still. A process that lives
     * keeps its port, so this tells as much as {@link #owner} does but for a short while, and it takes microseconds:
     * the kernel takes milliseconds to print /proc/net/tcp on a large host.
     */
    boolean heldAsBefore() {
        Map<String, Path> found = descriptors; // once: a thread beside this one may find others meanwhile
        try {
            for (Map.Entry<String, Path> held : found.entrySet()) {
                if (!Files.readSymbolicLink(held.getValue()).toString().equals(SOCKET + held.getKey() + "]")) {
                    return false;
                }
            }
            return !found.isEmpty();
        } catch (IOException gone) {
            return false;
        }
    }

    /**
     * Whether somebody listens here. One that has just been killed does so until the kernel has buried it: that is
     * waited for.
     */
    public boolean staysTaken() {
        long deadline = System.nanoTime() + BURIAL.toNanos();
        while (owner(List.of()) == Owner.STRANGER) {
            if (System.nanoTime() > deadline) {
                return true;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return false;
    }

    /** Who listens here, as far as this user may see it: one process that holds the socket. */
    public Optional<Long> holder() {
        return sockets().flatMap(Listeners::holder);
    }

    /** Who listens here, in words: {@code pid 4711 (java, in /srv/soak-b)}. */
    public String holderInWords() {
        Optional<Long> holder = holder();
        if (holder.isPresent()) {
            return inWords(holder.get());
        }
        String uid = listening().orElse(List.of()).stream()
                .map(Listening::uid)
                .findFirst()
                .orElse("unknown");
        return "a process of uid " + uid + " that this user cannot inspect";
    }

    /** A process by its pid, name and folder. Its arguments may hold secrets. */
    public static String inWords(long pid) {
        String folder = "";
        try {
            folder =
                    ", in " + Files.readSymbolicLink(ProcessIdentity.folder(pid).resolve("cwd"));
        } catch (IOException notOurs) {
            // then its name must do
        }
        try {
            return "pid " + pid + " ("
                    + new String(Files.readAllBytes(Path.of("/proc/" + pid + "/comm")), StandardCharsets.UTF_8).strip()
                    + folder + ")";
        } catch (IOException gone) {
            return "pid " + pid;
        }
    }

    /** The sockets that a client of this place may reach. Empty where /proc cannot tell. */
    Optional<Set<String>> sockets() {
        return listening()
                .map(all -> new HashSet<>(all.stream().map(Listening::inode).toList()));
    }

    private Optional<List<Listening>> listening() {
        List<Listening> atPort = new ArrayList<>();
        boolean readable = false;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try (BufferedReader lines = Files.newBufferedReader(Path.of(table), StandardCharsets.ISO_8859_1)) {
                boolean some = false;
                lines.readLine(); // the names of the columns
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    boolean listens = line.contains(LISTEN);
                    if (some && !listens && !line.contains(OPENING)) {
                        break; // the kernel prints what listens first, and then tens of thousands of connections
                    }
                    some |= listens;
                    String[] fields = listens ? line.strip().split("\\s+") : new String[0];
                    if (fields.length > INODE && port(fields[LOCAL_ADDRESS]) == port) {
                        atPort.add(new Listening(address(fields[LOCAL_ADDRESS]), fields[INODE], fields[UID]));
                    }
                }
                readable = true;
            } catch (IOException absent) {
                // no such table: no such protocol on this host
            }
        }
        if (!readable || addresses.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Listening> reached = new HashMap<>();
        addresses.forEach(address -> reachedBy(address, atPort).forEach(l -> reached.put(l.inode(), l)));
        return Optional.of(List.copyOf(reached.values()));
    }

    private List<Listening> reachedBy(InetAddress address, List<Listening> atPort) {
        if (address.isAnyLocalAddress()) { // who wants all addresses meets whoever has one of them
            return atPort.stream()
                    .filter(l ->
                            isV6(address) || !isV6(l.address()) || l.address().isAnyLocalAddress())
                    .toList();
        }
        List<Listening> very =
                atPort.stream().filter(l -> l.address().equals(address)).toList();
        List<Listening> all4 = atPort.stream()
                .filter(l -> l.address().isAnyLocalAddress() && !isV6(l.address()))
                .toList();
        List<Listening> all6 = atPort.stream()
                .filter(l -> l.address().isAnyLocalAddress() && isV6(l.address()))
                .toList();
        if (!very.isEmpty()) {
            return very;
        }
        if (isV6(address)) {
            return all6;
        }
        // Whether [::] takes IPv4 as well (IPV6_V6ONLY) stands nowhere in /proc: only a connect can tell.
        return !all4.isEmpty() ? all4 : all6.isEmpty() || refuses(address) ? List.of() : all6;
    }

    private boolean refuses(InetAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static boolean isV6(InetAddress address) {
        return address instanceof Inet6Address;
    }

    private static int port(String hexAddress) {
        return Integer.parseInt(hexAddress.substring(hexAddress.lastIndexOf(':') + 1), 16);
    }

    /**
     * The kernel prints words of 32 bits as its own CPU holds them; an IPv4 address within IPv6 becomes the IPv4
     * address.
     */
    private static InetAddress address(String hexAddress) throws IOException {
        byte[] printed = HexFormat.of().parseHex(hexAddress.substring(0, hexAddress.lastIndexOf(':')));
        ByteBuffer bytes = ByteBuffer.allocate(printed.length).order(ByteOrder.nativeOrder());
        ByteBuffer words = ByteBuffer.wrap(printed);
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        return InetAddress.getByAddress(bytes.array());
    }

    private static Optional<Long> holder(Set<String> sockets) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (held(pid).orElse(Map.of()).keySet().stream().anyMatch(sockets::contains)) {
                    return Optional.of(pid);
                }
            }
        } catch (IOException | NumberFormatException noProc) {
            // nobody can be named then
        }
        return Optional.empty();
    }

    /**
     * The sockets that a process has open, by their numbers, each with its descriptor; empty where they cannot be
     * looked at: a program with capabilities hides them from its own user, and a look takes files, of which ulimit -n
     * may leave none. Who has ended has none open.
     */
    private static Optional<Map<String, Path>> held(long pid) {
        Map<String, Path> held = new HashMap<>();
        try {
            ProcessIdentity.descriptors(pid).forEach((descriptor, target) -> {
                if (target.startsWith(SOCKET)) {
                    held.put(target.substring(SOCKET.length(), target.length() - 1), descriptor);
                }
            });
            return Optional.of(held);
        } catch (IOException hiddenOrGone) {
            return Files.exists(ProcessIdentity.folder(pid)) ? Optional.empty() : Optional.of(Map.of());
        }
    }
}
