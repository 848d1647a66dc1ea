package evidence;

import evidence.RawTable.Rows;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import probe.PrometheusText;
import soak.RoundFiles;
import soak.SoakDir;

/** Brings the files of a date's rounds into rows. */
final class RoundReader {
    private static final List<String> RAW_TEXTS = List.of(
            RoundFiles.PLAN_IDS,
            RoundFiles.GIVEN_IDS,
            RoundFiles.CODES,
            RoundFiles.TIMES,
            RoundFiles.RECOVERY,
            RoundFiles.STRATEGY,
            RoundFiles.REFUTED,
            RoundFiles.DRILL,
            RoundFiles.STALLS);
    private static final List<String> RAW_OBJECTS =
            List.of(RoundFiles.INTEGRITY, RoundFiles.STORE_CHECK, RoundFiles.STUCK_SCAN);
    private static final List<String> EVIDENCE = Stream.of(
                    List.of(RoundFiles.SUMMARY, RoundFiles.METRICS), RAW_TEXTS, RAW_OBJECTS)
            .flatMap(List::stream)
            .toList();

    private final SoakDir dir;
    private final Rows rows;
    /** Whether something could not be read that another time may let us read. */
    private boolean failed;

    RoundReader(SoakDir dir, Rows rows) {
        this.dir = dir;
        this.rows = rows;
    }

    /**
     * One date's rounds: the unit that never changes once its day has passed.
     *
     * @return whether another reading of the same files would bring the same rows
     */
    boolean readDate(Path date) {
        for (Path round : EvidenceReader.children(date)) {
            if (!RoundFiles.isNamedAsRound(round)) {
                rows.add(RawTable.STRAY, dir.name(round));
                continue;
            }
            String id = RoundFiles.id(round);
            RoundNames names = RoundNames.of(round);
            Path link = link(date, round, names);
            JsonFile summary = link == null
                    ? summary(round.resolve(RoundFiles.SUMMARY))
                    : JsonFile.broken("is not read: " + dir.name(link) + " is a link, and a round writes no links");
            failed |= summary.unread();
            rows.add(RawTable.ROUND, id, !summary.absent(), summary.object(), summary.problem(), link != null);
            for (String file : RAW_TEXTS) {
                String text = names.holdStored(file) ? text(id, round.resolve(file), true) : null;
                if (text != null) {
                    rows.add(RawTable.TEXT, id, file, text);
                }
            }
            for (String file : RAW_OBJECTS) {
                if (names.holdStored(file)) {
                    JsonFile object = json(id, round.resolve(file));
                    failed |= object.unread();
                    if (!object.absent()) {
                        rows.add(RawTable.OBJECT, id, file, object.object(), object.problem());
                    }
                }
            }
            if (names.hold(RoundFiles.METRICS)) {
                verifyMetrics(id, round.resolve(RoundFiles.METRICS));
            }
            if (names.hold(RoundFiles.CONVICTING_LISTING)
                    && Files.exists(round.resolve(RoundFiles.CONVICTING_LISTING))) {
                rows.add(RawTable.TEXT, id, RoundFiles.CONVICTING_LISTING, ""); // that it is there
            }
        }
        return !failed;
    }

    /**
     * The samples of the scrapes of a date's rounds: they are large, and most reports do without them.
     *
     * @return as {@link #readDate}
     */
    boolean readMetrics(Path date) {
        for (Path round : EvidenceReader.children(date)) {
            String text = RoundFiles.isFolder(round)
                    ? text(RoundFiles.id(round), round.resolve(RoundFiles.METRICS), false)
                    : null;
            if (text != null) {
                List<Map.Entry<String, OptionalDouble>> samples = new ArrayList<>();
                PrometheusText.read(text, (family, value) -> samples.add(Map.entry(family, value)));
                for (Map.Entry<String, OptionalDouble> sample : samples) {
                    Double value = sample.getValue().isPresent()
                            ? (Double) sample.getValue().getAsDouble()
                            : null;
                    rows.add(RawTable.METRICS, RoundFiles.id(round), sample.getKey(), value);
                }
            }
        }
        return !failed;
    }

    /**
     * The date, the round or the first of its files that is a link: another place's evidence, that stands there
     * already.
     */
    private static Path link(Path date, Path round, RoundNames names) {
        if (Files.isSymbolicLink(date) || Files.isSymbolicLink(round)) {
            return Files.isSymbolicLink(date) ? date : round;
        }
        return EVIDENCE.stream()
                .flatMap(file -> Stream.of(file, file + RoundFiles.GZIPPED))
                .filter(names::hold)
                .map(round::resolve)
                .filter(Files::isSymbolicLink)
                .findFirst()
                .orElse(null);
    }

    /**
     * The scrapes are read when a statement asks for them; whether the whole of a large one is what was written is told
     * at once.
     */
    private void verifyMetrics(String id, Path file) {
        try {
            if (Files.exists(file) && Files.size(file) > 0) {
                rows.add(RawTable.TEXT, id, RoundFiles.METRICS, ""); // that it is there, for now
            }
            if (Files.exists(file) && RoundFiles.mayPoint(file)) {
                noteStored(id, file, StoredText.of(file, RoundFiles.bytes(file)));
            }
        } catch (IOException e) {
            unreadable(file, e);
        }
    }

    /** @return the text, that of NAME.gz where NAME points to it; null if there is none that can be read */
    private String text(String id, Path file, boolean noted) {
        try {
            StoredText text = StoredText.of(file, RoundFiles.bytes(file));
            if (noted) {
                noteStored(id, file, text);
            }
            return text == null || text.bytes() == null ? null : text(text.bytes(), file);
        } catch (IOException e) {
            unreadable(file, e);
            return null;
        }
    }

    private String text(byte[] bytes, Path file) {
        rows.room(bytes.length);
        return EvidenceText.decodedOrDamaged(bytes, why -> unreadable(file, why));
    }

    private void unreadable(Path file, IOException why) {
        failed |= !(why instanceof CharacterCodingException);
        rows.add(RawTable.UNREADABLE, dir.name(file), EvidenceText.reason(why));
    }

    private void noteStored(String id, Path file, StoredText text) {
        if (text != null && text.pointed()) {
            rows.add(
                    RawTable.STORED,
                    id,
                    file.getFileName().toString(),
                    dir.name(file.resolveSibling(text.file())),
                    text.said(),
                    text.kept(),
                    text.problem());
        }
    }

    private JsonFile summary(Path file) {
        try {
            byte[] bytes = RoundFiles.bytes(file);
            return JsonFile.of(bytes == null ? null : decoded(bytes));
        } catch (IOException e) {
            return JsonFile.unread(e);
        }
    }

    private String decoded(byte[] bytes) throws CharacterCodingException {
        rows.room(bytes.length);
        return EvidenceText.decoded(bytes);
    }

    /** The object in a file of a round, which may only point to its whole. */
    private JsonFile json(String id, Path file) {
        try {
            byte[] plain = RoundFiles.bytes(file);
            StoredText text = StoredText.of(file, plain);
            noteStored(id, file, text);
            if (plain != null && file.endsWith(RoundFiles.STUCK_SCAN)) {
                return JsonFile.of(decoded(plain)); // the count that the pointer tells is all that is asked of it
            }
            if (text != null && text.bytes() == null) {
                return JsonFile.broken(null); // raw_stored says what is wrong
            }
            return JsonFile.of(text == null ? null : decoded(text.bytes()));
        } catch (IOException e) {
            return JsonFile.unread(e);
        }
    }
}
