package archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import base.Failure;
import base.HeadersFile;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import settings.Config;
import settings.ConfigText;
import settings.Secrets;
import soak.Gzip;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * What stands in an archive in the place of secrets (contract, section 2 "Secrets"). A report judges a masked file as
 * it judges the one on disk: lines of recovery.txt that are ours, and all ids, stay as they are.
 */
final class ArchiveMasks {
    private static final int LOOKED_AT = 8192;
    /** What other programs printed: there, what is called a token is one. */
    private static final Set<String> PRINTED = Set.of(
            RoundFiles.RECOVERY,
            RoundFiles.FORENSICS,
            SoakDir.CP_LOG,
            SoakDir.CRON_LOG,
            SoakDir.SETUP_SUMMARY,
            SoakDir.SETUP_RESUMES);
    /** What holds ids that reports compare: no shape of one is taken for a token's. */
    private static final Set<String> IDS = Set.of(
            RoundFiles.PLAN_IDS,
            RoundFiles.GIVEN_IDS,
            RoundFiles.DRILL,
            RoundFiles.REFUTED,
            RoundFiles.STUCK_SINCE,
            RoundFiles.STUCK_SCAN,
            RoundFiles.INTEGRITY,
            RoundFiles.CONVICTING_LISTING.substring(
                    0, RoundFiles.CONVICTING_LISTING.length() - RoundFiles.GZIPPED.length()));
    /** Our own line of recovery.txt; what the command printed follows it, indented. */
    private static final Pattern RECOVERY_LINE = Pattern.compile("(?m)^\\S.* exit=-?\\d+(?: ms=\\d+)?$");

    private final SoakDir dir;
    private final Secrets secrets;

    /** @param places how many a mark has taken; 0: the bytes are those that came */
    record Masked(byte[] bytes, int places) {}

    ArchiveMasks(Config config) {
        this.dir = config.dir();
        this.secrets = Secrets.of(config, headers(config));
    }

    /** Headers that cannot be read now were none that anybody could have repeated since. */
    private static Map<String, String> headers(Config config) {
        try {
            return config.file("CP_HEADERS_FILE")
                    .map(file -> HeadersFile.secrets(HeadersFile.read("CP_HEADERS_FILE", file)))
                    .orElse(Map.of());
        } catch (Failure unreadable) {
            return Map.of();
        }
    }

    Masked text(String text) {
        Secrets.Masked masked = secrets.scanned(text, false);
        return new Masked(masked.text().getBytes(UTF_8), masked.places());
    }

    /** @param bytes what the file holds, or a part of it that ends with a line */
    Masked of(Path file, byte[] bytes) throws IOException {
        String name = file.getFileName().toString();
        if (file.startsWith(dir.bin())) {
            return new Masked(bytes, 0); // its SHA256SUMS must hold
        }
        if (isSettings(file)) {
            Secrets.Masked masked = ConfigText.masked(new String(bytes, UTF_8), secrets);
            return masked.places() == 0
                    ? new Masked(bytes, 0)
                    : new Masked(masked.text().getBytes(UTF_8), masked.places());
        }
        if (file.startsWith(dir.rounds()) && name.endsWith(RoundFiles.GZIPPED)) {
            return compressed(bytes, name.substring(0, name.length() - RoundFiles.GZIPPED.length()));
        }
        Path whole = file.resolveSibling(name + RoundFiles.GZIPPED);
        if (file.startsWith(dir.rounds()) && Files.isRegularFile(whole)) {
            return pointer(bytes, whole, name);
        }
        return isText(bytes) ? plain(bytes, name) : new Masked(bytes, 0);
    }

    /** A copy beside config.env (config.env.bak, config.env~) holds what that once held. */
    private boolean isSettings(Path file) {
        return dir.root().equals(file.getParent())
                && file.getFileName()
                        .toString()
                        .startsWith(dir.config().getFileName().toString());
    }

    private Masked plain(byte[] bytes, String name) {
        String text = new String(bytes, ISO_8859_1); // each byte a character, and back
        Secrets.Masked masked = name.equals(RoundFiles.RECOVERY)
                ? recovery(text)
                : IDS.contains(name) ? secrets.masked(text) : secrets.scanned(text, PRINTED.contains(name));
        return masked.places() == 0
                ? new Masked(bytes, 0)
                : new Masked(masked.text().getBytes(ISO_8859_1), masked.places());
    }

    private Secrets.Masked recovery(String text) {
        StringBuilder masked = new StringBuilder();
        int places = 0;
        int end = 0;
        Matcher ours = RECOVERY_LINE.matcher(text);
        while (true) {
            boolean more = ours.find(end);
            Secrets.Masked between = secrets.scanned(text.substring(end, more ? ours.start() : text.length()), true);
            masked.append(between.text());
            places += between.places();
            if (!more) {
                return new Secrets.Masked(masked.toString(), places);
            }
            masked.append(ours.group());
            end = ours.end();
        }
    }

    private Masked compressed(byte[] bytes, String name) throws IOException {
        Masked masked = unpacked(bytes, name);
        return masked == null || masked.places == 0
                ? new Masked(bytes, 0)
                : new Masked(Gzip.of(masked.bytes), masked.places);
    }

    /** @return null for what is no whole gzip of a size that rounds write */
    private Masked unpacked(byte[] compressed, String name) {
        try {
            return plain(Gzip.unpacked(compressed), name);
        } catch (IOException damagedOrTooLarge) {
            return null;
        }
    }

    /** NAME says of NAME.gz how long it is and what its hash is: of the masked one, in the archive. */
    private Masked pointer(byte[] bytes, Path whole, String name) throws IOException {
        JsonNode told = RoundFiles.pointer(bytes).orElse(null);
        if (told == null) {
            return isText(bytes) ? plain(bytes, name) : new Masked(bytes, 0);
        }
        Masked masked = unpacked(Files.readAllBytes(whole), name);
        if (masked == null || masked.places == 0) {
            return new Masked(bytes, 0);
        }
        return new Masked(RoundFiles.Pointer.masked(told, masked.bytes).getBytes(UTF_8), 0);
    }

    static boolean isText(byte[] bytes) {
        int looked = Math.min(bytes.length, LOOKED_AT);
        for (int i = 0; i < looked; i++) {
            if (bytes[i] == 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether bytes that cannot be masked, such as a database's, hold a value of config.env. */
    boolean holdsSecret(InputStream in) throws IOException {
        if (secrets.isEmpty()) {
            return false;
        }
        byte[] buffer = new byte[1 << 20];
        int kept = 0;
        for (int read = in.readNBytes(buffer, 0, buffer.length);
                read > 0;
                read = in.readNBytes(buffer, kept, buffer.length - kept)) {
            if (secrets.masked(new String(buffer, 0, kept + read, ISO_8859_1)).places() > 0) {
                return true;
            }
            int length = kept + read;
            kept = Math.min(length, 4096); // a value may lie across two looks
            System.arraycopy(Arrays.copyOfRange(buffer, length - kept, length), 0, buffer, 0, kept);
        }
        return false;
    }
}
