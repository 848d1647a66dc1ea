import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import base.Exit;
import command.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** What ./jbang test tells of a test that this machine cannot run. */
class TestRunnerTest {
    /** Its name does not end in Test, so that it runs here alone. */
    static class OnAPoorMachine {
        @Test
        void a_test_that_wants_root() {
            assumeTrue(false, "a small file system can only be mounted by root");
        }

        @Test
        void a_test_that_passes() {}
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --jobs=0                | test: --jobs 0 runs no test: give 1 or more
        --jobs=-3               | test: --jobs -3 runs no test: give 1 or more
        --only=[                | test: --only [ is no regular expression (Unclosed character class): put \\ before a \
        sign that stands for itself
        """)
    void an_option_that_can_run_no_test_is_exit_64_with_one_sentence(String option, String sentence) {
        Fork.Result ran = Fork.here(new test(), option);
        assertEquals(Exit.USAGE, ran.exit());
        assertEquals(sentence + "\n", ran.err());
    }

    @Test
    void a_name_that_no_test_has_is_told() {
        StringWriter told = new StringWriter();
        assertEquals(
                Exit.BAD,
                Cli.run(
                        new test(),
                        new PrintWriter(told),
                        new PrintWriter(new StringWriter()),
                        "--only",
                        "NoSuch" + "Test#at_all"));
        assertTrue(
                told.toString()
                        .endsWith("--only NoSuchTest#at_all matches no test: give a part of a class's or a method's"
                                + " name, such as '^RoundTest$'\n0 passed, 0 failed\n"),
                told.toString());
    }

    @Test
    void a_test_that_cannot_run_here_says_why_and_fails_nothing() {
        StringWriter told = new StringWriter();
        SummaryGeneratingListener counts = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(OnAPoorMachine.class))
                                .build(),
                        counts,
                        new test.Teller(new PrintWriter(told, true)));
        assertTrue(
                told.toString().contains("ABORTED  TestRunnerTest$OnAPoorMachine  a_test_that_wants_root()  "),
                told.toString());
        assertTrue(
                told.toString().contains("\n    not run: a small file system can only be mounted by root\n"),
                told.toString());
        assertEquals(0, counts.getSummary().getTotalFailureCount());
        assertEquals(1, counts.getSummary().getTestsAbortedCount());
        assertEquals(1, counts.getSummary().getTestsSucceededCount());
    }
}
