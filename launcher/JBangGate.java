import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Fetches the pinned JBang jar once, then runs JBang, one process at a time.
 *
 * <p>Two first builds of one script at the same moment corrupt JBang's cache (jbangdev/jbang#2445), and a round and a
 * report may well start in the same second. A lock of the kernel's is freed however its holder ends.
 *
 * <p>Arguments: version, SHA-256, folder for the jar and the lock, mirror of Maven Central or "", JBang's own
 * arguments. Standard output: after "JBang's words:" what JBang prints. Exit code: JBang's (255 = that is the command
 * line to run), or 70 if the jar or a library cannot be had.
 */
public class JBangGate {
    private static final String MAVEN_CENTRAL = "https://repo.maven.apache.org/maven2";
    private static final String ANOTHER_SOURCE =
            "or give a mirror of Maven Central in MAVEN_MIRROR_URL (docs/operating.md says what a proxy needs)";
    private static final int FAILED = 70;
    private static final int CONNECT_TIMEOUT_MS = 20_000;
    private static final int READ_TIMEOUT_MS = 60_000;

    public static void main(String[] args) throws Exception {
        String version = args[0];
        String sha256 = args[1];
        Path dir = Files.createDirectories(Path.of(args[2]));
        String mirror = args[3];
        // JBang would read a word that begins with @ as a file of arguments; twice @ means the word itself.
        String[] jbangArgs = Arrays.stream(args, 4, args.length)
                .map(word -> word.startsWith("@") ? "@" + word : word)
                .toArray(String[]::new);

        FileChannel channel = channel(dir.resolve("lock"));
        FileLock lock = channel.lock(); // held until this process ends, and it ends with JBang's System.exit
        Path jar = dir.resolve("jbang-cli-" + version + "-all.jar");
        if (!Files.exists(jar)) {
            String base = mirror.isEmpty() ? MAVEN_CENTRAL : mirror.replaceAll("/+$", "");
            URL source = url(base + "/dev/jbang/jbang-cli/" + version + "/" + jar.getFileName());
            String problem = source == null
                    ? "MAVEN_MIRROR_URL is \"" + mirror + "\", which is no address: give one like " + MAVEN_CENTRAL
                            + ", or unset it"
                    : fetch(source, sha256, jar);
            if (problem != null) {
                giveUp(problem);
            }
        }
        if (!mirror.isEmpty()) {
            jbangArgs = withMirror(jbangArgs, mirror);
        }
        System.setErr(new PrintStream(
                new Told(System.err, mirror.isEmpty() ? MAVEN_CENTRAL : mirror), true, StandardCharsets.UTF_8));
        ClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getSystemClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        System.out.print("JBang's words:");
        loader.loadClass("dev.jbang.Main").getMethod("main", String[].class).invoke(null, (Object) jbangArgs);
        lock.release();
    }

    private static FileChannel channel(Path lock) {
        try {
            return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw giveUp(
                    "cannot write " + lock + " (" + why(e) + "): give JBANG_DIR a folder that this user can write");
        }
    }

    /** @return never; for `throw`, which tells the compiler so */
    private static IllegalStateException giveUp(String sentence) {
        System.err.println("jbang: " + sentence);
        System.exit(FAILED);
        return new IllegalStateException(sentence);
    }

    /** JBang takes a repository as an option of `run` only; a script or an alias as the first word means `run`. */
    private static String[] withMirror(String[] args, String mirror) {
        boolean runsAScript =
                args.length > 0 && (args[0].endsWith(".java") || aliases().contains(args[0]));
        if (!runsAScript) {
            return args;
        }
        String[] all = new String[args.length + 3];
        all[0] = "run";
        all[1] = "--repos";
        all[2] = "central=" + mirror;
        System.arraycopy(args, 0, all, 3, args.length);
        return all;
    }

    private static List<String> aliases() {
        Path catalog = Path.of(System.getenv("SOAK_SOURCE_DIR"), "jbang-catalog.json");
        try {
            return java.util.regex.Pattern.compile("\"([^\"]+)\"\\s*:\\s*\\{\\s*\"script-ref\"")
                    .matcher(Files.readString(catalog))
                    .results()
                    .map(m -> m.group(1))
                    .toList();
        } catch (IOException noCatalog) {
            return List.of();
        }
    }

    /** @return null if the text is no address */
    private static URL url(String text) {
        try {
            return new URI(text).toURL();
        } catch (URISyntaxException | MalformedURLException | IllegalArgumentException noAddress) {
            return null;
        }
    }

    /** @return null, or in one sentence why there is no jar */
    private static String fetch(URL source, String sha256, Path jar) throws Exception {
        byte[] delivered;
        try {
            URLConnection connection = source.openConnection();
            connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
            connection.setReadTimeout(READ_TIMEOUT_MS);
            try (InputStream in = connection.getInputStream()) {
                delivered = in.readAllBytes();
            }
        } catch (IOException e) {
            return "cannot fetch " + source + " (" + why(e)
                    + "): the first start needs the network once, for JBang and the libraries; " + remedy(e);
        }
        String seen =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(delivered));
        if (!seen.equals(sha256)) {
            return "what " + source + " delivered has SHA-256 " + seen + ", not the pinned " + sha256
                    + ": nothing was kept; try another MAVEN_MIRROR_URL";
        }
        // One name, for the lock is held: what a killed start left is overwritten.
        Path part = jar.resolveSibling("fetch.tmp");
        try {
            Files.write(part, delivered);
            Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
            return null;
        } catch (IOException e) {
            return "cannot keep JBang's jar of " + (delivered.length >> 20) + " MiB in " + jar.getParent() + " ("
                    + why(e) + "): make room there, or give JBANG_DIR another folder";
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String why(IOException failed) {
        if (failed instanceof UnknownHostException) {
            return "no host is known by the name " + failed.getMessage();
        }
        if (failed instanceof FileNotFoundException) {
            return "it is not there";
        }
        if (failed instanceof AccessDeniedException) {
            return "this user may not write it";
        }
        if (failed instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return failed.getMessage() != null
                ? failed.getMessage()
                : failed.getClass().getSimpleName();
    }

    private static String remedy(IOException failed) {
        return (String.valueOf(failed.getMessage()).contains("PKIX path building failed")
                        ? "Java does not know who signed that server's certificate, as behind a proxy that reads TLS:"
                                + " add its CA to this Java (keytool -importcert -cacerts -alias proxy -file CA.pem), "
                        : "check it, ")
                + ANOTHER_SOURCE;
    }

    /**
     * JBang's standard error, line by line. A library that cannot be fetched is told in one sentence in place of
     * JBang's error, whose own exit code 1 means many things: the process then ends with 70. Everything else passes as
     * it comes.
     */
    private static final class Told extends OutputStream {
        private static final String ERROR = "[jbang] [ERROR] ";
        private final PrintStream out;
        private final String source;
        private final java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
        private boolean resolving;
        private boolean told;

        Told(PrintStream out, String source) {
            this.out = out;
            this.source = source;
            Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        }

        @Override
        public synchronized void write(int b) {
            line.write(b);
            if (b == '\n') {
                pass();
            }
        }

        private void pass() {
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            resolving = text.startsWith("[jbang] Resolving dependencies")
                    || resolving && !text.startsWith("[jbang] Dependencies resolved");
            if (told && text.startsWith("[jbang] Run with --verbose")) {
                return;
            }
            if (resolving && text.startsWith(ERROR)) {
                text = "jbang: a library cannot be fetched from " + source + " ("
                        + text.substring(ERROR.length()).strip()
                        + "): the first start of each command, and the first ./jbang test, needs the network once, for"
                        + " the libraries; check it, " + ANOTHER_SOURCE + "\n";
                told = true;
            }
            out.print(text);
            out.flush();
        }

        private synchronized void end() {
            if (line.size() > 0) {
                pass();
            }
            if (told) {
                Runtime.getRuntime().halt(FAILED);
            }
        }
    }
}
