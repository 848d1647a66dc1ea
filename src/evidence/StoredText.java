package evidence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import soak.Json;

/**
 * A file of a round that round.java keeps small: above 64 KiB its whole lies compressed in NAME.gz, and NAME is a JSON
 * object that says so, {@code {"stored_in": "NAME.gz", "bytes": N, "sha256": "…", "kept_bytes": M}} (docs/evidence.md).
 *
 * @param file the name of the file that {@code problem} is about
 * @param bytes the content, null if it cannot be had
 * @param said how long the whole was, null where the file stands plainly
 * @param kept how much of it was kept
 * @param problem why the compressed file is not what it should be, else null
 */
record StoredText(String file, byte[] bytes, Long said, Long kept, String problem) {
  static final String ENDING = ".gz";
  static final int LARGEST_POINTER_BYTES = 1024;

  boolean pointed() {
    return said != null || problem != null;
  }

  /** Only a part of it was kept: what is not in there may yet have been. */
  boolean cut() {
    return said != null && kept < said;
  }

  /**
   * @param plain what NAME holds, null if there is no such file
   * @return null if there is neither NAME nor NAME.gz
   */
  static StoredText of(Path file, byte[] plain) throws IOException {
    String name = file.getFileName().toString();
    Path whole = file.resolveSibling(name + ENDING);
    if (plain == null) {
      // The round was killed between the two: the compressed file is whole, and its own checksum is in it.
      byte[] compressed = EvidenceReader.bytes(whole);
      return compressed == null ? null : unpacked(whole, compressed, null, null, null);
    }
    JsonNode pointer = pointer(plain);
    if (pointer == null) {
      return new StoredText(name, plain, null, null, null);
    }
    if (!pointer.get("stored_in").asText().equals(name + ENDING) || !pointer.path("bytes").isIntegralNumber() || !pointer.path("kept_bytes").isIntegralNumber()
        || !pointer.path("sha256").isTextual()) {
      return new StoredText(name, null, null, null, "says that it is stored elsewhere, but not by stored_in, bytes, kept_bytes and sha256: not read");
    }
    byte[] compressed = EvidenceReader.bytes(whole);
    if (compressed == null) {
      return new StoredText(name + ENDING, null, null, null, "is absent, and " + name + " says that it holds " + pointer.get("bytes").asLong() + " bytes");
    }
    return unpacked(whole, compressed, pointer.get("bytes").asLong(), pointer.get("kept_bytes").asLong(), pointer.get("sha256").asText());
  }

  private static StoredText unpacked(Path whole, byte[] compressed, Long said, Long kept, String sha256) throws IOException {
    String name = whole.getFileName().toString();
    byte[] content;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      content = EvidenceReader.bounded(in);
    } catch (ZipException | EOFException broken) {
      return new StoredText(name, null, null, null, "is no whole gzip file: not read");
    }
    if (said == null) {
      return new StoredText(name, content, (long) content.length, (long) content.length, null);
    }
    if (content.length != kept) {
      return new StoredText(name, null, null, null, "holds " + content.length + " bytes, not the " + kept + " that were kept: not read");
    }
    if (kept.equals(said) && !sha256(content).equals(sha256)) {
      return new StoredText(name, null, null, null, "has another SHA-256 than was noted when it was written: not read");
    }
    return new StoredText(name, kept < said ? wholeLines(content) : content, said, kept, null);
  }

  private static JsonNode pointer(byte[] plain) {
    String text = plain.length > LARGEST_POINTER_BYTES ? "" : Json.withoutMark(new String(plain, java.nio.charset.StandardCharsets.UTF_8));
    if (!text.startsWith("{")) {
      return null;
    }
    try {
      JsonNode tree = Json.parse(text);
      return tree.path("stored_in").isTextual() ? tree : null;
    } catch (JsonProcessingException noPointer) {
      return null;
    }
  }

  /** Where a text was cut, its last line is half a line, and may end in half a character. */
  private static byte[] wholeLines(byte[] content) {
    int end = content.length;
    while (end > 0 && content[end - 1] != '\n') {
      end--;
    }
    return Arrays.copyOf(content, end);
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
