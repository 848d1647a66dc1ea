package seal;

import base.Failure;
import base.PlainFile;
import base.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import seal.Finding.Kind;
import settings.Config;
import settings.Secrets;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * Since which round the settings are what they are. A user may edit config.env, a template or the build while the soak
 * runs, and that is told; setup-summary.txt belongs to the past, and may not change.
 */
final class SettingsCheck {
    private static final String STARTED_AT = "SOAK_STARTED_AT";

    private final SoakDir dir;
    private final List<Link> sealed;
    private final SealCheck findings;

    SettingsCheck(SoakDir dir, List<Link> sealed, SealCheck findings) {
        this.dir = dir;
        this.sealed = sealed;
        this.findings = findings;
    }

    void run() throws IOException {
        if (sealed.isEmpty()) {
            return;
        }
        config();
        for (Path template : List.of(dir.planTemplate(), dir.drillTemplate())) {
            String name = template.getFileName().toString();
            edits(
                    name,
                    link -> link.seal().settings().get(name),
                    FolderHashes.of(template),
                    "the file is another",
                    "the file is another");
        }
        Path build = dir.buildSums();
        edits(
                SoakDir.BUILD_SUMS,
                link -> link.seal().build(),
                FolderHashes.of(build),
                "another build ran",
                "it is another build's");
        setup();
    }

    private Link newest() {
        return sealed.get(sealed.size() - 1);
    }

    /**
     * What is told of a file whose content no seal holds.
     *
     * @param ran where a later round sealed another one
     * @param stands where another one stands there since the newest round
     */
    private void edits(String name, Function<Link, String> value, String now, String ran, String stands) {
        String before = value.apply(sealed.get(0));
        for (Link link : sealed) {
            String then = value.apply(link);
            if (unread(name, then, link)) {
                continue;
            }
            if (!Objects.equals(before, then) && !FolderHashes.UNREADABLE.equals(before)) {
                changed(name, (then == null ? "it is gone" : ran) + " since rounds/" + link.roundId(), link.roundId());
            }
            before = then;
        }
        if (FolderHashes.UNREADABLE.equals(now)) {
            findings.add(Kind.UNCHECKED, name, "cannot be read", newest().roundId());
        } else if (!Objects.equals(before, now) && !FolderHashes.UNREADABLE.equals(before)) {
            changed(
                    name,
                    (now == null ? "it is gone" : stands) + " since the newest round, rounds/" + newest().roundId(),
                    newest().roundId());
        }
    }

    /** What a round could not read, as on a disk that failed for that moment, says nothing of the file. */
    private boolean unread(String name, String sealed, Link link) {
        if (!FolderHashes.UNREADABLE.equals(sealed)) {
            return false;
        }
        findings.add(
                Kind.UNCHECKED, name, "could not be read when rounds/" + link.roundId() + " sealed it", link.roundId());
        return true;
    }

    private void changed(String path, String what, String roundId) {
        findings.add(Kind.CHANGED, path, what, roundId);
    }

    // --- config.env -------------------------------------------------------------------------------------------------

    private void config() throws IOException {
        Map<String, String> before = sealed.get(0).seal().config();
        String text = text(sealed.get(0));
        for (int i = 1; i < sealed.size(); i++) {
            Seal seal = sealed.get(i).seal();
            String then = text(sealed.get(i));
            boolean isAsBefore = text == null || then == null || then.equals(text);
            text = then == null ? text : then;
            if (before != null
                    && seal.config() != null
                    && !(isAsBefore && seal.config().equals(before))) {
                String id = sealed.get(i).roundId();
                // Setup writes down when its first round began once that has ended.
                boolean bySetup = i == 1 && sealed.get(0).number() == 1;
                keys(before, seal.config(), "since rounds/" + id, id, key -> bySetup && key.equals(STARTED_AT));
            }
            before = seal.config() != null ? seal.config() : before;
        }
        byte[] now = RoundFiles.bytes(dir.config());
        if (before == null || now == null || Sha256.of(now).equals(text)) {
            return;
        }
        try {
            Config config = Config.parse(dir, new String(now, StandardCharsets.UTF_8));
            keys(
                    before,
                    Sealed.values(config, Secrets.of(config)),
                    "since the newest round, rounds/" + newest().roundId(),
                    newest().roundId(),
                    key -> sealed.size() == 1 && newest().number() == 1 && key.equals(STARTED_AT));
        } catch (Failure broken) {
            changed(SoakDir.CONFIG, "cannot be read: " + broken.getMessage(), newest().roundId());
        }
    }

    /** The hash that a round sealed; null where it could not read the file, or there was none. */
    private static String text(Link link) {
        String hash = link.seal().settings().get(SoakDir.CONFIG);
        return FolderHashes.UNREADABLE.equals(hash) ? null : hash;
    }

    /** @param usual keys of which nothing is told */
    private void keys(
            Map<String, String> before, Map<String, String> now, String since, String id, Predicate<String> usual) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        boolean any = false;
        for (String key : keys) {
            if (!Objects.equals(before.get(key), now.get(key))) {
                any = true;
                if (!usual.test(key)) {
                    changed(
                            SoakDir.CONFIG,
                            key + " is " + shown(now.get(key)) + ", was " + shown(before.get(key)) + ", " + since,
                            id);
                }
            }
        }
        if (!any) {
            changed(SoakDir.CONFIG, "its text changed " + since + ", but no value that may be shown", id);
        }
    }

    private static String shown(String value) {
        return value == null ? "not set" : value.isEmpty() ? "empty" : value;
    }

    // --- setup-summary.txt ------------------------------------------------------------------------------------------

    /**
     * Only the first setup writes it, before the first round, and reports go by it as it stands: so it must be what the
     * first round saw, whatever others saw in between.
     */
    private void setup() throws IOException {
        List<Link> read = sealed.stream()
                .filter(link -> !unread(SoakDir.SETUP_SUMMARY, summary(link), link))
                .toList();
        if (read.isEmpty()) {
            return;
        }
        String now = FolderHashes.of(dir.setupSummary());
        if (!isAsItWas(read, now)) {
            Link newest = read.get(read.size() - 1);
            read.stream()
                    .filter(link -> Objects.equals(summary(link), now))
                    .findFirst()
                    .ifPresentOrElse(
                            since -> setupIs(now, read.get(0), since.roundId()),
                            () -> setupIs(now, newest, newest.roundId()));
            return;
        }
        String before = now;
        for (Link link : read.subList(1, read.size())) {
            String then = summary(link);
            if (!Objects.equals(then, now) && !Objects.equals(then, before)) {
                changed(
                        SoakDir.SETUP_SUMMARY,
                        (then == null ? "was gone" : "was another file") + " when rounds/" + link.roundId()
                                + " ran, and is as it was again",
                        link.roundId());
            }
            before = then;
        }
    }

    /** @param sealed all that could read it, oldest first */
    private boolean isAsItWas(List<Link> sealed, String now) throws IOException {
        Link first = sealed.get(0);
        return Objects.equals(summary(first), now)
                || isByFirstSetup(first, now) && (sealed.size() == 1 || now.equals(summary(sealed.get(1))));
    }

    private static String summary(Link link) {
        return link.seal().settings().get(SoakDir.SETUP_SUMMARY);
    }

    private void setupIs(String now, Link by, String since) {
        boolean added = summary(by) == null;
        findings.add(
                now == null ? Kind.MISSING : added ? Kind.ADDED : Kind.ALTERED,
                SoakDir.SETUP_SUMMARY,
                now == null
                        ? "is gone: rounds/" + by.roundId() + " sealed it"
                        : added
                                ? "was not there when rounds/" + by.roundId() + " ran"
                                : "is not what rounds/" + by.roundId() + " sealed",
                since);
    }

    /**
     * The first setup writes the start of the soak into it once its first round has ended: but for that line it must be
     * what that round saw.
     */
    private boolean isByFirstSetup(Link first, String now) throws IOException {
        if (first != sealed.get(0) || first.number() != 1 || now == null || !Sha256.isHash(now)) {
            return false;
        }
        String startedAt = first.startedAt() == null || first.startedAt().isEmpty() ? "n/a" : first.startedAt();
        // whoever edits it need not write UTF-8
        String asItWas = PlainFile.text(dir.setupSummary(), StandardCharsets.ISO_8859_1)
                .replaceFirst("(?m)^started_at: .*$", "started_at: " + startedAt);
        return Sha256.of(asItWas.getBytes(StandardCharsets.ISO_8859_1))
                .equals(first.seal().settings().get(SoakDir.SETUP_SUMMARY));
    }
}
