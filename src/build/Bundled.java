package build;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A file that lies in a program, in one of the folders that {@code //FILES} takes in.
 *
 * @param path with slashes, such as {@code sql/2-views/10-soak.sql}
 */
public record Bundled(String path, byte[] bytes) {
    private static final List<String> FOLDERS = List.of("sql/", "templates/");
    /** A file that no report can do without, by which the class path finds them. */
    private static final String ANCHOR = "sql/1-evidence/tables.sql";

    /** Read once: what runs does not change. */
    private static final class Own {
        private static final List<Bundled> FILES = below(FOLDERS);
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** All of this program, whose class path is a jar or a folder on disk. */
    public static List<Bundled> own() {
        return Own.FILES;
    }

    /** Those of this program in any of these folders. */
    public static List<Bundled> below(List<String> folders) {
        URL anchor = Bundled.class.getResource("/" + ANCHOR);
        if (anchor == null) {
            throw new IllegalStateException("sql/ is not on the class path: the script lacks //FILES sql/=sql/**");
        }
        try {
            URLConnection connection = anchor.openConnection();
            if (connection instanceof JarURLConnection jar) {
                jar.setUseCaches(false); // so that closing it closes the file
                try (JarFile file = jar.getJarFile()) {
                    return in(file, folders);
                }
            }
            return inFolder(anchor.toURI(), folders);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All of the program in a jar; empty where it is none of ours. */
    static List<Bundled> in(JarFile jar) throws IOException {
        return in(jar, FOLDERS);
    }

    private static List<Bundled> in(JarFile jar, List<String> folders) throws IOException {
        List<Bundled> files = new ArrayList<>();
        for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (folders.stream().anyMatch(entry.getName()::startsWith) && !entry.isDirectory()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    files.add(new Bundled(entry.getName(), in.readAllBytes()));
                }
            }
        }
        return List.copyOf(files);
    }

    private static List<Bundled> inFolder(URI anchor, List<String> folders) throws IOException {
        Path root = Path.of(anchor).getParent().getParent().getParent();
        List<Bundled> files = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> all = Files.walk(root.resolve(folder))) {
                for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                    files.add(
                            new Bundled(root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file)));
                }
            }
        }
        return List.copyOf(files);
    }
}
