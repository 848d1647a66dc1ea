//FILES scenarios/=../../scenarios/**
package rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import soak.Failure;

/** The scenarios that come with the program, and files of one's own. */
final class Scenarios {
  private static final String ENDING = ".json";
  private static final String ANCHOR = "/scenarios/clean" + ENDING;

  private Scenarios() {}

  /** All that come with the program, by name. */
  static List<Scenario> bundled() {
    List<Scenario> all = new ArrayList<>();
    texts().forEach((name, text) -> all.add(Scenario.parse(name, text)));
    return all;
  }

  /** @param name of one that comes with the program, or a file */
  static Scenario named(String name) {
    Map<String, String> known = texts();
    if (known.containsKey(name)) {
      return Scenario.parse(name, known.get(name));
    }
    Path file = Path.of(name);
    if (!Files.isRegularFile(file)) {
      throw Failure.usage("there is no scenario " + name + ": give a file, or one of " + String.join(", ", known.keySet()));
    }
    try {
      return Scenario.parse(name, Files.readString(file));
    } catch (MalformedInputException e) {
      throw Failure.usage(name + " is no UTF-8 text");
    } catch (IOException e) {
      throw Failure.usage(name + " cannot be read (" + e + ")");
    }
  }

  private static Map<String, String> texts() {
    URL anchor = Scenarios.class.getResource(ANCHOR);
    if (anchor == null) {
      throw new IllegalStateException("scenarios/ is not on the class path: the script lacks //FILES scenarios/=scenarios/**");
    }
    try {
      URI uri = anchor.toURI();
      if (!uri.getScheme().equals("jar")) {
        return texts(Path.of(uri).getParent());
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return texts(jar.getPath(ANCHOR).getParent());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(ENDING)) {
          texts.put(name.substring(0, name.length() - ENDING.length()), Files.readString(file));
        }
      }
    }
    return texts;
  }
}
