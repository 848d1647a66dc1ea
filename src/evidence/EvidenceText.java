package evidence;

import base.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import soak.Access;
import soak.RoundFiles;

/** The bytes of an evidence file as text, and in our words why there is none. */
final class EvidenceText {
    private EvidenceText() {}

    /** @return the text, null if there is no such file */
    static String of(Path file) throws IOException {
        byte[] bytes = RoundFiles.bytes(file);
        return bytes == null ? null : decoded(bytes);
    }

    static String decoded(byte[] bytes) throws CharacterCodingException {
        return Json.withoutMark(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString());
    }

    /**
     * A text all the same where it is no UTF-8, which {@code told} hears of: one bad byte must not hide the other
     * lines.
     */
    static String decodedOrDamaged(byte[] bytes, Consumer<IOException> told) {
        try {
            return decoded(bytes);
        } catch (CharacterCodingException e) {
            told.accept(e);
            return damaged(bytes);
        }
    }

    /** @throws base.Failure as {@link Access#require(IOException)} */
    static String reason(IOException e) {
        if (e instanceof CharacterCodingException) {
            return "is not UTF-8 text";
        }
        Access.require(e);
        return "cannot be read: " + firstLine(e.getMessage());
    }

    static String firstLine(String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }

    /** U+FFFD for what is no UTF-8. */
    private static String damaged(byte[] bytes) {
        return Json.withoutMark(new String(bytes, StandardCharsets.UTF_8));
    }
}
