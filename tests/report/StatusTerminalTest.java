import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import command.Terminal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status on a real pseudo-terminal: colours, a watch, and what takes a terminal. */
@Tag("slow")
class StatusTerminalTest {
    private static final String ESCAPE = "\u001b";

    @TempDir
    Path scratch;

    private SoakFixture month() {
        return SoakFixture.in(scratch.resolve("soak"));
    }

    @Test
    void only_a_utf8_locale_gets_more_than_ascii() {
        for (var environment : Map.of(
                        Map.of("LANG", "C"),
                        false,
                        Map.of("LANG", "en_US.UTF-8"),
                        true,
                        Map.of("LANG", "de_DE.utf8", "LC_ALL", "POSIX"),
                        false,
                        Map.of("LC_ALL", "C.UTF-8", "SOAK_LOCALE", "C"),
                        false,
                        Map.<String, String>of(),
                        false,
                        Map.of("LC_CTYPE", "C.UTF-8", "LANG", "C"),
                        true)
                .entrySet()) {
            assertEquals(
                    environment.getValue(),
                    Terminal.of(1, environment.getKey()).unicode(),
                    environment.getKey().toString());
        }
    }

    @Test
    void to_watch_takes_a_terminal() {
        SoakFixture soak = month().rounds(0, 3);
        soak.write();
        Reports.Ran ran = Reports.run("2026-10-01T02:00:00Z", soak.dir().root(), "--type", "status", "--watch");
        assertEquals(Exit.USAGE, ran.exit());
        assertTrue(ran.err().contains("--watch needs a terminal"), ran.err());
        assertTrue(Reports.run("2026-10-01T02:00:00Z", soak.dir().root(), "--type", "final", "--watch=5")
                .err()
                .contains("--watch goes with --type status alone"));
        assertTrue(Reports.run("2026-10-01T02:00:00Z", soak.dir().root(), "--type", "status", "--watch=soon")
                .err()
                .contains("--watch soon is not a number of seconds"));
    }

    /**
     * script(1) gives the command a terminal of 80 x 24 of its own; a shell's background jobs ignore Ctrl-C, and hand
     * that down.
     */
    private static List<String> onTerminal(List<String> command) {
        StringBuilder line = new StringBuilder(
                "stty rows " + Screens.LINES + " cols " + Screens.COLUMNS + " && exec env --default-signal=INT");
        command.forEach(
                word -> line.append(" '").append(word.replace("'", "'\\''")).append('\''));
        return List.of("script", "-qefc", line.toString(), "/dev/null");
    }

    private static final Map<String, String> XTERM = Map.of(
            "TERM",
            "xterm",
            "LC_ALL",
            "C.UTF-8",
            "NO_COLOR",
            "",
            "Screens.COLUMNS",
            "",
            "SOAK_LOCALE",
            ""); // none of whoever runs the tests

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new java.util.HashMap<>(XTERM);
        environment.put(name, value);
        return environment;
    }

    @Test
    void colours_are_for_terminals_whose_user_wants_them() {
        SoakFixture soak = month().rounds(0, 30).round(3, r -> r.failed()).round(4, r -> r.failed());
        soak.write();
        List<String> status = Fork.java("report", soak.dir().root().toString(), "--type", "status");
        String colored = Fork.run(XTERM, onTerminal(status)).out();
        assertTrue(colored.contains(ESCAPE + "[31m✗" + ESCAPE + "[0m"), colored);
        Screens.fits(colored.replaceAll(ESCAPE + "\\[\\d*m", ""));
        for (String plain : List.of(
                Fork.run(with("NO_COLOR", "1"), onTerminal(status)).out(),
                Fork.run(with("TERM", "dumb"), onTerminal(status)).out(),
                Fork.run(XTERM, status).out())) {
            assertFalse(plain.contains(ESCAPE), plain);
            Screens.fits(plain);
        }
        String ascii = Fork.run(with("LC_ALL", "C"), onTerminal(status)).out();
        assertTrue(
                ascii.replaceAll(ESCAPE + "\\[\\d*m", "").replace("\r", "").matches("[\\n -~]*")
                        && ascii.contains("x VAL12-08".substring(2)),
                ascii);
        assertTrue(Fork.run(
                        with("TERM", "dumb"),
                        onTerminal(Fork.java("report", soak.dir().root().toString(), "--type", "status", "--watch")))
                .out()
                .contains("--watch needs a terminal"));
    }

    @Test
    void a_watch_refreshes_while_rounds_come_and_ctrl_c_gives_the_cursor_back() throws Exception {
        SoakFixture soak = month().startedAt(java.time.Instant.now()
                        .minusSeconds(7200)
                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        .toString())
                .rounds(0, 2);
        soak.write();
        Path seen = scratch.resolve("seen");
        ProcessBuilder builder = new ProcessBuilder(
                        onTerminal(Fork.java("report", soak.dir().root().toString(), "--type", "status", "--watch=1")))
                .redirectErrorStream(true)
                .redirectOutput(seen.toFile());
        builder.environment().putAll(XTERM);
        Process watch = builder.start();
        try {
            await(watch, seen, "Rounds 2 healthy");
            soak.round(2, r -> r.failed()).write();
            await(watch, seen, "Rounds 2 healthy, 1 failed");
            watch.getOutputStream().write(3); // Ctrl-C
            watch.getOutputStream().flush();
            assertTrue(watch.waitFor(60, TimeUnit.SECONDS), "it did not end by Ctrl-C");
            String text = Files.readString(seen);
            assertTrue(
                    text.lastIndexOf(ESCAPE + "[?25h") > text.lastIndexOf(ESCAPE + "[?25l")
                            && text.contains(ESCAPE + "[?25l"),
                    "the cursor is not back");
            assertFalse(text.contains("Exception"), text);
            List<String> screens = new ArrayList<>(List.of(text.split(java.util.regex.Pattern.quote(ESCAPE + "[H"))));
            // ^C is the terminal's own
            screens.stream()
                    .skip(1)
                    .forEach(screen -> Screens.fits(screen.replaceAll(ESCAPE + "\\[[0-9?]*[a-zA-Z]|\\^C\\r?\\n?", "")));
        } finally {
            watch.destroy();
        }
    }

    private static void await(Process watch, Path seen, String text) throws Exception {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
                System.nanoTime() < end && watch.isAlive();
                Thread.sleep(50)) {
            if (new String(Files.readAllBytes(seen), StandardCharsets.UTF_8).contains(text)) {
                return;
            }
        }
        throw new AssertionError(text + " did not come; seen: " + Files.readString(seen));
    }
}
