package lab.rehearsal;

import base.Exit;
import base.Failure;
import base.Folders;
import base.Leftovers;
import base.Scratch;
import base.Why;
import command.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import soak.SoakDir;

/**
 * The scenario {@code random} with one seed after the other, two at a time: the report and the oracle judge each by
 * ways that share nothing, so where they differ one of them is wrong. A seed's folder is removed when it has ended; of
 * one that differs it is kept.
 */
final class Swarm {
    static final int MOST_SEEDS = 9_999;

    private static final int MOST_KEPT = 10; // they lie in memory, and each seed can be played again
    private static final long LONGEST_STEP_SECONDS = 60; // a report; a round takes less
    private static final double NANOS_PER_MINUTE = 60e9;
    private static final long REDRAW_NANOS = 200_000_000;

    private final Rehearsals rehearsals;
    private final Rehearsals.Asked asked;
    private final int seeds;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal = Terminal.of(2, System.getenv()).present();
    private final long began = System.nanoTime(); // for a person who waits
    private final ExecutorService threads = Rehearsals.threads();
    private volatile boolean cutOff;

    // guarded by this
    private final Map<Long, List<String>> found = new TreeMap<>();
    private int played;
    private int differ;
    private int kept;
    private long drawn;
    private boolean told;

    private static final class CutOff extends RuntimeException {
        private CutOff() {
            super("the swarm is cut off", null, false, false);
        }
    }

    /** @throws Failure exit 64 where what is asked for is no swarm; nothing is written then */
    Swarm(Rehearsals rehearsals, Rehearsals.Asked asked, int seeds, PrintWriter out, PrintWriter err) {
        if (seeds < 1 || seeds > MOST_SEEDS) {
            throw Failure.usage("--swarm " + seeds + " is not a number of seeds: give 1 to " + MOST_SEEDS);
        }
        if (asked.scenario() != null && !asked.scenario().equals(RandomScenario.NAME)) {
            throw Failure.usage("--swarm plays the scenario " + RandomScenario.NAME + ", not " + asked.scenario()
                    + ": leave --scenario out");
        }
        if (asked.soakDir() != null) {
            throw Failure.usage("--swarm plays in temporary folders and names those that it keeps: leave "
                    + asked.soakDir() + " out");
        }
        if (asked.keep()) {
            throw Failure.usage("--swarm keeps the folders of seeds that differ, and no others: leave --keep out");
        }
        this.rehearsals = rehearsals;
        this.asked = asked;
        this.seeds = seeds;
        this.out = out;
        this.err = err;
        if (first() > Long.MAX_VALUE - seeds) {
            throw Failure.usage("--seed " + first() + " leaves no room for " + seeds + " seeds: give a smaller one");
        }
        drawn(first()); // whose verdicts cannot be foreseen is refused
    }

    private long first() {
        return asked.seedOrDefault();
    }

    private Scenario drawn(long seed) {
        return Scenarios.named(RandomScenario.NAME, seed, asked.days(), asked.intervalSeconds());
    }

    /** @return 0 if the two judges agree on every seed; 10 if not; 70 if one could not be played, and none differs */
    int run() throws IOException, InterruptedException {
        Path parent = Rehearsals.temporaryParent();
        Leftovers.remove(parent); // of a swarm that was killed
        err.println("rehearse: " + seeds + " seeds from " + first() + " to " + (first() + seeds - 1) + ", "
                + drawn(first()).days() + (drawn(first()).days() == 1 ? " day each" : " days each"));
        err.flush();
        try (Scratch scratch = Scratch.in(parent, "swarm")) {
            scratch.endFirst(this::end);
            List<Future<?>> running = new ArrayList<>();
            for (long seed = first(); seed < first() + seeds; seed++) {
                long one = seed;
                running.add(threads.submit(() -> play(one, scratch.folder(), parent)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        synchronized (this) {
            return differ > 0 ? Exit.BAD : found.isEmpty() ? Exit.OK : Exit.FAILED;
        }
    }

    /** At the end, or when a signal came: what is being played ends with its round, and what was found is told. */
    private void end() {
        cutOff = true;
        threads.shutdown();
        try {
            threads.awaitTermination(LONGEST_STEP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tell();
    }

    private void play(long seed, Path scratch, Path parent) {
        if (cutOff) {
            return;
        }
        SoakDir dir = new SoakDir(scratch.resolve(Long.toString(seed)));
        List<String> differences;
        boolean differs = false;
        try {
            differences =
                    rehearsals.play(dir, drawn(seed), seed, this::orCutOff).unexpected();
            differs = !differences.isEmpty();
        } catch (CutOff e) {
            return;
        } catch (IOException | RuntimeException e) {
            if (cutOff) {
                return;
            }
            differences = List.of("could not be played: " + Why.of(e, null));
        }
        try {
            ended(seed, differences, differs, dir.root(), parent);
            Folders.delete(dir.root());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void orCutOff() {
        if (cutOff) {
            throw new CutOff();
        }
    }

    private synchronized void ended(long seed, List<String> differences, boolean differs, Path folder, Path parent)
            throws IOException {
        played++;
        differ += differs ? 1 : 0;
        if (!differences.isEmpty()) {
            List<String> words = new ArrayList<>();
            differences.forEach(difference -> words.add("Seed " + seed + ": " + difference));
            words.add("  alone: ./rehearse.java --scenario " + RandomScenario.NAME + " --seed " + seed + " --days "
                    + drawn(seed).days()
                    + (asked.intervalSeconds() == null ? "" : " --interval " + asked.intervalSeconds()));
            if (Files.exists(folder) && kept < MOST_KEPT) {
                kept++;
                Path stays = Files.createTempDirectory(parent, "soak-rehearsal-seed-" + seed + "-");
                Files.move(folder, stays, StandardCopyOption.REPLACE_EXISTING);
                words.add("  files: " + stays);
            }
            found.put(seed, words);
            if (!terminal) {
                words.forEach(err::println); // whoever loses the rest of a long run has these
                err.flush();
            }
        }
        progress();
    }

    private void progress() {
        if (terminal && !told && (System.nanoTime() - drawn > REDRAW_NANOS || played == seeds)) {
            drawn = System.nanoTime();
            PrintWriter cursor = base.Printable.behind(err);
            cursor.print("\r" + played + " of " + seeds + " seeds  " + found.size() + " found  " + perMinute()
                    + " per minute\u001b[K");
            cursor.flush();
        }
    }

    private String perMinute() {
        return String.format(Locale.ROOT, "%.1f", played / ((System.nanoTime() - began) / NANOS_PER_MINUTE));
    }

    private synchronized void tell() {
        if (told) {
            return;
        }
        if (terminal && drawn > 0) {
            err.println();
            err.flush();
        }
        told = true;
        found.values().forEach(words -> words.forEach(out::println));
        int broken = found.size() - differ;
        out.println("Swarm: " + played + " of " + seeds + " seeds played"
                + (played < seeds ? ", then it was cut off" : "") + "; " + differ
                + " differ" + (broken > 0 ? ", " + broken + " could not be played" : "") + "; " + perMinute()
                + " per minute");
        out.flush();
    }
}
