package lab.selftest;

import base.Json;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import soak.SoakDir;

/**
 * A soak folder whose files can be damaged one after the other, and made whole again. Paths are given from SOAK_DIR on.
 */
final class SoakFolder {
    final SoakDir dir;
    /** What stood there before; null = nothing did. */
    private final Map<Path, byte[]> before = new LinkedHashMap<>();

    SoakFolder(SoakDir dir) {
        this.dir = dir;
    }

    String text(String path) throws IOException {
        return new String(bytes(path), StandardCharsets.UTF_8);
    }

    byte[] bytes(String path) throws IOException {
        return Files.readAllBytes(dir.root().resolve(path));
    }

    void write(String path, String text) throws IOException {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    void write(String path, byte[] bytes) throws IOException {
        Path file = dir.root().resolve(path);
        remember(file);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    /** An edit that changes nothing would prove nothing. */
    void edit(String path, UnaryOperator<String> change) throws IOException {
        String text = text(path);
        String changed = change.apply(text);
        if (changed.equals(text)) {
            throw new IllegalStateException("the edit leaves " + path + " as it is: " + text);
        }
        write(path, changed);
    }

    void replace(String path, String find, String by) throws IOException {
        edit(path, text -> text.replace(find, by));
    }

    void truncate(String path, int bytes) throws IOException {
        byte[] whole = bytes(path);
        if (whole.length <= bytes) {
            throw new IllegalStateException(path + " has only " + whole.length + " bytes");
        }
        write(path, Arrays.copyOf(whole, bytes));
    }

    void summary(String round, Consumer<ObjectNode> change) throws IOException {
        edit(round + "/round-summary.json", text -> {
            try {
                ObjectNode tree = (ObjectNode) Json.parse(text);
                change.accept(tree);
                return Json.MAPPER.writeValueAsString(tree) + "\n"; // also what Json.write refuses
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A file, or a folder with all that is in it. */
    void delete(String path) throws IOException {
        Path target = dir.root().resolve(path);
        for (Path file : files(target)) {
            remember(file);
            Files.delete(file);
        }
        removeEmptied(target);
    }

    void copy(String from, String to) throws IOException {
        Path source = dir.root().resolve(from);
        for (Path file : files(source)) {
            write(to + file.toString().substring(source.toString().length()), Files.readAllBytes(file));
        }
    }

    void move(String from, String to) throws IOException {
        copy(from, to);
        delete(from);
    }

    /** The paths of the round folders, in their order. */
    List<String> rounds() throws IOException {
        try (Stream<Path> folders = Files.walk(dir.rounds(), 2)) {
            return folders.filter(f -> f.getFileName().toString().startsWith("round-"))
                    .map(dir::name)
                    .sorted()
                    .toList();
        }
    }

    /** A link, where nothing stands any more. */
    void link(String path, String target) throws IOException {
        Path link = dir.root().resolve(path);
        before.putIfAbsent(link, null);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(target));
    }

    /** Makes everything as it was. */
    void restore() throws IOException {
        for (Map.Entry<Path, byte[]> file : before.entrySet()) {
            if (file.getValue() == null || Files.isSymbolicLink(file.getKey())) {
                Files.deleteIfExists(file.getKey());
                removeEmptied(file.getKey().getParent());
            }
        }
        for (Map.Entry<Path, byte[]> file : before.entrySet()) {
            if (file.getValue() != null) {
                Files.createDirectories(file.getKey().getParent());
                Files.write(file.getKey(), file.getValue());
            }
        }
        before.clear();
    }

    private void remember(Path file) throws IOException {
        if (!before.containsKey(file)) {
            before.put(file, Files.exists(file) ? Files.readAllBytes(file) : null);
        }
    }

    /** A folder that has lost its last file is gone too, as one that was never made. */
    private void removeEmptied(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                try (Stream<Path> children = Files.list(each)) {
                    if (children.findAny().isEmpty()) {
                        Files.delete(each);
                    }
                }
            }
        }
    }

    private static List<Path> files(Path target) throws IOException {
        try (Stream<Path> all = Files.walk(target)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
