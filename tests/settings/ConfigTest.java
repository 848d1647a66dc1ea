import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Failure;
import base.Why;
import command.Cli;
import java.io.EOFException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.zip.ZipException;
import lab.selftest.SoakFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import settings.Config;
import settings.Traces;
import soak.Access;
import soak.SoakDir;
import workload.Steps;
import workload.SummaryDraft;

class ConfigTest {
    @TempDir
    Path folder;

    private Config read(String text) throws Exception {
        SoakDir dir = new SoakDir(folder);
        Files.writeString(dir.config(), text);
        return Config.read(dir);
    }

    @Test
    void what_setup_renders_is_read_back_and_a_shell_reads_the_same() throws Exception {
        Map<String, String> values = Map.of(
                "SOAK_ID", "it's a soak", "CP_COMMAND", "'/a b/ö' serve --x \"$HOME\" `id` \\", "UNKNOWN", "kept");
        String text = Config.of(new SoakDir(folder), values).render();
        Config config = read(text);
        for (String key : values.keySet()) {
            assertEquals(values.get(key), config.get(key));
            Process sh = new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            ". \"$1\"; eval printf %s \\\"\\$$2\\\"",
                            "sh",
                            new SoakDir(folder).config().toString(),
                            key)
                    .start();
            assertEquals(values.get(key), new String(sh.getInputStream().readAllBytes(), "UTF-8"));
        }
    }

    @Test
    void shell_quoting_export_and_comments_of_a_hand_written_file_are_read() throws Exception {
        Config config = read("# a soak\n"
                + "export SOAK_ID=\"my \\\"soak\\\"\"\n\n"
                + "  CP_URL='http://127.0.0.1:1'  # here\n"
                + "PLAN_ID_PREFIX=a\\ b\n");
        assertEquals("my \"soak\"", config.soakId());
        assertEquals("http://127.0.0.1:1", config.cpUrl());
        assertEquals("a b", config.planIdPrefix());
    }

    @Test
    void a_broken_line_is_named_by_file_number_and_text() {
        for (String broken : new String[] {
            "what is this",
            "SOAK_ID='open",
            "SOAK_ID=$(date)",
            "SOAK_ID=\"$HOME\"",
            "SOAK_ID=a b",
            "SOAK_ID= a",
            "AUTONOMY_AUDIT_DIR=~/audit",
            "SOAK_ID=a:~b",
            "SOAK_ID=a\\"
        }) {
            Failure failure = assertThrows(Failure.class, () -> read("SOAK_DAYS=30\n" + broken + "\n"));
            assertEquals(Exit.USAGE, failure.exitCode());
            assertTrue(
                    failure.getMessage().contains("config.env line 2")
                            && failure.getMessage().contains(broken),
                    failure.getMessage());
        }
    }

    @Test
    void a_broken_line_says_what_to_do_about_it() {
        Map<String, String> remedies = Map.ofEntries(
                Map.entry("SOAK_ID = a", "(take out the blank before =)"),
                Map.entry("SOAK_ID= a", "(take out the blank behind =)"),
                Map.entry("ALERT_COMMAND=mail -s x y", "(put a value that has blanks in quotes,"),
                Map.entry("SOAK_ID=a# here", "a blank before the # of a comment)"),
                Map.entry("ALERT_COMMAND='open", "(close the quote ' in the same line:"),
                Map.entry("ALERT_COMMAND=\"open", "(close the quote \" in the same line:"),
                Map.entry("ALERT_COMMAND=$HOME/x", "(a shell would expand $: put the value in single quotes)"),
                Map.entry("ALERT_COMMAND=\"`id`\"", "(a shell would expand `: put the value in single quotes)"),
                Map.entry("ALERT_COMMAND=a;b", "(a shell would act on ;: put the value in single quotes)"),
                Map.entry("AUTONOMY_AUDIT_DIR=~/audit", "~: write the folder in full)"),
                Map.entry("SOAK_ID=a\\", "(take out the \\ at its end:"),
                Map.entry("SOAK_ID: a", "(a line is KEY=value, empty or a # comment)"));
        remedies.forEach((broken, remedy) -> {
            String told = assertThrows(Failure.class, () -> read(broken + "\n")).getMessage();
            assertTrue(told.contains(remedy) && told.endsWith("): " + broken), told);
        });
    }

    @Test
    void a_letter_of_another_encoding_is_named_by_its_line() throws Exception {
        SoakDir dir = new SoakDir(folder);
        Files.write(dir.config(), "SOAK_DAYS=30\n# plain\n# caf\u00e9\n".getBytes("ISO-8859-1"));
        Failure failure = assertThrows(Failure.class, () -> Config.read(dir));
        assertTrue(
                failure.getMessage().endsWith("config.env line 3 is not UTF-8 text: save the file as UTF-8"),
                failure.getMessage());
    }

    @Test
    void a_blank_that_looks_like_nothing_is_spelt_out_in_the_value_that_it_breaks() {
        Failure failure = assertThrows(Failure.class, () -> read("SOAK_DAYS=30\u00a0\n"));
        assertTrue(failure.getMessage().contains("SOAK_DAYS=30\\u00a0 must be"), failure.getMessage());
    }

    @Test
    void a_byte_order_mark_is_named_since_nobody_can_see_it() {
        Failure failure = assertThrows(Failure.class, () -> read("\uFEFFSOAK_DAYS=30\n"));
        assertEquals(Exit.USAGE, failure.exitCode());
        assertTrue(failure.getMessage().contains("byte order mark"), failure.getMessage());
    }

    @Test
    void a_value_of_the_wrong_type_is_named_with_what_is_wanted() {
        for (String broken : new String[] {
            "SOAK_DAYS=many",
            "SOAK_DAYS=\u0663\u0660",
            "ROUND_INTERVAL_SECONDS=7",
            "TARGET_P99_MS=NaN",
            "TARGET_ROLLBACK_RATE=0.99d",
            "TARGET_UPTIME_PCT=0x1p-1",
            "TARGET_P99_MS=-5",
            "SOAK_STARTED_AT=yesterday",
            "SOAK_STARTED_AT=+999999999-01-01T00:00:00Z",
            "SOAK_STARTED_AT=2026-10-01t00:00:00z",
            "SOAK_STARTED_AT=2016-12-31T23:59:60Z",
            "SOAK_STARTED_AT=2026-10-01T24:00:00Z",
            "CP_MODE=mine",
            "CP_URL=localhost",
            "CP_URL=http://127.0.0.1:99999",
            "CP_URL=http://[::1",
            "CP_METRICS_URL=http://:19100/metrics",
            "CP_PAGING=sometimes",
            "CP_CURSOR_FIELD=.next",
            "CP_CURSOR_FIELD=a.",
            "CP_ID_KEY=."
        }) {
            Failure failure = assertThrows(Failure.class, () -> read(broken + "\n"));
            assertTrue(
                    failure.getMessage().contains(broken)
                            && failure.getMessage().contains("must be"),
                    failure.getMessage());
        }
    }

    @Test
    void a_soak_that_has_not_begun_is_told_what_begins_it_and_not_to_write_a_date() throws Exception {
        Config config = read("SOAK_STARTED_AT=\n");
        Failure failure = assertThrows(Failure.class, config::startedAt);
        assertEquals(
                config.dir().config() + ": SOAK_STARTED_AT is empty: the soak has not begun, or the line was lost:"
                        + " run setup.java " + config.dir().word()
                        + ", which begins it or restores the line from its rounds",
                failure.getMessage());
        assertEquals(Exit.USAGE, failure.exitCode());
    }

    @Test
    void a_url_in_capitals_or_with_a_short_address_is_refused_with_what_is_wrong_with_it() {
        for (String broken :
                new String[] {"CP_URL=HTTP://127.0.0.1:19000", "CP_METRICS_URL=http://127.1:19100/metrics"}) {
            Failure failure = assertThrows(Failure.class, () -> read(broken + "\n"));
            assertTrue(
                    failure.getMessage()
                            .contains("in small letters, with a host (a name, or all four numbers of an address)"),
                    failure.getMessage());
        }
    }

    @Test
    void settings_that_are_gone_are_told_as_the_soak_began_and_not_as_they_were_edited() throws Exception {
        SoakFixture soak = SoakFixture.in(folder.resolve("soak"))
                .set("TARGET_P99_MS", "500")
                .rounds(0, 2)
                .round(
                        2,
                        r -> r.edit(summary -> ((com.fasterxml.jackson.databind.node.ObjectNode) summary.get("targets"))
                                .put("TARGET_P99_MS", "50")));
        soak.write();
        Files.delete(soak.dir().config());
        Failure failure = assertThrows(Failure.class, () -> new Traces(soak.dir()).requireSettings());
        assertTrue(failure.getMessage().contains("\n  TARGET_P99_MS=500"), failure.getMessage());
    }

    @Test
    void why_a_file_cannot_be_used_is_told_in_words_that_name_it_once() {
        Path file = Path.of("/soak/config.env");
        assertEquals("it does not exist", Why.of(new NoSuchFileException("/soak/config.env"), file));
        assertEquals(
                "/soak/rounds: permission denied", Why.of(new AccessDeniedException("/soak/rounds"), Path.of("/soak")));
        assertEquals(
                "Input/output error",
                Why.of(new FileSystemException("/soak/config.env", null, "Input/output error"), file));
        assertEquals("it is not UTF-8 text", Why.of(new MalformedInputException(1), file));
        assertEquals("it ends too early", Why.of(new EOFException(), file));
        assertEquals(
                "/soak/seals: something else is in its place",
                Why.of(new UncheckedIOException(new FileAlreadyExistsException("/soak/seals")), file));
        assertEquals("it is no folder", Why.of(new NotDirectoryException("/soak/config.env"), file));
        assertEquals("Not in GZIP format", Why.of(new ZipException("Not in GZIP format"), file));
        assertEquals("a sentence of ours", Why.of(Failure.usage("a sentence of ours"), file));
        assertEquals(
                "java.lang.NullPointerException: x",
                Why.of(new NullPointerException("x"), file),
                "what nobody foresaw is told with its class");
    }

    @Command(name = "reader")
    private static final class Reader implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new UncheckedIOException(new AccessDeniedException("/soak/rounds"));
        }
    }

    /** Nobody foresaw it there, and the one line that cron.log is searched for still names the file. */
    @Test
    void a_file_that_could_not_be_used_is_named_before_the_stack_trace() {
        StringWriter err = new StringWriter();
        assertEquals(Exit.FAILED, Cli.run(new Reader(), new PrintWriter(err), new PrintWriter(err)));
        assertTrue(
                err.toString()
                        .startsWith("reader: a file or connection could not be used (/soak/rounds: permission denied):"
                                + " see that this user may use it"),
                err.toString());
        assertTrue(err.toString().contains("\tat "), err.toString());
    }

    @Command(name = "starter")
    private static final class Starter implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new OutOfMemoryError(
                    "unable to create native thread: possibly out of memory or process/resource" + " limits reached");
        }
    }

    /** An Error ends a JVM with 1, which the table of exit codes does not have, and its trace has no time. */
    @Test
    void a_thread_that_cannot_be_started_is_told_with_its_limit_and_the_exit_code_of_what_could_not_be_done() {
        StringWriter err = new StringWriter();
        assertEquals(Exit.FAILED, Cli.run(new Starter(), new PrintWriter(err), new PrintWriter(err)));
        assertTrue(
                err.toString().contains(": no further thread can be started:")
                        && err.toString().contains("(ulimit -u, pids.max)")
                        && err.toString().lines().count() == 1,
                err.toString());
    }

    @Test
    void a_step_that_may_start_no_thread_fails_with_its_limit_and_prints_no_trace() throws Exception {
        List<String> told = new ArrayList<>();
        SummaryDraft summary = new SummaryDraft(sentence -> {
            told.add(sentence);
            return sentence;
        });
        StringWriter err = new StringWriter();
        new Steps(summary, null, new PrintWriter(err, true)).run("v04_recovery", () -> {
            throw new IllegalStateException(new OutOfMemoryError("unable to create native thread: possibly out of"));
        });
        assertEquals("", err.toString());
        assertTrue(told.get(0).startsWith("no further thread can be started: this user"), told.toString());
    }

    @Command(name = "asker")
    private static final class Asker implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException(
                    "sql/2-views/50-rounds.sql",
                    new java.sql.SQLException("Out of Memory Error: Failed to allocate block of 32768 bytes\n\n"
                            + "Possible solutions:\n* Reducing the number of threads (SET threads=X)"));
        }
    }

    /** The database's own remedies are settings that a report fixes. */
    @Test
    void a_database_that_is_refused_memory_is_told_in_one_sentence_with_what_can_be_done() {
        StringWriter err = new StringWriter();
        assertEquals(Exit.FAILED, Cli.run(new Asker(), new PrintWriter(err), new PrintWriter(err)));
        assertTrue(
                err.toString()
                        .startsWith("asker: the database has no more memory (Failed to allocate block of 32768"
                                + " bytes): see that ulimit -v and the memory of the container leave"),
                err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void a_limit_of_the_process_is_not_told_as_a_fault_of_the_file_that_it_stops() {
        Path file = Path.of("/soak/config.env");
        assertEquals(
                "Too many open files: ulimit -n of whatever starts this is too low; no file is to blame",
                Why.of(new FileSystemException("/soak/config.env", null, "Too many open files"), file));
        String large = Why.of(new java.io.IOException("File too large"), file);
        assertTrue(large.contains(": ulimit -f of whatever starts this"), large);
        String fork = Why.of(
                new java.io.IOException("Cannot run program \"sh\": error=11, Resource temporarily unavailable"), file);
        assertTrue(fork.contains(": ulimit -u of whatever starts this"), fork);
    }

    @Test
    void a_process_that_may_open_no_further_file_judges_nothing_and_a_bad_disk_is_judged() {
        Failure limited = assertThrows(
                Failure.class,
                () -> Access.require(new FileSystemException("/soak/rounds/a", null, "Too many open files")));
        assertEquals(Exit.FAILED, limited.exitCode());
        assertEquals(
                "no file can be read (/soak/rounds/a: Too many open files: ulimit -n of whatever starts this is too"
                        + " low; no file is to blame)",
                limited.getMessage());
        Access.require(new FileSystemException("/soak/rounds/a", null, "Input/output error"));
    }

    @Test
    void placeholders_of_the_start_command_become_quoted_words() throws Exception {
        Config config =
                read("CP_URL=http://127.0.0.1:5\nCP_COMMAND='cp --listen {listen} --data {data_dir} {other}'\n");
        String data = new SoakDir(folder).cpData().toString();
        assertEquals("cp --listen 127.0.0.1:5 --data " + base.ShellWords.quote(data) + " {other}", config.cpCommand());
    }
}
