///bin/sh -c 'PATH=${PATH:+$PATH:}/usr/bin:/bin; exec "$(dirname "$(readlink -f "$0")")/../jbang" "$(readlink -f "$0")" "$@"' "$0" "$@" ; exit $?
//JAVA 17+
//DEPS com.palantir.javaformat:palantir-java-format:2.103.0
//RUNTIME_OPTIONS --add-exports=jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED --add-exports=jdk.compiler/com.sun.tools.javac.code=ALL-UNNAMED --add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED --add-exports=jdk.compiler/com.sun.tools.javac.parser=ALL-UNNAMED --add-exports=jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED --add-exports=jdk.compiler/com.sun.tools.javac.util=ALL-UNNAMED -XX:+UseSerialGC
//SOURCES ../src/base/*.java
//SOURCES ../src/build/OwnBuild.java
//SOURCES ../src/build/Version.java
//SOURCES ../src/command/*.java
import base.Exit;
import base.Failure;
import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import command.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Formats the project's Java. The lines that begin a script (its shebang, {@code //DEPS} and the like) stay as they
 * are: what they say ends with the line.
 *
 * <p>Exit codes: 0 all is formatted now; 10 {@code --check} found files that are not; 70 a file does not parse.
 */
@Command(name = "format", mixinStandardHelpOptions = true, description = "Formats the project's Java sources.")
class format implements Callable<Integer> {
    private static final List<String> NOT_OURS = List.of("/.git/", "/.jbang/");

    @Option(
            names = "--check",
            description = "Change nothing: list the files that are not formatted, exit code 10 if there is one.")
    boolean check;

    @Spec
    CommandSpec spec;

    public static void main(String[] args) {
        System.exit(Cli.run(new format(), args));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path root =
                Path.of(System.getenv().getOrDefault("SOAK_SOURCE_DIR", ".")).toRealPath();
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .formatJavadoc(true)
                .build());
        int changed = 0;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files.filter(f ->
                            f.toString().endsWith(".java") && NOT_OURS.stream().noneMatch(f.toString()::contains))
                    .sorted()::iterator) {
                String text = Files.readString(file);
                String formatted = formatted(formatter, root.relativize(file), text);
                if (!formatted.equals(text)) {
                    changed++;
                    out.println((check ? "not formatted: " : "formatted: ") + root.relativize(file));
                    if (!check) {
                        Files.writeString(file, formatted);
                    }
                }
            }
        }
        if (check && changed > 0) {
            out.println("./jbang format formats them");
        }
        return check && changed > 0 ? Exit.BAD : Exit.OK;
    }

    private static String formatted(Formatter formatter, Path name, String text) {
        int head = 0;
        while (text.startsWith("//", head)) {
            head = text.indexOf('\n', head) + 1;
        }
        try {
            return text.substring(0, head) + formatter.formatSourceAndFixImports(text.substring(head));
        } catch (FormatterException e) {
            throw Failure.failed(name + " does not parse (" + e.getMessage() + "): mend it first", e);
        }
    }
}
