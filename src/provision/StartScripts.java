//FILES start-scripts/=*.sh
package provision;

import base.ShellWords;
import build.BuildName;
import build.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The start scripts of a frozen build: a function of the build alone, so that every machine has the same. Each is a
 * head of values, written here, and the text of {@code start.sh}, which reads them.
 */
final class StartScripts {
    private static final List<String> PROGRAMS = List.of("setup", "round", "report", "controlplane");

    private static final String HEAD = """
        #!/bin/sh
        # %1$s, as setup froze it; replaced only by setup.java SOAK_DIR --upgrade. The folder may be moved, once
        # setup --stop has ended the control plane and --remove-crontab has taken out the lines; setup
        # --install-crontab puts the new ones in.
        program=%1$s
        arguments=%2$s
        version=%3$s
        checkout=%4$s
        options=%5$s
        jars=%6$s
        """;

    private StartScripts() {}

    /**
     * Name and text of each.
     *
     * @param jars the class path, below bin/lib
     */
    static Map<String, String> of(List<String> jars) {
        Map<String, String> scripts = new LinkedHashMap<>();
        for (String program : PROGRAMS) {
            if (StartScripts.class.getResource("/" + program + ".class") != null) {
                scripts.put(program, startScript(program, "", jars));
            }
        }
        if (scripts.containsKey("round")) {
            scripts.put("probe", startScript("round", "--probe", jars));
        }
        scripts.put("due", "#!/bin/sh\n" + part("path.sh") + part("due.sh"));
        return scripts;
    }

    private static String startScript(String program, String arguments, List<String> jars) {
        String checkout = BuildName.of(Version.current()).checkout();
        return String.format(
                        Locale.ROOT,
                        HEAD,
                        program,
                        ShellWords.quote(arguments),
                        ShellWords.quote(Version.current()),
                        ShellWords.quote(checkout),
                        ShellWords.quote(runtimeOptions(program)),
                        ShellWords.quote(String.join(":", jars)))
                + part("path.sh")
                + part("start.sh");
    }

    /** The script's own {@code //RUNTIME_OPTIONS}, from its source in this jar: they stand once. */
    private static String runtimeOptions(String program) {
        return file("/scripts/" + program + ".java", "setup.java takes")
                .lines()
                .filter(line -> line.startsWith("//RUNTIME_OPTIONS"))
                .map(line -> line.substring("//RUNTIME_OPTIONS".length()).strip())
                .collect(Collectors.joining(" "));
    }

    private static String part(String name) {
        return file("/start-scripts/" + name, "StartScripts.java takes");
    }

    private static String file(String path, String who) {
        try (InputStream source = StartScripts.class.getResourceAsStream(path)) {
            if (source == null) {
                throw new IllegalStateException("the jar lacks " + path + ": " + who + " it in by //FILES");
            }
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
