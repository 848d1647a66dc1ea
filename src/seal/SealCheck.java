package seal;

import base.Json;
import base.PlainFile;
import base.Sha256;
import cache.DayCache;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import seal.Finding.Kind;
import soak.Access;
import soak.RoundFiles;
import soak.SoakDir;

/**
 * Holds the evidence against its seals: every link, every file of a round, every log's first bytes, and what the
 * settings were. It reads the folder and believes nothing else. Contract, section 8, says what that finds and what it
 * cannot.
 */
public final class SealCheck {
    private final SoakDir dir;
    private final Masked masked;
    private final List<Finding> findings = new ArrayList<>();
    private final RoundLinks roundLinks;
    private final Map<String, Link> closed;
    private final Set<String> open;
    /** The link that fixes each round: its own, or that of the round that closed or adopted it. */
    private final Map<String, Integer> fixedBy = new HashMap<>();

    private final Map<String, Integer> adoptedBy = new HashMap<>();

    /** Rounds whose summary is not what the next one sealed: what their seals say is not to be believed. */
    private final Set<String> altered = new HashSet<>();

    private Chain chain;
    private final RoundHashes hashes;

    private SealCheck(SoakDir dir, DayCache cache) throws IOException {
        this.dir = dir;
        this.roundLinks = RoundLinks.of(dir, cache);
        this.closed = roundLinks.closed();
        this.open = roundLinks.open();
        this.hashes = new RoundHashes(cache);
        this.masked = Masked.of(dir);
    }

    /**
     * @param heads known elsewhere
     * @param progress is told of each round that was looked at
     */
    public static SealReport of(SoakDir dir, Heads heads, Progress progress) throws IOException {
        return of(dir, heads, progress, DayCache.NONE);
    }

    /** The same for a report, which may go by what an earlier one found in files that have not changed since. */
    public static SealReport of(SoakDir dir, Heads heads, Progress progress, DayCache cache) throws IOException {
        try {
            return new SealCheck(dir, cache).run(heads, progress);
        } catch (IOException e) {
            Access.require(e);
            throw e;
        }
    }

    /** How far it is. */
    public interface Progress {
        Progress NONE = (looked, of) -> {};

        void looked(int looked, int of);
    }

    private SealReport run(Heads heads, Progress progress) throws IOException {
        chain = Chain.of(closed);
        links();
        int looked = 0;
        for (int i = 0; i < chain.links().size(); i++) {
            Link link = chain.links().get(i);
            fixedBy.put(link.roundId(), i);
            if (link.isSealed()) {
                sealedBy(link, i);
            }
            progress.looked(++looked, chain.links().size());
        }
        Link.stripped(closed.values())
                .forEach(link -> add(Kind.ALTERED, link.summaryPath(), Link.STRIPPED, link.roundId()));
        beside();
        List<Link> sealed = chain.links().stream()
                .filter(link -> link.isSealed() && !altered.contains(link.roundId()))
                .toList();
        new SettingsCheck(dir, sealed, this).run();
        new LogCheck(dir, sealed, this).run();
        dailyHeads();
        toldHeads();
        return report(heads.check(closed, chain.links(), this));
    }

    /** @param place of the link on the chain */
    private void sealedBy(Link link, int place) throws IOException {
        boolean believed = !altered.contains(link.roundId());
        if (believed && !roundLinks.fits(link.roundId())) {
            files(link.roundId(), link.roundId(), link.seal().files(), FolderHashes::withoutSummary);
        }
        for (var round : link.seal().unclosed().entrySet()) {
            if (round.getValue().containsKey(RoundFiles.SUMMARY)) { // of a round with a summary only the chain tells
                add(
                        Kind.ALTERED,
                        link.summaryPath(),
                        "its seal calls rounds/" + round.getKey() + " killed, and yet names a summary of it",
                        link.roundId());
                continue;
            }
            fixedBy.put(round.getKey(), place);
            if (believed) {
                files(round.getKey(), link.roundId(), round.getValue(), hashes::all);
            }
        }
        if (link.seal().adopted() != null) {
            adopted(link, place, believed);
        }
    }

    /** Whether an archive has masked secrets in the file, so that its hash tells nothing. */
    boolean isMasked(String path) {
        return masked.hides(path, Kind.ALTERED);
    }

    /** @param roundId as in {@link Finding}; may be null */
    void add(Kind kind, String path, String what, String roundId) {
        Kind told = kind.isAlteration() && masked.hides(path, kind) ? Kind.UNCHECKED : kind;
        findings.add(new Finding(told, path, told == kind ? what : Masked.untold(path), roundId));
    }

    // --- the chain --------------------------------------------------------------------------------------------------

    private void links() {
        for (Link link : chain.links()) {
            Head before = link.isSealed() ? link.seal().previous() : null;
            Link previous = before == null ? null : closed.get(before.roundId());
            if (previous != null && !previous.sha256().equals(before.sha256())) {
                if (!isMasked(previous.summaryPath())) {
                    altered.add(before.roundId());
                }
                add(
                        Kind.ALTERED,
                        previous.summaryPath(),
                        (previous.readable() ? "is not what rounds/" : "cannot be read, and is not what rounds/")
                                + link.roundId() + " sealed: the round's other files cannot be checked without it",
                        before.roundId());
            }
        }
        for (Chain.Gap gap : chain.gaps()) {
            if (altered.contains(gap.after().roundId())) {
                continue; // what it says of the round before it is not to be believed
            }
            String sealed = ": rounds/" + gap.after().roundId() + " sealed it";
            if (open.remove(gap.gone())) {
                add(
                        Kind.MISSING,
                        Sealed.path(gap.gone(), RoundFiles.SUMMARY),
                        "is gone" + sealed + ", and its files cannot be checked without it",
                        gap.gone());
            } else {
                add(
                        Kind.MISSING,
                        SoakDir.roundName(gap.gone()),
                        (gap.rounds() == 1
                                        ? "the round is gone"
                                        : "the round is gone, with " + (gap.rounds() - 1) + " before it")
                                + sealed,
                        gap.gone());
            }
        }
    }

    // --- files ------------------------------------------------------------------------------------------------------

    private interface Hashes {
        SortedMap<String, String> of(Path folder) throws IOException;
    }

    /** @param by the round that sealed them */
    private void files(String id, String by, Map<String, String> sealed, Hashes hashes) throws IOException {
        Path folder = dir.round(id);
        if (!Files.isDirectory(folder)) {
            add(Kind.MISSING, SoakDir.roundName(id), "the round is gone: rounds/" + by + " sealed it", id);
            return;
        }
        SortedMap<String, String> found = hashes.of(folder);
        Set<String> names = new TreeSet<>(sealed.keySet());
        names.addAll(found.keySet());
        for (String name : names) {
            compare(Sealed.path(id, name), sealed.get(name), found.get(name), id, by);
        }
    }

    private void compare(String path, String sealed, String found, String id, String by) {
        String who = id.equals(by) ? "the round's seal" : "rounds/" + by;
        if (sealed == null) {
            add(Kind.ADDED, path, who + " does not name it", id);
        } else if (FolderHashes.UNREADABLE.equals(sealed)) {
            add(Kind.UNCHECKED, path, "could not be read when it was sealed", id);
        } else if (found == null) {
            add(Kind.MISSING, path, who + " names it", id);
        } else if (FolderHashes.UNREADABLE.equals(found)) {
            Access.require(dir.root().resolve(path)); // it is there, so the path is one
            add(Kind.MISSING, path, "cannot be read: " + who + " names it", id);
        } else if (!found.equals(sealed)) {
            add(
                    Kind.ALTERED,
                    path,
                    Sha256.isHash(found)
                            ? (dir.root().resolve(path).toFile().length() == 0 ? "is empty, and" : "is") + " not what "
                                    + who + " says (sha256 " + Sha256.brief(found) + ", sealed " + Sha256.brief(sealed)
                                    + ")"
                            : "is " + found + ", which " + who + " does not say",
                    id);
        }
    }

    /** The rounds before the first seal, by the list that the adopting round wrote of their files. */
    private void adopted(Link link, int place, boolean believed) throws IOException {
        SortedMap<String, SortedMap<String, String>> rounds = believed ? AdoptedRounds.of(dir, link) : null;
        if (rounds == null) {
            add(
                    Kind.UNCHECKED,
                    "rounds",
                    "the " + link.seal().adopted().rounds() + " rounds that rounds/" + link.roundId()
                            + " adopted cannot be checked without its " + RoundFiles.ADOPTED,
                    link.roundId());
            closed.keySet().stream()
                    .filter(id -> id.compareTo(link.roundId()) < 0)
                    .forEach(id -> fixedBy.putIfAbsent(id, place));
            open.stream().filter(id -> id.compareTo(link.roundId()) < 0).forEach(id -> fixedBy.putIfAbsent(id, place));
            return;
        }
        for (var round : rounds.entrySet()) {
            fixedBy.putIfAbsent(round.getKey(), place); // one with a seal is fixed by that too
            adoptedBy.put(round.getKey(), place);
            files(round.getKey(), link.roundId(), round.getValue(), hashes::all);
        }
        long empty = 0; // such a folder has no line
        for (String id : open) {
            if (!rounds.containsKey(id)
                    && id.compareTo(link.roundId()) < 0
                    && hashes.all(dir.round(id)).isEmpty()) {
                fixedBy.putIfAbsent(id, place);
                empty++;
            }
        }
        long gone = link.seal().adopted().rounds() - rounds.size() - empty;
        if (gone > 0) {
            add(
                    Kind.MISSING,
                    "rounds",
                    gone + " empty " + (gone == 1 ? "folder is" : "folders are") + " gone that rounds/" + link.roundId()
                            + " adopted",
                    link.roundId());
        }
    }

    // --- what no seal names -----------------------------------------------------------------------------------------

    private void beside() {
        Link newest = chain.newest();
        List<String> unsealed = new ArrayList<>();
        Collection<String> all = new TreeSet<>(closed.keySet());
        all.addAll(open);
        for (String id : all) {
            Link link = closed.get(id);
            if (fixedBy.containsKey(id)) {
                // One that stands on the chain without a seal was altered, which is told already.
                if (link != null && !link.isSealed() && chain.links().get(fixedBy.get(id)) != link) {
                    unsealed.add(id);
                    continue;
                }
            } else if (link != null && link.isElsewhere()) {
                add(Kind.ADDED, SoakDir.roundName(id), "its summary is that of rounds/" + link.saidId(), id);
            } else if (newest != null && (link != null && link.isSealed() || id.compareTo(newest.roundId()) < 0)) {
                add(Kind.ADDED, SoakDir.roundName(id), "no round sealed it, and later ones are there", id);
            } else if (link != null) {
                unsealed.add(id);
                continue;
            } else if (newest != null) {
                findings.add(new Finding(
                        Kind.UNSEALED,
                        SoakDir.roundName(id),
                        "has no summary yet: it runs, or was killed; the next round seals it",
                        id));
            }
            tellUnsealed(unsealed);
        }
        tellUnsealed(unsealed);
    }

    private void tellUnsealed(List<String> run) {
        if (!run.isEmpty()) {
            Integer by = fixedBy.get(run.get(0));
            findings.add(new Finding(
                    Kind.UNSEALED,
                    SoakDir.roundName(run.get(0)),
                    (run.size() == 1
                                    ? "the round has no seal of its own"
                                    : run.size() + " rounds up to rounds/" + run.get(run.size() - 1)
                                            + " have no seal of their own")
                            + (by == null
                                    ? ", and none has adopted it"
                                    : "; rounds/" + chain.links().get(by).roundId() + " adopted "
                                            + (run.size() == 1 ? "it" : "them")),
                    run.get(0)));
            run.clear();
        }
    }

    /** What the first report of a date noted is older than whatever was done to the rounds since. */
    private void dailyHeads() throws IOException {
        for (Path file : RoundFiles.children(dir.daily())) {
            if (SoakDir.dateOfSummary(file).isEmpty() || !Files.isRegularFile(file)) {
                continue;
            }
            Head head;
            try {
                JsonNode said = Json.parse(PlainFile.text(file)).path("head");
                head = Head.of(said).orElse(null);
            } catch (IOException broken) {
                continue; // the report on it tells
            }
            if (head != null) {
                String by = dir.name(file);
                Heads.compare(head, by, closed, this);
            }
        }
    }

    /** What HEAD_COMMAND was told. */
    private void toldHeads() throws IOException {
        for (Path file : RoundFiles.children(dir.seals())) {
            if (file.getFileName().toString().endsWith(Head.TOLD) && Files.isRegularFile(file)) {
                String name = dir.name(file);
                Optional<Head> head =
                        Files.size(file) > Head.MOST_BYTES ? Optional.empty() : Head.of(RoundFiles.bytes(file));
                head.ifPresentOrElse(
                        told -> Heads.compare(told, name, closed, this),
                        () -> add(Kind.ALTERED, name, "holds no head", null));
            }
        }
    }

    private SealReport report(BitSet anchors) {
        List<String> anchored = new ArrayList<>();
        List<String> sealed = new ArrayList<>();
        List<String> unsealed = new ArrayList<>();
        Collection<String> all = new TreeSet<>(closed.keySet());
        all.addAll(open);
        for (String id : all) {
            Integer by = fixedBy.get(id);
            Link link = closed.get(id);
            if (by != null && (anchors.get(by) || anchors.get(adoptedBy.getOrDefault(id, by)))) {
                anchored.add(id);
            } else if (by != null && (link == null || link.isSealed())) {
                sealed.add(id);
            } else {
                unsealed.add(id);
            }
        }
        Link newest = chain.newest();
        return new SealReport(
                distinct(findings),
                new SealReport.Rounds(anchored),
                new SealReport.Rounds(sealed),
                new SealReport.Rounds(unsealed),
                newest == null ? null : new Head(newest.roundId(), newest.sha256()));
    }

    /** Of a file that several seals speak of, the first word is enough. */
    private static List<Finding> distinct(List<Finding> all) {
        Map<String, Finding> first = new LinkedHashMap<>();
        all.stream()
                .sorted(Finding.FIRST_BAD_FIRST)
                .forEach(finding -> first.putIfAbsent(
                        finding.kind().isAlteration()
                                ? finding.path()
                                : finding.kind() + finding.path() + finding.what(),
                        finding));
        return List.copyOf(first.values());
    }
}
