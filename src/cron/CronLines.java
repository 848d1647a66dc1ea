package cron;

import base.Folders;
import base.ShellWords;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import soak.SoakDir;

/**
 * Whether commands that a machine starts by the clock start the rounds of one soak: by setup's own lines, by the
 * plan's, or by a link of any name.
 */
final class CronLines {
    private static final Pattern ASSIGNMENT = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*?)\\s*");
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:\\{([A-Za-z_][A-Za-z0-9_]*)\\}|([A-Za-z_][A-Za-z0-9_]*))");
    private static final Set<String> ROUNDS = Set.of("round", "round.java", "run_soak_val12_round.sh");
    private static final Set<String> OTHERS =
            Set.of(("report report.java run_soak_val12_report.sh setup setup.java run_soak_val12_setup.sh"
                            + " controlplane due")
                    .split(" "));
    private static final int FIELDS = 5;

    /** What a command is to the soak; the first of several is the one that counts. */
    enum Role {
        STARTS_ROUNDS,
        /** It names the soak and an unknown program, or starts rounds and names no soak that is known. */
        UNCLEAR,
        OTHER
    }

    /**
     * @param line as it stands, blanks at its ends aside
     * @param literalPath the PATH that stands above it where that names variables, which cron does not expand; else ""
     * @param rounds how many lines start rounds
     * @param perDay how often these do, all together; 0 where there are days on which they do not; empty where that is
     *     not known
     */
    record Found(Role role, String line, String literalPath, int rounds, OptionalInt perDay) {}

    private final SoakDir dir;
    private final Path root;
    /** What cron itself sets; of this process's own environment it knows nothing. */
    private final Map<String, String> environment;

    /** @param environment this process's, for its HOME */
    CronLines(SoakDir dir, Map<String, String> environment) {
        this.dir = dir;
        this.root = Folders.real(dir.root());
        this.environment = environment.containsKey("HOME") ? Map.of("HOME", environment.get("HOME")) : Map.of();
    }

    /**
     * @param crontab the text of one
     * @param system whether it is the system's, whose lines name a user
     */
    Found crontab(String crontab, boolean system) {
        Map<String, String> variables = new LinkedHashMap<>(environment);
        Found best = new Found(Role.OTHER, "", "", 0, OptionalInt.empty());
        List<OptionalInt> perDay = new ArrayList<>();
        for (String line : crontab.lines().map(String::strip).toList()) {
            Matcher assignment = ASSIGNMENT.matcher(line);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (assignment.matches()) {
                variables.put(assignment.group(1), assignment.group(2).replaceAll("^([\"'])(.*)\\1$", "$2"));
                continue;
            }
            boolean named = line.startsWith("@");
            String[] parts = line.split("\\s+", (named ? 1 : FIELDS) + (system ? 1 : 0) + 1);
            if (parts[0].equals("@reboot") || parts.length <= (named ? 1 : FIELDS) + (system ? 1 : 0)) {
                continue; // what starts with the machine keeps no timetable
            }
            String path = variables.getOrDefault("PATH", "");
            Role role = command(input(parts[parts.length - 1]), variables);
            if (role == Role.STARTS_ROUNDS) {
                perDay.add(CronFields.perDay(String.join(" ", List.of(parts).subList(0, named ? 1 : FIELDS))));
            }
            best = role.compareTo(best.role) < 0
                    ? new Found(role, line, path.matches(".*[$~`].*") ? path : "", 0, OptionalInt.empty())
                    : best;
        }
        return new Found(best.role, best.line, best.literalPath, perDay.size(), sum(perDay));
    }

    /** Of several lines, each of which may not be known. */
    static OptionalInt sum(List<OptionalInt> perDay) {
        return perDay.stream().allMatch(OptionalInt::isPresent)
                ? OptionalInt.of(perDay.stream().mapToInt(OptionalInt::getAsInt).sum())
                : OptionalInt.empty();
    }

    /** A bare percent sign ends cron's command. */
    private static String input(String command) {
        return command.replaceFirst("(?<!\\\\)%.*", "").replace("\\%", "%");
    }

    /** A command as a shell reads it, or systemd's ExecStart, which is near enough to one. */
    Role command(String command) {
        return command(command, new LinkedHashMap<>(environment));
    }

    private Role command(String command, Map<String, String> variables) {
        boolean round = false;
        boolean known = false;
        boolean ours = false;
        // of every line below it, what it starts says nothing of other programs
        boolean byVariable = names(variables.getOrDefault("SOAK_DIR", ""));
        boolean anothers = !byVariable && isSoak(variables.getOrDefault("SOAK_DIR", ""));
        boolean afterRound = false;
        for (String word : words(command, variables)) {
            Matcher option = ASSIGNMENT.matcher(word.replaceFirst("^-*", ""));
            String text = option.matches() ? option.group(2) : word;
            Optional<Path> path = path(text);
            String name = path.map(Path::getFileName).map(Path::toString).orElse("");
            String target = path.filter(Path::isAbsolute)
                    .map(Folders::real)
                    .map(Path::getFileName)
                    .map(Path::toString)
                    .orElse(name);
            // that is its SOAK_DIR, even if it is gone by now
            boolean argument = afterRound && path.filter(Path::isAbsolute).isPresent();
            afterRound = ROUNDS.contains(name) || ROUNDS.contains(target);
            round |= afterRound;
            known |= OTHERS.contains(name) || OTHERS.contains(target);
            boolean ownProgram = path.filter(Path::isAbsolute)
                    .map(p -> Folders.real(p).startsWith(Folders.real(dir.bin())))
                    .orElse(false);
            ours |= ownProgram || names(text);
            anothers |= !ownProgram && !names(text) && (argument || isSoak(text));
        }
        if (round) {
            return ours || byVariable && !anothers ? Role.STARTS_ROUNDS : anothers ? Role.OTHER : Role.UNCLEAR;
        }
        return ours && !known ? Role.UNCLEAR : Role.OTHER;
    }

    private boolean names(String text) {
        return path(text)
                .filter(Path::isAbsolute)
                .map(p -> p.normalize().equals(dir.root()) || Folders.real(p).equals(root))
                .orElse(false);
    }

    private static boolean isSoak(String text) {
        return path(text)
                .filter(Path::isAbsolute)
                .map(p -> Files.exists(new SoakDir(p).config()))
                .orElse(false);
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException noName) {
            return Optional.empty();
        }
    }

    /** The words of a shell's command; what joins and redirects commands is an empty one. */
    private static List<String> words(String command, Map<String, String> variables) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        int next = 0; // what lies before it was the name of a variable
        for (ShellWords.Letter letter : ShellWords.letters(command, 0)) {
            if (letter.at() < next) {
                continue;
            }
            if (letter.isBare(" \t;&|<>()")) {
                if (begun) {
                    words.add(word.toString());
                }
                if (!letter.isBare(" \t")) {
                    words.add("");
                }
                word.setLength(0);
                begun = false;
                continue;
            }
            Matcher variable = VARIABLE.matcher(command).region(letter.at(), command.length());
            if (letter.expands() && variable.lookingAt()) {
                String name = variable.group(1) != null ? variable.group(1) : variable.group(2);
                word.append(variables.getOrDefault(name, variable.group()));
                next = variable.end();
            } else if (letter.isBare("~") && !begun) {
                word.append(variables.getOrDefault("HOME", "~"));
            } else if (letter.isText()) {
                word.append(letter.c());
            }
            begun = true;
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }
}
