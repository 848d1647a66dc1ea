package probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/**
 * Connects to a host as curl does: a name may have several addresses (localhost is 127.0.0.1 and ::1), and a server
 * need not listen on all of them. They are tried in turn; one that refuses, or that no way leads to, hands over to the
 * next.
 */
final class Connect {
    private Connect() {}

    /**
     * @param deadline of all tries together, on the clock of {@link System#nanoTime}
     * @throws IOException of the first address, if none takes the connection
     */
    static Socket to(String host, int port, long deadline) throws IOException {
        SocketException refusal = null;
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Socket socket = new Socket();
            boolean connected = false;
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, port), AnswerReader.remainingMillis(deadline));
                connected = true;
                return socket;
            } catch (SocketException refused) {
                refusal = refusal == null ? refused : refusal;
            } finally {
                if (!connected) {
                    socket.close();
                }
            }
        }
        throw refusal;
    }
}
