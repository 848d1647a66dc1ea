///bin/sh -c 'PATH=${PATH:+$PATH:}/usr/bin:/bin; exec "$(dirname "$(readlink -f "$0")")/../jbang" "$(readlink -f "$0")" "$@"' "$0" "$@" ; exit $?
//JAVA 17+
//DEPS org.junit.jupiter:junit-jupiter:6.1.3
//DEPS org.junit.platform:junit-platform-launcher:6.1.3
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED -Dcom.sun.net.ssl.requireCloseNotify=true -Dsun.net.httpserver.nodelay=true -XX:+UseSerialGC -XX:TieredStopAtLevel=1
//SOURCES */*Test.java
//SOURCES support/*.java
//SOURCES ../src/*/*.java
//SOURCES ../src/lab/*/*.java
//SOURCES ../*.java
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import base.Exit;
import base.Failure;
import command.Cli;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.junit.platform.engine.Filter;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Runs every test of these folders, tells each as it ends, and prints the count alone on the last line.
 *
 * <p>Exit codes: 0 all passed; 10 a test failed, or none ran: a run that tests nothing must not look like one that
 * passed.
 *
 * <p>Run: ./jbang test [--only REGEX] [--quick] [--jobs N]
 */
@Command(name = "test", mixinStandardHelpOptions = true, description = "Runs all tests and prints the count.")
class test implements Callable<Integer> {
    private static final String SLOW = "slow";

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            defaultValue = "",
            description = "Only tests whose class, method or Class#method has a match for it, such as '^RoundTest$' or"
                    + " 'RoundTest#a_round_by_hand' (default: all).")
    String only = "";

    @Option(
            names = "--quick",
            description = "Without the tests that are tagged slow: some minutes in place of all of them.")
    boolean quick;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many test classes run at a time (default: one a processor).")
    int jobs = Runtime.getRuntime().availableProcessors();

    @Spec
    CommandSpec spec;

    public static void main(String[] args) {
        System.exit(Cli.run(new test(), args));
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (jobs < 1) {
            throw Failure.usage("--jobs " + jobs + " runs no test: give 1 or more");
        }
        Pattern wanted = pattern();
        Path ownJar = Path.of(
                test.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .filters(quick ? new Filter<?>[] {TagFilter.excludeTags(SLOW)} : new Filter<?>[0])
                .selectors(selectClasspathRoots(Set.of(ownJar)))
                .filters(includeClassNamePatterns(".*Test"), (PostDiscoveryFilter) found -> isAskedFor(found, wanted))
                .configurationParameters(Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "same_thread",
                        "junit.jupiter.execution.parallel.mode.classes.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.executor-service", "WORKER_THREAD_POOL",
                        "junit.jupiter.testclass.order.default", "SlowFirst",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", String.valueOf(jobs)))
                .build();
        SummaryGeneratingListener counts = new SummaryGeneratingListener();
        Teller teller = new Teller(out);
        LauncherFactory.create().execute(request, counts, teller);

        TestExecutionSummary summary = counts.getSummary();
        summary.printFailuresTo(out, 25);
        teller.slowest();
        if (quick) {
            out.println("left out: the tests that are tagged " + SLOW + " (./jbang test runs them too)");
        }
        long failed = summary.getTotalFailureCount(); // containers too: a broken @BeforeAll is a failure
        long passed = summary.getTestsSucceededCount();
        long skipped = summary.getTestsSkippedCount() + summary.getTestsAbortedCount();
        if (counts.getSummary().getTestsFoundCount() == 0) {
            out.println("--only " + only + " matches no test" + (quick ? " that --quick runs" : "")
                    + ": give a part of a class's or a method's name, such as '^RoundTest$'");
        }
        out.println(passed + " passed, " + failed + " failed" + (skipped == 0 ? "" : ", " + skipped + " skipped"));
        return failed == 0 && passed > 0 ? Exit.OK : Exit.BAD;
    }

    private Pattern pattern() {
        try {
            return Pattern.compile(only);
        } catch (PatternSyntaxException e) {
            throw Failure.usage("--only " + only + " is no regular expression (" + e.getDescription()
                    + "): put \\ before a sign that stands for itself");
        }
    }

    private static FilterResult isAskedFor(TestDescriptor test, Pattern wanted) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> FilterResult.includedIf(Stream.of(
                                method.getClassName(),
                                method.getMethodName(),
                                method.getClassName() + "#" + method.getMethodName())
                        .anyMatch(wanted.asPredicate())))
                .orElse(FilterResult.included("it holds tests"));
    }

    private record Took(double seconds, String what) {}

    static final class Teller implements TestExecutionListener {
        private static final int SLOWEST = 10;

        private final PrintWriter out;
        private final Map<String, Long> begun = new ConcurrentHashMap<>();
        private final List<Took> took = Collections.synchronizedList(new ArrayList<>());

        Teller(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            begun.put(test.getUniqueId(), System.nanoTime());
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            double seconds = (System.nanoTime() - begun.get(test.getUniqueId())) / 1e9;
            if (test.isTest() || result.getStatus() == TestExecutionResult.Status.FAILED) {
                String where = test.getParentIdObject()
                        .map(id -> id.getLastSegment().getValue())
                        .orElse("");
                out.println(String.format(
                        Locale.ROOT, "%s  %s  %s  %.1f s", result.getStatus(), where, test.getDisplayName(), seconds));
                result.getThrowable()
                        .ifPresent(
                                result.getStatus() == TestExecutionResult.Status.FAILED
                                        ? this::reason
                                        : this::whatIsMissing);
            }
            if (test.isTest()) {
                took.add(new Took(
                        seconds,
                        test.getParentIdObject()
                                        .map(id -> id.getLastSegment().getValue())
                                        .orElse("") + "  " + test.getDisplayName()));
            }
        }

        /** Where a suite's time goes. */
        void slowest() {
            out.println("slowest:");
            took.stream()
                    .sorted(Comparator.comparingDouble(Took::seconds).reversed())
                    .limit(SLOWEST)
                    .forEach(test -> out.println(String.format(Locale.ROOT, "  %6.1f s  %s", test.seconds, test.what)));
        }

        /** Why a test could not run on this machine: it wants root, or a tool. */
        private void whatIsMissing(Throwable aborted) {
            out.println(
                    "    not run: " + String.valueOf(aborted.getMessage()).replaceFirst("^Assumption failed: ", ""));
        }

        /** The cause at once and where it was seen: a log that is cut off later still says why. */
        private void reason(Throwable thrown) {
            out.println("    " + String.valueOf(thrown).replace("\n", "\n    "));
            for (StackTraceElement frame : thrown.getStackTrace()) {
                if (frame.getFileName() != null && frame.getFileName().endsWith("Test.java")) {
                    out.println("    at " + frame);
                }
            }
            for (Throwable suppressed : thrown.getSuppressed()) {
                out.println("    and " + suppressed);
            }
        }
    }
}
