import base.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All of a folder in one text: names, rights, times of files and folders, hashes. */
final class Listing {
    private Listing() {}

    static String of(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walked = Files.walk(folder)) {
            all = walked.sorted().toList();
        }
        StringBuilder text = new StringBuilder();
        for (Path path : all) {
            PosixFileAttributes is = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            text.append(folder.relativize(path))
                    .append(' ')
                    .append(is.permissions().stream().map(Enum::name).sorted().collect(Collectors.joining(",")))
                    .append(' ')
                    .append(is.lastModifiedTime())
                    .append(' ')
                    .append(is.isRegularFile() ? Sha256.of(path) : "-")
                    .append('\n');
        }
        return text.toString();
    }
}
