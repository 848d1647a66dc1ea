package soak;

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
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A file that lies in a program, in one of the folders that {@code //FILES} takes in.
 *
 * @param path below that folder, with slashes
 */
public record Bundled(String path, byte[] bytes) {
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * All files of a folder of this program's class path, which is a jar or a folder on disk.
     *
     * @param folder with a slash at its end
     * @param anchor a file in it, by which the class path finds the folder
     */
    public static List<Bundled> of(String folder, String anchor) {
        URL place = Bundled.class.getResource("/" + folder + anchor);
        if (place == null) {
            throw new IllegalStateException(
                    folder + " is not on the class path: the script lacks //FILES " + folder + "=" + folder + "**");
        }
        try {
            URLConnection connection = place.openConnection();
            if (connection instanceof JarURLConnection jar) {
                jar.setUseCaches(false); // so that closing it closes the file
                try (JarFile file = jar.getJarFile()) {
                    return in(file, folder);
                }
            }
            return inFolder(place.toURI(), anchor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All files of a folder of a jar. */
    static List<Bundled> in(JarFile jar, String folder) throws IOException {
        List<Bundled> files = new ArrayList<>();
        for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
            if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    files.add(new Bundled(entry.getName().substring(folder.length()), in.readAllBytes()));
                }
            }
        }
        return files;
    }

    private static List<Bundled> inFolder(URI anchored, String anchor) throws IOException {
        Path root = Path.of(anchored);
        for (int depth = anchor.split("/").length; depth > 0; depth--) {
            root = root.getParent();
        }
        List<Bundled> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files.add(new Bundled(root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file)));
            }
        }
        return files;
    }
}
