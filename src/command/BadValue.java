package command;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Values on the command line that no option takes, in our words: the parser's name Java's types. */
final class BadValue {
    private BadValue() {}

    /**
     * What was given without a value, as by a shell's variable that is not set: taken for the default, or for the
     * working directory, it would begin another soak than the one that was meant.
     */
    static Optional<String> empty(ParseResult parsed) {
        return parsed.asCommandLineList().stream()
                .flatMap(line -> line.getParseResult().matchedArgs().stream())
                .filter(arg -> arg.arity().min() > 0 || arg.isPositional())
                .filter(arg -> arg.originalStringValues().stream().anyMatch(String::isBlank))
                .findFirst()
                .map(BadValue::empty);
    }

    /** The wrong value of a number or of a switch; every other error has the parser's words. */
    static Optional<String> of(CommandLine.ParameterException e) {
        ArgSpec arg = e.getArgSpec();
        String value = e.getValue();
        if (arg == null || value == null) {
            return Optional.empty();
        }
        if (value.isBlank()) {
            return Optional.of(empty(arg));
        }
        if (arg.arity().max() == 0) {
            return Optional.of(name(arg) + " takes no value: leave =" + value + " out");
        }
        if (Number.class.isAssignableFrom(arg.type()) || arg.type().isPrimitive()) {
            boolean digits = value.matches("[+-]?\\d+");
            return Optional.of(name(arg) + " " + value
                    + (digits ? " is beyond every number that it takes" : " is not a whole number") + " (see --help)");
        }
        return Optional.empty();
    }

    private static String empty(ArgSpec arg) {
        return name(arg) + " is empty: give " + arg.paramLabel()
                + ", or leave it out (a variable of the shell may not be set)";
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }
}
