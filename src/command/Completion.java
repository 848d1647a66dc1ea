package command;

import base.Exit;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;

/**
 * {@code --completion bash|zsh} of every command: prints what lets that shell complete its options, their values, and
 * folders, made from the command's own options. {@code source <(./report.java --completion bash)} serves report.java by
 * any path.
 *
 * <p>Values are an option's completion candidates; where the type is a path, files, or folders if its label ends in
 * DIR.
 */
final class Completion {
    private static final String OPTION = "--completion";
    private static final List<String> SHELLS = List.of("bash", "zsh");

    private Completion() {}

    /** Adds the option. It asks for nothing else, so it may stand alone. */
    static void offerBy(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        spec.addOption(OptionSpec.builder(OPTION)
                .type(String.class)
                .paramLabel("SHELL")
                .completionCandidates(SHELLS)
                .description(
                        "Print completions for bash or zsh:",
                        "source <(./" + script(spec) + " " + OPTION + " bash)") // in one line, to be copied
                .build());
        line.setExecutionStrategy(parsed -> {
            String shell = parsed.matchedOptionValue(OPTION, null);
            if (shell == null) {
                return new RunLast().execute(parsed);
            }
            if (!SHELLS.contains(shell)) {
                throw new ParameterException(
                        line, OPTION + " " + shell + " is unknown: give " + String.join(" or ", SHELLS));
            }
            line.getOut().print(shell.equals("bash") ? bash(spec) : zsh(spec));
            return Exit.OK;
        });
    }

    private static String script(CommandSpec spec) {
        return spec.name() + ".java";
    }

    // --- what both shells need --------------------------------------------------------------------------------------

    /** A command and its subcommands, each by the words that lead to it. */
    private static Map<String, CommandSpec> commands(CommandSpec spec) {
        Map<String, CommandSpec> all = new LinkedHashMap<>();
        collect(spec, spec.name(), all);
        return all;
    }

    private static void collect(CommandSpec spec, String words, Map<String, CommandSpec> all) {
        all.put(words, spec);
        spec.subcommands().forEach((name, sub) -> collect(sub.getCommandSpec(), words + " " + name, all));
    }

    private static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    private static List<String> candidates(ArgSpec arg) {
        if (arg.completionCandidates() == null) {
            return List.of();
        }
        boolean isEnum = arg.type().isEnum(); // its constants are upper case, what a user types is not
        return StreamSupport.stream(arg.completionCandidates().spliterator(), false)
                .map(c -> isEnum ? c.toLowerCase(Locale.ROOT) : c)
                .toList();
    }

    private static boolean isPath(ArgSpec arg) {
        return arg.type() == Path.class || arg.type() == File.class;
    }

    private static boolean isFolder(ArgSpec arg) {
        return isPath(arg) && arg.paramLabel().endsWith("DIR");
    }

    // --- bash -------------------------------------------------------------------------------------------------------

    private static String bash(CommandSpec spec) {
        String function = "_complete_" + spec.name() + "_java";
        StringBuilder subcommands = new StringBuilder();
        StringBuilder values = new StringBuilder();
        StringBuilder words = new StringBuilder();
        commands(spec).forEach((command, of) -> {
            for (String sub : of.subcommands().keySet()) {
                String both = command + " " + sub;
                subcommands.append("      '" + both + "') command='" + both + "' ;;\n");
            }
            for (OptionSpec option : of.options()) {
                if (takesValue(option)) {
                    String names = Arrays.stream(option.names())
                            .map(n -> "'" + command + " " + n + "'")
                            .collect(Collectors.joining("|"));
                    values.append("    " + names + ") " + bashValue(option) + " ;;\n");
                }
            }
            String options =
                    of.options().stream().flatMap(o -> Arrays.stream(o.names())).collect(Collectors.joining(" "));
            words.append("    '" + command + "') options='" + options + "'; " + bashOperand(of) + " ;;\n");
        });
        return String.format(Locale.ROOT, """
            # Completions of %1$s for bash: source this text.
            %2$s() {
              # By the line itself: bash cuts its own words at = : and @ too.
              local line="${COMP_LINE:0:COMP_POINT}" current= before= command='%3$s'
              local kind= list= options= attached= word strip action=
              local -a words
              read -ra words <<< "$line"
              if [[ $line != *[[:space:]] ]]; then
                current="${words[${#words[@]}-1]}"
                unset "words[${#words[@]}-1]"
              fi
              before="${words[${#words[@]}-1]}"
              if [[ $current == --*=* ]]; then
                attached=yes
                before="${current%%%%=*}"
                current="${current#*=}"
              fi
              for word in "${words[@]:1}"; do
                case "$command $word" in
            %4$s      *) ;;
                esac
              done
              case "$command" in
            %5$s  esac
              case "$command $before" in
            %6$s  esac
              if [[ $current == -* && -z $attached ]]; then
                kind=words
                list=$options
              fi
              COMPREPLY=()
              case "$kind" in
                words)
                  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$list" -- "$current")
                  [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2> /dev/null ;;
                folder | file)
                  compopt -o filenames 2> /dev/null
                  [[ $kind == folder ]] && action=-d || action=-f
                  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$action" -- "$current") ;;
              esac
              # bash replaces what stands after the last of its word breaks, or from it on if that is an @.
              strip="${current%%"${current##*["$COMP_WORDBREAKS"]}"}"
              strip="${strip%%@}"
              COMPREPLY=("${COMPREPLY[@]#"$strip"}")
            }
            complete -o default -F %2$s %1$s
            """, script(spec), function, spec.name(), subcommands, words, values);
    }

    private static String bashValue(ArgSpec arg) {
        List<String> candidates = candidates(arg);
        return !candidates.isEmpty()
                ? "kind=words list='" + String.join(" ", candidates) + "'"
                : isFolder(arg) ? "kind=folder" : isPath(arg) ? "kind=file" : "kind=";
    }

    /** What stands where no option does: a subcommand, else the first positional parameter. */
    private static String bashOperand(CommandSpec of) {
        if (!of.subcommands().isEmpty()) {
            return "kind=words list='" + String.join(" ", of.subcommands().keySet()) + "'";
        }
        return of.positionalParameters().isEmpty()
                ? "kind="
                : bashValue(of.positionalParameters().get(0));
    }

    // --- zsh --------------------------------------------------------------------------------------------------------

    private static String zsh(CommandSpec spec) {
        StringBuilder text = new StringBuilder("#compdef " + script(spec) + "\n# Completions of " + script(spec)
                + " for zsh: source this text.\n(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }\n");
        commands(spec).forEach((command, of) -> {
            List<String> arguments = new ArrayList<>();
            for (OptionSpec option : of.options()) {
                for (String name : option.names()) {
                    arguments.add(zshQuoted((option.isMultiValue() ? "*" : "") + name + (takesValue(option) ? "=" : "")
                            + "[" + zshText(description(option)) + "]"
                            + (takesValue(option) ? ":" + zshText(option.paramLabel()) + ":" + zshValue(option) : "")));
                }
            }
            if (of.subcommands().isEmpty()) {
                of.positionalParameters()
                        .forEach(p -> arguments.add(zshQuoted("::" + zshText(p.paramLabel()) + ":" + zshValue(p))));
            } else {
                arguments.add(zshQuoted(
                        "1:command:(" + String.join(" ", of.subcommands().keySet()) + ")"));
                arguments.add(zshQuoted("*:: :->rest"));
            }
            text.append(zshFunction(command) + "() {\n  local curcontext=\"$curcontext\" state\n  local -a line\n"
                    + "  _arguments -C \\\n    " + String.join(" \\\n    ", arguments) + "\n");
            if (!of.subcommands().isEmpty()) {
                text.append("  [[ $state == rest ]] && case \"$line[1]\" in\n");
                for (String sub : of.subcommands().keySet()) {
                    text.append("    " + sub + ") " + zshFunction(command + " " + sub) + " ;;\n");
                }
                text.append("  esac\n");
            }
            text.append("}\n");
        });
        return text + "compdef " + zshFunction(spec.name()) + " " + script(spec) + "\n";
    }

    private static String zshFunction(String command) {
        return "_complete_" + command.replace(' ', '_') + "_java";
    }

    private static String zshValue(ArgSpec arg) {
        List<String> candidates = candidates(arg);
        if (candidates.stream().anyMatch(word -> word.endsWith("="))) {
            return "compadd -S \"\" - " + String.join(" ", candidates); // what follows the sign is the user's to type
        }
        return !candidates.isEmpty()
                ? "(" + String.join(" ", candidates) + ")"
                : isFolder(arg) ? "_directories" : isPath(arg) ? "_files" : " ";
    }

    private static String description(OptionSpec option) {
        return String.join(" ", option.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()))
                .replace("$$", "$");
    }

    private static String zshText(String text) {
        return text.replace("\\", "\\\\")
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace(":", "\\:");
    }

    private static String zshQuoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
