import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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
