import base.Time;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import probe.HttpCall;

/** A socket that answers one connection byte for byte as the test says, and a client of it. */
final class OneAnswer implements Closeable {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    /** The head of each request that came. */
    final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    /** One that nobody refers to is closed by the garbage collection. */
    private final List<Socket> accepted = Collections.synchronizedList(new ArrayList<>());

    OneAnswer() throws IOException {}

    /** Answers one connection with these bytes and closes it, or leaves it open. */
    void answer(String bytes, boolean close) {
        Thread thread = new Thread(() -> {
            try {
                Socket socket = server.accept();
                accepted.add(socket);
                byte[] head = new byte[4096];
                InputStream in = socket.getInputStream();
                int count = in.read(head);
                requests.add(new String(head, 0, Math.max(count, 0), StandardCharsets.UTF_8));
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                if (close) {
                    socket.close();
                }
            } catch (IOException ended) {
                // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    HttpCall.Answer get(Duration timeout) {
        return new HttpCall(Time.system(), timeout, 1000)
                .get(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/a?b=c"));
    }

    HttpCall.Answer get(String bytes, boolean close) {
        answer(bytes, close);
        return get(Duration.ofSeconds(10));
    }

    static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }
}
