package base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of headers (CP_HEADERS_FILE): what each request brings along, a line {@code Name: value} each; empty lines and
 * lines that begin with # are passed over. The values are secrets: no sentence of ours holds one.
 */
public final class HeadersFile {
    private static final String HIDDEN = "[header of CP_HEADERS_FILE]";
    private static final int MAX_BYTES = 64 * 1024;
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9!$%&'*+.^_`|~-]+):[ \t]*(\\S(?:.*\\S)?)[ \t]*");
    /** What the request itself is made of, or would ask for an answer that nobody here reads. */
    private static final Set<String> OURS =
            Set.of(("host content-length content-type transfer-encoding connection accept-encoding expect te"
                            + " trailer upgrade x-autonomy-operator")
                    .split(" "));

    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    public record Header(String name, String value) {}

    private HeadersFile() {}

    /**
     * @param setting what names the file, for messages
     * @throws Failure exit 64 for a file that others may read, or a line that is not a header, by its number
     */
    public static List<Header> read(String setting, Path file) {
        List<Header> headers = new ArrayList<>();
        String[] lines = text(setting, file).split("\r?\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].isBlank() || lines[i].startsWith("#")) {
                continue;
            }
            Matcher line = LINE.matcher(lines[i]);
            if (!line.matches() || lines[i].chars().anyMatch(c -> c > '~' || c < ' ' && c != '\t')) {
                throw Failure.usage(
                        setting + " " + file + " line " + (i + 1) + " is not a header: write Name: value, in ASCII");
            }
            if (OURS.contains(line.group(1).toLowerCase(Locale.ROOT))) {
                throw Failure.usage(setting + " " + file + " line " + (i + 1) + ": the header " + line.group(1)
                        + " belongs to the request itself"
                        + (line.group(1).equalsIgnoreCase("x-autonomy-operator") ? " (AUTONOMY_OPERATOR sets it)" : "")
                        + ": take the line out");
            }
            headers.add(new Header(line.group(1), line.group(2)));
        }
        if (headers.isEmpty()) {
            throw Failure.usage(setting + " " + file
                    + " holds no header: write lines such as Authorization: Bearer …, or leave the key empty");
        }
        return headers;
    }

    /**
     * The values with the mark that takes their place: each whole, and what follows a scheme in it, such as Bearer or
     * Basic.
     */
    public static Map<String, String> secrets(List<Header> headers) {
        Map<String, String> secrets = new LinkedHashMap<>();
        for (Header header : headers) {
            secrets.put(header.value(), HIDDEN);
            String last = header.value().substring(header.value().lastIndexOf(' ') + 1);
            secrets.put(last, HIDDEN);
            if (header.value().regionMatches(true, 0, "Basic ", 0, 6)) {
                secrets.put(password(last), HIDDEN);
            }
        }
        return secrets;
    }

    /** What a server that tells why it refuses has unpacked. */
    private static String password(String userAndPassword) {
        try {
            String both = new String(Base64.getDecoder().decode(userAndPassword), StandardCharsets.UTF_8);
            return both.substring(both.indexOf(':') + 1);
        } catch (IllegalArgumentException noBase64) {
            return userAndPassword;
        }
    }

    private static String text(String setting, Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                throw Failure.usage(setting + " " + file + " is not a regular file of at most " + (MAX_BYTES >> 10)
                        + " KiB: give one with lines Name: value");
            }
            if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                throw Failure.usage(
                        setting + " " + file + " can be read by others, and what it holds is secret: chmod 600 "
                                + ShellWords.quote(file.toString()));
            }
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException | UnsupportedOperationException e) {
            throw Failure.usage(setting + " " + file + " cannot be read by " + ThisUser.name() + " (" + Why.of(e, file)
                    + "): correct the name, or its rights");
        }
    }
}
