package provision;

import base.ShellWords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The programs that a shell would run for a start command, as far as they can be known without running it: past
 * assignments ({@code FOO=1 prog}), {@code exec} and {@code env}, inside {@code sh -c '…'}, after {@code cd DIR &&}.
 * What comes after a program that ran to its end is not looked at: that program may have made it.
 */
public final class StartCommand {
    /**
     * @param name as the shell would look it up
     * @param start where the word stands in the command, -1 if it stands inside another word and cannot be replaced
     *     there
     * @param folder what a relative path is relative to
     */
    public record Program(String name, int start, int end, Path folder) {}

    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=(?s:.*)");
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "ksh", "zsh");
    /** Programs that run the rest of their arguments, where that begins right behind them. */
    private static final Set<String> RUNNERS = Set.of(
            "env", "nohup", "setsid", "nice", "ionice", "chronic", "stdbuf", "timeout", "taskset", "chrt", "sudo");

    private static final Set<String> MAKES_NOTHING =
            Set.of((": [ alias bg cd echo export false hash kill printf pwd readonly set sleep test times trap"
                            + " true ulimit umask unset wait")
                    .split(" "));
    private static final Set<String> ENDS_KNOWLEDGE =
            Set.of(("! . { } break case continue do done elif else esac eval exit fi for function getopts if"
                            + " read return shift source then until while")
                    .split(" "));

    private final List<Program> programs = new ArrayList<>();

    private StartCommand() {}

    /** @param folder the working directory of the command, SOAK_DIR */
    public static List<Program> programs(String command, Path folder) {
        StartCommand reader = new StartCommand();
        reader.read(command, folder, true);
        return reader.programs;
    }

    /** @param text null where an expansion decides it; @param plain whether it stands in the command as it is meant */
    private record Word(String text, int start, int end, boolean plain) {
        boolean is(Pattern pattern) {
            return text != null && pattern.matcher(text).matches();
        }
    }

    private void read(String command, Path folder, boolean outermost) {
        Path here = folder;
        for (List<Word> words : simpleCommands(command)) {
            int at = 0;
            while (at < words.size() && words.get(at).is(ASSIGNMENT)) {
                if (words.get(at).text().startsWith("PATH=")) {
                    return; // where programs are found is decided there
                }
                at++;
            }
            if (at < words.size()
                    && words.get(at).text() != null
                    && words.get(at).text().equals("cd")
                    && at + 2 == words.size()
                    && words.get(at + 1).text() != null) {
                here = here.resolve(words.get(at + 1).text());
                continue;
            }
            if (!mayGoOn(words.subList(at, words.size()), here, outermost)) {
                return;
            }
        }
    }

    /** @return whether the command after this one is still known to find what is there now */
    private boolean mayGoOn(List<Word> words, Path here, boolean outermost) {
        if (words.isEmpty()) {
            return true;
        }
        Word first = words.get(0);
        if (first.text() == null || ENDS_KNOWLEDGE.contains(first.text())) {
            return false;
        }
        List<Word> rest = words.subList(1, words.size());
        if (first.text().equals("exec") || first.text().equals("command")) {
            return begins(rest)
                    && mayGoOn(rest, here, outermost)
                    && first.text().equals("command");
        }
        if (MAKES_NOTHING.contains(first.text())) {
            return !first.text().equals("cd")
                    && rest.stream()
                            .noneMatch(
                                    word -> word.text() == null || word.text().startsWith("PATH="));
        }
        programs.add(new Program(first.text(), outermost && first.plain() ? first.start() : -1, first.end(), here));
        String name = Path.of(first.text()).getFileName() == null
                ? ""
                : Path.of(first.text()).getFileName().toString();
        if (SHELLS.contains(name)
                && rest.size() >= 2
                && "-c".equals(rest.get(0).text())
                && rest.get(1).text() != null) {
            read(rest.get(1).text(), here, false);
        } else if (RUNNERS.contains(name)) {
            int at = 0;
            while (at < rest.size()
                    && rest.get(at).is(ASSIGNMENT)
                    && name.equals("env")
                    && !rest.get(at).text().startsWith("PATH=")) {
                at++;
            }
            if (Set.of("env", "nohup", "setsid", "nice", "chronic").contains(name)
                    && begins(rest.subList(at, rest.size()))) {
                mayGoOn(rest.subList(at, rest.size()), here, outermost);
            }
        }
        return false;
    }

    /** Whether a command begins here, and no option of the program before. */
    private static boolean begins(List<Word> words) {
        return !words.isEmpty()
                && words.get(0).text() != null
                && !words.get(0).text().startsWith("-")
                && !words.get(0).is(ASSIGNMENT);
    }

    /** The words of each simple command, redirections left out; ends where the text is not understood. */
    private static List<List<Word>> simpleCommands(String command) {
        List<List<Word>> all = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        all.add(words);
        int i = 0;
        boolean target = false; // the next word is a redirection's
        while (i < command.length()) {
            char c = command.charAt(i);
            if (c == ' ' || c == '\t') {
                i++;
            } else if (c == '#') {
                return all;
            } else if (c == '(' || c == ')') {
                words.add(new Word(null, i, i, false));
                return all;
            } else if (c == '<' || c == '>') {
                i++;
                while (i < command.length() && "<>&|".indexOf(command.charAt(i)) >= 0) {
                    i++;
                }
                target = true;
            } else if (";&|\n".indexOf(c) >= 0) {
                i++;
                words = new ArrayList<>();
                all.add(words);
            } else {
                Word word = word(command, i);
                i = word.end();
                boolean descriptor = i < command.length()
                        && "<>".indexOf(command.charAt(i)) >= 0
                        && word.plain()
                        && word.text().matches("\\d+");
                if (!target && !descriptor) {
                    words.add(word);
                }
                target = target && descriptor;
            }
        }
        return all;
    }

    private static Word word(String command, int start) {
        StringBuilder text = new StringBuilder();
        boolean known = true;
        boolean plain = true;
        for (ShellWords.Letter letter : ShellWords.letters(command, start)) {
            if (letter.isBare(" \t\n;&|<>()")) {
                return new Word(known ? text.toString() : null, start, letter.at(), plain && known);
            }
            plain &= letter.standing() == ShellWords.Standing.BARE && letter.c() != '{';
            known &= !letter.expands() && !letter.isBare("*?~{") && !(letter.isBare("[") && !text.isEmpty());
            if (letter.isText()) {
                text.append(letter.c()); // an unclosed quote is the shell's to refuse
            }
        }
        return new Word(known ? text.toString() : null, start, command.length(), plain && known);
    }
}
