package workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import soak.Json;
import soak.SoakDir;

/** The rounds that ran before this one, oldest first, by their folders. What else lies there is none of ours. */
public final class History {
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern ROUND = Pattern.compile("round-([01]\\d|2[0-3])[0-5]\\d[0-5]\\d");

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);

  private final List<Path> folders;

  private History(List<Path> folders) {
    this.folders = folders;
  }

  /** @param current the round that runs, left out */
  public static History before(SoakDir dir, Path current) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(dir.rounds())) {
      for (Path date : children(dir.rounds(), DATE)) {
        for (Path round : children(date, ROUND)) {
          if (!round.equals(current)) {
            found.add(round);
          }
        }
      }
    }
    return new History(found);
  }

  private static List<Path> children(Path folder, Pattern name) throws IOException {
    List<Path> matching = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path child : all) {
        String text = child.getFileName().toString();
        if (name.matcher(text).matches() && (name != DATE || isDate(text)) && Files.isDirectory(child)) {
          matching.add(child);
        }
      }
    }
    Collections.sort(matching); // the names sort as their times do
    return matching;
  }

  private static boolean isDate(String name) {
    try {
      LocalDate.parse(name);
      return true;
    } catch (DateTimeException noSuchDay) {
      return false;
    }
  }

  public List<Path> folders() {
    return folders;
  }

  public int size() {
    return folders.size();
  }

  /** From the newest back. */
  public List<Path> newestFirst() {
    List<Path> reversed = new ArrayList<>(folders);
    Collections.reverse(reversed);
    return reversed;
  }

  /** A round's summary; empty if it has none that can be read: the round was interrupted. */
  public static Optional<JsonNode> summary(Path round) {
    try {
      JsonNode summary = Json.parse(RoundFolder.readBounded(round.resolve(RoundFolder.SUMMARY)));
      return summary.isObject() ? Optional.of(summary) : Optional.empty();
    } catch (IOException missingOrBroken) {
      return Optional.empty();
    }
  }

  /**
   * What a round's check of the control plane's store came to.
   *
   * @param hasResult whether it was sound or damaged; else it could not be checked
   * @param complete whether nothing was left unchecked
   */
  record StoreCheckSaid(boolean hasResult, boolean complete, Set<String> databases, long millis) {}

  /** Empty if the round did not check, or its file cannot be read. */
  static Optional<StoreCheckSaid> storeCheck(Path round) {
    Path file = round.resolve(RoundFolder.STORE_CHECK);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode said = Json.parse(RoundFolder.readBounded(file));
      Set<String> names = new HashSet<>();
      said.path("databases").forEach(name -> names.add(name.asText()));
      return Optional.of(new StoreCheckSaid(said.path("result").isTextual(), said.path("unchecked").isEmpty(), names, said.path("ms").asLong()));
    } catch (IOException broken) {
      return Optional.empty();
    }
  }

  /** The databases that could be checked, back to the last check that left nothing unchecked. */
  public Set<String> databasesCheckedBefore() {
    Set<String> names = new HashSet<>();
    for (Path round : newestFirst()) {
      Optional<StoreCheckSaid> said = storeCheck(round);
      if (said.isPresent()) {
        names.addAll(said.get().databases());
        if (said.get().complete()) {
          break;
        }
      }
    }
    return names;
  }

  /** The second at which it began, by its folder. */
  static Instant second(Path round) {
    return LocalDate.parse(round.getParent().getFileName().toString())
        .atTime(LocalTime.parse(round.getFileName().toString().substring("round-".length()), TIME)).toInstant(ZoneOffset.UTC);
  }

  public static String roundId(Path round) {
    return round.getParent().getFileName() + "/" + round.getFileName();
  }
}
