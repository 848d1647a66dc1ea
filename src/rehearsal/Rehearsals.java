package rehearsal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import soak.Config;
import soak.Exit;
import soak.Failure;
import soak.SoakDir;

/** What {@code rehearse.java} offers: one rehearsal, the list of scenarios, or all of them. */
public final class Rehearsals {
  public static final String CLEAN = "clean";
  public static final long SEED = 1;

  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long ENOUGH_BYTES = 1L << 30;
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * What the command line asks for; null where it does not say.
   *
   * @param keep with all: keep the folders of those that went as stated
   */
  public record Asked(Path soakDir, String scenario, Long seed, Integer days, Integer intervalSeconds, boolean keep) {}

  private final Commands commands;
  private final PrintWriter out;
  private final PrintWriter err;

  public Rehearsals(Commands commands, PrintWriter out, PrintWriter err) {
    this.commands = commands;
    this.out = out;
    this.err = err;
  }

  public int list() {
    Scenarios.bundled().forEach(s -> out.println(String.format(Locale.ROOT, "%-18s %s", s.name(), s.title())));
    return Exit.OK;
  }

  /** @return 0 if the verdicts are those that the scenario states, or it states none for this length; else 10 */
  public int one(Asked asked) throws IOException {
    SoakDir dir = new SoakDir(asked.soakDir() != null ? asked.soakDir() : temporary());
    err.println("rehearse: in " + dir.root());
    err.flush();
    Result result = run(dir, asked);
    out.print(result.outcome().finalReport());
    out.println();
    out.println("Rehearsal: scenario " + result.scenario().name() + ", seed " + result.seed() + ", " + result.outcome().rounds() + " rounds and " + result.outcome().reports()
        + " reports in " + seconds(result.nanos()) + " s");
    tellVerdicts(result);
    out.println("Files: " + dir.root());
    return result.asStated() ? Exit.OK : Exit.BAD;
  }

  private void tellVerdicts(Result result) {
    List<String> unexpected = result.outcome().unexpected();
    if (unexpected == null) {
      out.println("Verdicts: not compared, the scenario states them for another length or interval");
    } else if (unexpected.isEmpty()) {
      out.println("Verdicts: all " + Scenario.JUDGED.size() + " as the scenario states them");
    } else {
      unexpected.forEach(difference -> out.println("Verdicts: NOT AS STATED: " + difference));
    }
  }

  /** Every scenario, one after the other; a folder is deleted where its verdicts were as stated. */
  public int all(Asked asked) throws IOException {
    boolean allAsStated = true;
    out.println(String.format(Locale.ROOT, "%-18s %7s %8s %8s  %s", "scenario", "rounds", "overall", "seconds", "verdicts"));
    for (Scenario scenario : Scenarios.bundled()) {
      SoakDir dir = new SoakDir((asked.soakDir() != null ? asked.soakDir() : temporary()).resolve(scenario.name()));
      Result result = run(dir, new Asked(null, scenario.name(), asked.seed(), asked.days(), asked.intervalSeconds(), asked.keep()));
      allAsStated &= result.asStated();
      List<String> unexpected = result.outcome().unexpected();
      out.println(String.format(Locale.ROOT, "%-18s %7d %8s %8s  %s", scenario.name(), result.outcome().rounds(), result.outcome().overall(), seconds(result.nanos()),
          unexpected == null ? "not compared" : unexpected.isEmpty() ? "as stated" : "NOT AS STATED: " + String.join("; ", unexpected) + " (" + dir.root() + ")"));
      out.flush();
      if (result.asStated() && !asked.keep()) {
        Folders.delete(dir.root());
      }
    }
    return allAsStated ? Exit.OK : Exit.BAD;
  }

  private record Result(Scenario scenario, long seed, Rehearsal.Outcome outcome, long nanos) {
    boolean asStated() {
      return outcome.unexpected() == null || outcome.unexpected().isEmpty();
    }
  }

  private Result run(SoakDir dir, Asked asked) throws IOException {
    long began = System.nanoTime(); // for a person who waits
    Scenario scenario;
    long seed;
    if (Provision.begun(dir)) {
      Config config = Config.read(dir);
      refuseOther(dir, "--scenario", asked.scenario(), config.get(Provision.SCENARIO));
      refuseOther(dir, "--seed", asked.seed(), config.get(Provision.SEED));
      refuseOther(dir, "--days", asked.days(), config.get("SOAK_DAYS"));
      refuseOther(dir, "--interval", asked.intervalSeconds(), config.get("ROUND_INTERVAL_SECONDS"));
      scenario = Scenarios.named(config.get(Provision.SCENARIO));
      seed = Long.parseLong(config.get(Provision.SEED));
      Scenario played = scenario.lasting(config.days(), config.intervalSeconds());
      err.println("rehearse: goes on where it was cut off");
      return new Result(scenario, seed, rehearse(dir, scenario, played, seed), System.nanoTime() - began);
    }
    scenario = Scenarios.named(asked.scenario() == null ? CLEAN : asked.scenario());
    seed = asked.seed() == null ? SEED : asked.seed();
    Scenario played = scenario.lasting(asked.days() == null ? scenario.days() : asked.days(), asked.intervalSeconds() == null ? scenario.intervalSeconds() : asked.intervalSeconds());
    Provision.create(dir, played, seed, Rehearsal.roundStart(played, seed, 0));
    return new Result(scenario, seed, rehearse(dir, scenario, played, seed), System.nanoTime() - began);
  }

  private Rehearsal.Outcome rehearse(SoakDir dir, Scenario scenario, Scenario played, long seed) throws IOException {
    return new Rehearsal(played, seed, dir, commands, new Progress(err, Progress.stderrIsTerminal(), played)).run(played.equals(scenario));
  }

  private static void refuseOther(SoakDir dir, String option, Object asked, String begun) {
    if (asked != null && !asked.toString().equals(begun)) {
      throw Failure.usage(option + " " + asked + ": the rehearsal in " + dir.root() + " began with " + begun + "; leave the option out, or give another folder");
    }
  }

  /**
   * Where no folder is given: in memory if there is room, since a rehearsal syncs each file to disk as a soak does, a
   * hundred thousand times, and what it leaves is no evidence; else where temporary files belong.
   */
  private static Path temporary() throws IOException {
    if (Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ENOUGH_BYTES) {
      return Files.createTempDirectory(MEMORY, "soak-rehearsal-");
    }
    return Files.createTempDirectory("soak-rehearsal-");
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f", nanos / NANOS_PER_SECOND);
  }
}
