import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Holds ports of 127.0.0.1 and answers nothing: no test may depend on them being free. A port that somebody else holds
 * is as good. Run: java Occupy.java FILE PORT...; FILE appears once they are held. Ends when its input does.
 */
class Occupy {
    public static void main(String[] args) throws Exception {
        ServerSocket[] held = new ServerSocket[args.length];
        for (int i = 1; i < args.length; i++) {
            try {
                held[i] = new ServerSocket(Integer.parseInt(args[i]), 1, InetAddress.getByName("127.0.0.1"));
            } catch (java.net.BindException takenAlready) {
                System.err.println("port " + args[i] + " is taken already");
            }
        }
        Files.writeString(Path.of(args[0]), "held\n");
        while (System.in.read() >= 0) {
            // until whoever started this has ended, however it ended
        }
    }
}
