import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import base.Exit;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What no option takes is refused by each command in the same sentence, before it does anything. */
class BadValueTest {
    private static final Map<String, Supplier<Callable<Integer>>> COMMANDS =
            Map.of("report", report::new, "round", round::new, "setup", setup::new, "rehearse", rehearse::new);

    @TempDir
    Path folder;

    /**
     * A shell's variable that is not set: the default in its place would be another soak than the one that was meant.
     */
    @Test
    void an_empty_value_is_refused_and_never_taken_for_the_default() {
        COMMANDS.forEach((name, command) -> {
            String soak = folder.resolve(name).toString();
            for (OptionSpec option :
                    new CommandLine(command.get()).getCommandSpec().options()) {
                if (option.arity().min() > 0) {
                    assertEquals(
                            Exit.USAGE + " " + name + ": " + option.longestName() + " is empty: give "
                                    + option.paramLabel()
                                    + ", or leave it out (a variable of the shell may not be set)\n",
                            run(command, soak, option.longestName(), ""));
                }
            }
            assertEquals(
                    Exit.USAGE + " " + name + ": SOAK_DIR is empty: give SOAK_DIR, or leave it out (a variable of the"
                            + " shell may not be set)\n",
                    run(command, ""));
            assertFalse(Path.of(soak).toFile().exists());
        });
    }

    @Test
    void a_wrong_number_is_told_in_words_of_its_own_and_not_in_java_types() {
        assertEquals("64 setup: --days x is not a whole number (see --help)\n", run(setup::new, "--days", "x"));
        assertEquals(
                "64 setup: --days 99999999999 is beyond every number that it takes (see --help)\n",
                run(setup::new, "--days", "99999999999"));
        assertEquals("64 rehearse: --seed 1.5 is not a whole number (see --help)\n", run(rehearse::new, "--seed=1.5"));
        assertEquals(
                "64 report: --restore-check takes no value: leave =maybe out\n",
                run(report::new, "--restore-check=maybe"));
    }

    private static String run(Supplier<Callable<Integer>> command, String... args) {
        Fork.Result ran = Fork.here(command.get(), args);
        return ran.exit() + " " + ran.out() + ran.err();
    }
}
