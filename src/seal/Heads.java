package seal;

import base.Failure;
import base.Sha256;
import base.Why;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import seal.Finding.Kind;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * Heads that were known elsewhere, as they stand in a mailbox, a log, or a list: a round's id with 64 hex digits behind
 * it in the same line, or the line of a round, which ends with 12.
 */
public final class Heads {
    public static final Heads NONE = new Heads("no file", Map.of(), List.of(), List.of());

    private static final String ID = "([0-9]{4}-[0-9]{2}-[0-9]{2}/round-[0-9]{6})(?![0-9])";
    private static final String SHA256 = "(?<![0-9A-Fa-f])([0-9A-Fa-f]{64})(?![0-9A-Fa-f])";
    /** Of the same line and JSON object, with no other round between them. */
    private static final Pattern WHOLE = Pattern.compile(ID + "(?:(?!/round-[0-9])[^\\n{}]){0,80}?" + SHA256);
    /** An object whose fields a program has sorted otherwise. */
    private static final Pattern HASH_FIRST =
            Pattern.compile("\"sha256\"\\s*:\\s*\"" + SHA256 + "\"\\s*,\\s*\"round_id\"\\s*:\\s*\"" + ID);

    /** As the JSON of reports has it, over two lines. */
    private static final Pattern ROUND_FIRST =
            Pattern.compile("\"round_id\"\\s*:\\s*\"" + ID + "\"\\s*,\\s*\"sha256\"\\s*:\\s*\"" + SHA256);

    private static final Pattern LINE =
            Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z) round [0-9]+ slot"
                    + "[^\\n]*? head ([0-9A-Fa-f]{12})(?![0-9A-Fa-f])");

    private final String from;
    /**
     * By round: all must be right. Who forged a round and owns its machine can mail the line of the forged one after
     * that of the true one.
     */
    private final Map<String, List<String>> heads;

    private final List<Stamp> stamps;

    /** The options of a command line by which another judge can be given the same. */
    private final List<String> options;

    private Heads(String from, Map<String, List<String>> heads, List<Stamp> stamps, List<String> options) {
        this.from = from;
        this.heads = heads;
        this.stamps = stamps;
        this.options = options;
    }

    /** These, and those that time stamps tell of. */
    public Heads with(List<Stamp> more) {
        return new Heads(from, heads, more, options);
    }

    public List<Stamp> stamps() {
        return stamps;
    }

    public Heads givenBy(List<String> theOptions) {
        return new Heads(from, heads, stamps, theOptions);
    }

    public List<String> options() {
        return options;
    }

    /** Where one of them was known elsewhere: in a file that was given, or by a stamp of a trusted authority. */
    public boolean areAnchors() {
        return !heads.isEmpty() || stamps.stream().anyMatch(Stamp::trusted);
    }

    /** @throws Failure exit 64 if the file cannot be read or holds no head */
    public static Heads read(Path file) {
        try {
            return of(file.toString(), text(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw Failure.usage("--heads " + file + " cannot be read (" + Why.of(e, file)
                    + "): give a file that this user may read");
        }
    }

    /** In UTF-16 where its mark says so, as Windows saves; else all that is looked for is ASCII. */
    private static String text(byte[] bytes) {
        boolean isMarked = bytes.length >= 2 && (bytes[0] & bytes[1] & 0xFF) == 0xFE && bytes[0] != bytes[1];
        return new String(bytes, isMarked ? StandardCharsets.UTF_16 : StandardCharsets.ISO_8859_1);
    }

    private static Heads of(String from, String raw) {
        String text = raw.replace("=\r\n", "").replace("=\n", ""); // as mail breaks long lines
        Map<String, List<String>> heads = new LinkedHashMap<>();
        HASH_FIRST.matcher(text).results().forEach(head -> put(heads, head.group(2), head.group(1)));
        ROUND_FIRST.matcher(text).results().forEach(head -> put(heads, head.group(1), head.group(2)));
        String others = HASH_FIRST.matcher(text).replaceAll("");
        WHOLE.matcher(others).results().forEach(head -> put(heads, head.group(1), head.group(2)));
        LINE.matcher(text).results().forEach(line -> put(heads, id(line.group(1)), line.group(2)));
        if (heads.isEmpty()) {
            throw Failure.usage("--heads " + from + " holds no head: give a text with lines 'ROUND_ID SHA256', or with"
                    + " the lines that rounds print, which end with 'head' and 12 digits");
        }
        return new Heads(from, heads, List.of(), List.of());
    }

    /** Of a time that may be none: then no round has it, as none has an ID that is no second. */
    private static String id(String time) {
        return time.substring(0, 10) + "/round-" + time.substring(11, 19).replace(":", "");
    }

    private static void put(Map<String, List<String>> heads, String id, String sha256) {
        heads.computeIfAbsent(id, any -> new ArrayList<>()).add(sha256.toLowerCase(Locale.ROOT));
    }

    /**
     * @return the places on the chain of the rounds with the right head, and of those before them as far back as each
     *     is what the next one sealed
     */
    BitSet check(Map<String, Link> closed, List<Link> chain, SealCheck findings) {
        BitSet fixed = new BitSet();
        for (int i = chain.size() - 1; i >= 0; i--) {
            fixed.set(
                    i,
                    isRight(chain.get(i))
                            || fixed.get(i + 1) && chain.get(i + 1).seals(chain.get(i)));
        }
        heads.forEach((id, said) -> said.forEach(sha256 -> compare(new Head(id, sha256), from, closed, findings)));
        stamps.forEach(stamp -> check(stamp, closed, findings));
        return fixed;
    }

    private static void check(Stamp stamp, Map<String, Link> closed, SealCheck findings) {
        String unfit = stamp.problem();
        Link stamped = closed.values().stream()
                .filter(link -> link.sha256().equals(stamp.sha256()))
                .findFirst()
                .orElse(null);
        if (unfit == null && stamped != null) {
            stamp.untimely(stamped.roundId())
                    .ifPresent(what -> findings.add(Kind.UNCHECKED, stamp.file(), what, stamped.roundId()));
            return;
        }
        if (unfit == null) {
            unfit = "stamps the head " + Sha256.brief(stamp.sha256()) + " at " + stamp.at()
                    + ", and no round has it: a round of that date was changed or removed since, and the seals were"
                    + " rebuilt";
        }
        boolean masked = stamp.problem() == null
                && closed.values().stream()
                        .filter(link -> stamp.file()
                                .equals(SoakDir.SEALS + "/" + new Head(link.roundId(), link.sha256()).date()
                                        + Head.STAMP))
                        .anyMatch(link -> findings.isMasked(link.summaryPath()));
        findings.add(
                masked ? Kind.UNCHECKED : Kind.ALTERED,
                stamp.file(),
                masked ? "secrets in a round of its date are masked in this archive" : unfit,
                null);
    }

    private boolean isRight(Link link) {
        List<String> said = heads.getOrDefault(link.roundId(), List.of());
        return !said.isEmpty() && said.stream().allMatch(link.sha256()::startsWith)
                || stamps.stream()
                        .anyMatch(stamp -> stamp.trusted()
                                && link.sha256().equals(stamp.sha256())
                                && !stamp.isLate(link.roundId()));
    }

    /** @param by where it stands */
    static void compare(Head head, String by, Map<String, Link> closed, SealCheck findings) {
        Link link = closed.get(head.roundId());
        if (link == null) {
            findings.add(
                    Kind.MISSING,
                    Sealed.path(head.roundId(), RoundFiles.SUMMARY),
                    "is missing: its head is in " + by,
                    head.roundId());
        } else if (!link.sha256().startsWith(head.sha256()) && findings.isMasked(link.summaryPath())) {
            findings.add(
                    Kind.UNCHECKED,
                    link.summaryPath(),
                    "does not have the head " + head.brief() + " that " + by
                            + " says: secrets in it are masked, or it was"
                            + " edited; check the summary in the soak's own folder",
                    head.roundId());
        } else if (!link.sha256().startsWith(head.sha256())) {
            findings.add(
                    Kind.ALTERED,
                    link.summaryPath(),
                    "has the head " + new Head(link.roundId(), link.sha256()).brief() + ", not " + head.brief() + " as "
                            + by + " says: this round or one before it was changed, and the seals since then were"
                            + " rebuilt",
                    head.roundId());
        }
    }
}
