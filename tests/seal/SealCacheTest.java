import static org.junit.jupiter.api.Assertions.assertEquals;

import cache.DayCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import seal.Finding;
import seal.Heads;
import seal.SealCheck;
import seal.SealReport;
import settings.Config;

/** What is kept of the seals of days that are over is never seen in what a check of them finds. */
@Tag("slow")
class SealCacheTest extends AttachedSoak {
    @BeforeEach
    void run() throws Exception {
        Files.createDirectories(rig.dir.tmp());
    }

    /** Two rounds on each. */
    private List<RoundRig.Round> dates(String... dates) throws IOException {
        List<RoundRig.Round> rounds = new ArrayList<>();
        for (String date : dates) {
            rig.setNow(Instant.parse(date + "T01:00:00Z"));
            rounds.addAll(rig.rounds(2));
        }
        return rounds;
    }

    /**
     * Of what a day's seals say only the hashes of the rounds' own files are left out, and only where all of them fit.
     */
    @Test
    void seals_tell_the_same_with_and_without_whatever_was_changed() throws Exception {
        List<RoundRig.Round> first = dates("2026-10-01", "2026-10-02", "2026-10-03");
        rig.setNow(Instant.parse("2026-10-03T02:00:00Z"));
        Path killed = Files.createDirectories(rig.dir.rounds().resolve("2026-10-03/round-014500"));
        Files.writeString(killed.resolve("plan-ids.txt"), "soak-1\n");
        Files.writeString(rig.dir.config(), "TARGET_P99_MS=400\n", StandardOpenOption.APPEND);
        rig.round();
        dates("2026-10-04"); // now the day is over that has a round without a summary, and other settings
        List<List<String>> told = new ArrayList<>();
        for (String edited : List.of(
                "none",
                "config.env",
                "rounds/2026-10-03/round-014500/plan-ids.txt",
                "rounds/2026-10-04/round-010000/plans-created.txt",
                "rounds/2026-10-02/round-010000/added.txt",
                "rounds/2026-10-01/" + first.get(1).folder().getFileName() + "/round-summary.json")) {
            if (!edited.equals("none")) {
                Files.writeString(
                        folder.resolve(edited), "# more\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            Settled.await(folder);
            SealReport without = sealReport(DayCache.NONE);
            for (String state : List.of("made anew", "from the cache")) {
                assertEquals(without, sealReport(DayCache.of(Config.read(rig.dir))), edited + ", " + state);
            }
            told.add(without.findings().stream().map(Finding::path).distinct().toList());
        }
        assertEquals(List.of("config.env"), told.get(0));
        assertEquals(
                List.of(
                        "rounds/2026-10-01/round-013000/round-summary.json",
                        "rounds/2026-10-02/round-010000/added.txt",
                        "rounds/2026-10-03/round-014500/plan-ids.txt",
                        "rounds/2026-10-04/round-010000/plans-created.txt",
                        "config.env"),
                told.get(told.size() - 1));
        try (Stream<Path> kept = Files.list(rig.dir.cache())) {
            assertEquals(
                    List.of("2026-10-01.links", "2026-10-03.links"),
                    kept.map(file -> file.getFileName().toString())
                            .filter(name -> !name.startsWith("2026-10-02") && name.endsWith(".links"))
                            .sorted()
                            .toList());
        }
    }

    private SealReport sealReport(DayCache cache) throws IOException {
        return SealCheck.of(rig.dir, Heads.NONE, SealCheck.Progress.NONE, cache);
    }
}
