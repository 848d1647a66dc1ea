import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import base.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** --completion: what a real bash makes of it, for each command. */
class CompletionTest {
    private static final Map<String, Callable<Integer>> COMMANDS = Map.of(
            "report",
            new report(),
            "round",
            new round(),
            "setup",
            new setup(),
            "rehearse",
            new rehearse(),
            "controlplane",
            new controlplane());

    @TempDir
    Path folder;

    private static Fork.Result run(String command, String... arguments) {
        return Fork.here(COMMANDS.get(command), arguments);
    }

    private Path script(String command, String shell) throws IOException {
        Fork.Result ran = run(command, "--completion", shell);
        assertEquals(Exit.OK, ran.exit(), ran.err());
        assertEquals("", ran.err());
        return Files.writeString(folder.resolve(command + "." + shell), ran.out());
    }

    @Test
    void help_breaks_no_line_that_is_copied() {
        for (String command : COMMANDS.keySet()) {
            String help = run(command, "--help").out();
            assertTrue(help.contains("source <(./" + command + ".java --completion bash)\n"), help);
            assertTrue(!command.equals("setup") || help.contains("(default: 127.0.0.1:19000)."), help);
        }
    }

    /**
     * What bash offers after {@code line}: it sources the text, looks up the function of the command, and calls it as
     * readline would.
     */
    private List<String> completed(String line) throws IOException {
        String command = line.replaceFirst("^(?:.*?/)?(\\w+)\\.java .*", "$1");
        String ask = """
            source "$1"
            COMP_LINE=$2 COMP_POINT=${#2} COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
            read -ra COMP_WORDS <<< "$2"
            function=$(complete -p "$3") && function=${function##*-F } && ${function%% *}
            printf '%s\\n' "${COMPREPLY[@]}\"\
            """;
        Fork.Result ran = Fork.run(
                "/bin/bash",
                "--norc",
                "-c",
                "cd \"$0\"\n" + ask,
                folder.toString(),
                script(command, "bash").toString(),
                line,
                command + ".java");
        assertEquals("", ran.err());
        return ran.out().lines().filter(word -> !word.isEmpty()).sorted().toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "./report.java --ty|--type",
                "report.java x --exp|--export",
                "/srv/soak/report.java --type |archive checkpoint daily final status verify",
                "report.java --type=fi|final",
                "report.java --format c|csv",
                "report.java --format=|csv json junit markdown table text",
                "report.java soak --sql @slo|@slowest-creates",
                "report.java soak --sql=@slo|@slowest-creates",
                "report.java --completion |bash zsh",
                "report.java --date |",
                "rehearse.java --scenario one-bad|one-bad-night one-bad-round",
                "setup.java --install|--install-crontab",
                "setup.java /srv/soak --set TARGET_P|TARGET_P99_MS= TARGET_PLAN_COUNT=",
                "setup.java --set CP_MODE=|attached embedded external",
                "setup.java --set=RECOVER_FOREIGN=y|yes",
                "controlplane.java |rollback serve",
                "controlplane.java rollback |execute",
                "controlplane.java rollback execute --stra|--strategy",
                "controlplane.java rollback execute --strategy r|retry rollback",
                "round.java --he|--help"
            })
    void bash_completes_options_and_their_values(String line, String words) throws IOException {
        assertEquals(words == null ? List.of() : List.of(words.split(" ")), completed(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "round", "setup", "rehearse", "controlplane"})
    void bash_offers_exactly_the_options_that_help_tells(String command) throws IOException {
        TreeSet<String> options = new TreeSet<>(List.of("--completion"));
        new CommandLine(COMMANDS.get(command))
                .getCommandSpec()
                .options()
                .forEach(o -> options.addAll(List.of(o.names())));
        assertEquals(List.copyOf(options), completed(command + ".java -"));
        assertTrue(run(command, "--help").out().contains("--completion=SHELL"), command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "report.java ",
                "setup.java ",
                "rehearse.java ",
                "report.java --export ",
                "controlplane.java serve --data-dir "
            })
    void bash_completes_folders_and_no_files_where_a_folder_belongs(String line) throws IOException {
        Files.createDirectories(folder.resolve("my soak/rounds"));
        Files.writeString(folder.resolve("my file"), "");
        assertEquals(List.of("my soak"), completed(line + "m"));
    }

    @Test
    void bash_completes_files_where_a_file_belongs() throws IOException {
        Files.writeString(folder.resolve("plan.json"), "");
        assertEquals(List.of("plan.json"), completed("setup.java --plan-template pl"));
    }

    /** bash puts the answer where its own last word begins, and for it = and : begin words. */
    @Test
    void what_bash_keeps_of_a_word_is_not_offered_again() throws IOException {
        Files.createDirectories(folder.resolve("a:b/soak"));
        assertEquals(List.of("b/soak"), completed("report.java a:b/so"));
        Files.createDirectories(folder.resolve("c=d/soak"));
        assertEquals(List.of("d/soak"), completed("report.java c=d/so"));
    }

    @Test
    void every_type_and_format_that_is_offered_is_known() throws IOException {
        for (String type : completed("report.java --type ")) {
            assertTrue(!run("report", folder.toString(), "--type", type).err().contains("is unknown"), type);
        }
        List<String> known = new ArrayList<>();
        for (String format : completed("report.java --format ")) {
            if (!run("report", folder.toString(), "--type", "final", "--format", format)
                            .err()
                            .contains("is unknown")
                    || !run("report", folder.toString(), "--sql", "x", "--format", format)
                            .err()
                            .contains("is unknown")) {
                known.add(format);
            }
        }
        assertEquals(completed("report.java --format "), known);
    }

    @ParameterizedTest
    @ValueSource(strings = {"report", "round", "setup", "rehearse", "controlplane"})
    void zsh_takes_the_text_and_knows_the_command(String command) throws IOException {
        assumeTrue(
                Files.isExecutable(Path.of("/bin/zsh")) || Files.isExecutable(Path.of("/usr/bin/zsh")),
                "zsh is not installed: its completions are not tried");
        Fork.Result ran = Fork.run(
                "/usr/bin/env", "zsh", "-f", "-c", """
                autoload -Uz compinit && compinit -D -u && source "$0" && print -r -- "$_comps[$1]"
                _arguments() { print -rl -- "$@" }
                $_comps[$1]\
                """, script(command, "zsh").toString(), command + ".java");
        assertEquals("", ran.err());
        assertEquals(
                "_complete_" + command + "_java", ran.out().lines().findFirst().orElse(""));
        assertTrue(
                ran.out()
                        .contains("--completion=[Print completions for bash or zsh\\: source <(./" + command
                                + ".java --completion bash)]:SHELL:(bash zsh)\n"),
                ran.out());
    }

    @Test
    void zsh_offers_the_keys_of_config_env_as_often_as_they_are_set_and_adds_no_blank_behind_their_sign() {
        String text = run("setup", "--completion", "zsh").out();
        assertTrue(
                text.contains(
                        "'*--set=[Set any key of config.env; may be repeated.]:KEY=VALUE:compadd -S \"\" - SOAK_ID= "),
                text);
        assertTrue(text.contains(" CP_MODE=embedded CP_MODE=external CP_MODE=attached CP_COMMAND= "), text);
    }

    @Test
    void another_shell_is_refused_in_one_sentence() {
        Fork.Result ran = run("report", "--completion", "fish");
        assertEquals(Exit.USAGE, ran.exit());
        assertEquals("report: --completion fish is unknown: give bash or zsh (see --help)\n", ran.err());
        assertEquals("", ran.out());
    }
}
