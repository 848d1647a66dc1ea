package rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import soak.SoakDir;

/** Files and folders of a rehearsal, which alone may delete some. */
final class Folders {
  private Folders() {}

  /** By name. */
  static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The round folders, oldest first. */
  static List<Path> rounds(SoakDir dir) throws IOException {
    List<Path> rounds = new ArrayList<>();
    for (Path date : Files.isDirectory(dir.rounds()) ? children(dir.rounds()) : List.<Path>of()) {
      rounds.addAll(children(date));
    }
    return rounds;
  }
}
