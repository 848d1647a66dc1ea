import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The program as its pages tell of it: its commands, and all that it is made of. */
final class DocsProgram {
    static final Pattern KEY = Pattern.compile("[A-Z][A-Z0-9]+(_[A-Z0-9]+)+");
    static final Set<String> OURS = Set.of("setup", "round", "report", "rehearse", "controlplane", "test");

    /** All that the program is made of: a name that a page gives must stand in it. */
    static final String SOURCES = sources();

    private DocsProgram() {}

    private static String sources() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Project.folder(""))) {
            for (Path file : (Iterable<Path>)
                    files.filter(f -> f.toString().matches(".*/(?!\\.)[^/]+\\.(java|sql|ftl|ftlh|py|yml)|.*/jbang")
                            && !f.toString().contains("/.")
                            && !f.getFileName().toString().startsWith("Docs")
                            && Files.isRegularFile(f))::iterator) {
                all.append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }

    static Callable<Integer> program(String name) {
        return switch (name) {
            case "setup" -> new setup();
            case "round" -> new round();
            case "report" -> new report();
            case "rehearse" -> new rehearse();
            case "controlplane" -> new controlplane();
            case "test" -> new test();
            default -> throw new AssertionError(name + " is none of our commands");
        };
    }

    static CommandLine line(String program) {
        CommandLine line = new CommandLine(program(program));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExpandAtFiles(false);
        return line;
    }
}
