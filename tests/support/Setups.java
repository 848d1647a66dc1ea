import static org.junit.jupiter.api.Assertions.assertEquals;

import command.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import process.ControlPlane;
import soak.SoakDir;
import soak.Time;

/** Runs setup in the test's own JVM, on free ports, and ends what it started. */
final class Setups implements AutoCloseable {
    final SoakDir dir;
    /** A machine that other tests keep busy may take its time for a start. */
    final Map<String, String> environment =
            new TreeMap<>(Map.of("PATH", System.getenv("PATH"), "CP_START_TIMEOUT_SECONDS", "60"));

    final String listen = "127.0.0.1:" + Ports.free();
    final String metricsListen = "127.0.0.1:" + Ports.free();
    Time time = unhurried();
    Path etc;

    /** @param folder a temporary one; the soak is in it, under {@code name} */
    Setups(Path folder, String name) throws IOException {
        dir = new SoakDir(folder.resolve(name));
        environment.put("HOME", folder.toString());
        etc = Files.createDirectories(folder.resolve("etc")); // without a localtime: UTC
    }

    /** A busy machine must not decide VAL12-01: a hundredth of what each duration is. */
    private static Time unhurried() {
        return new SystemTime() {
            @Override
            public long nanoTime() {
                return super.nanoTime() / 100;
            }
        };
    }

    /** With a link in place of the frozen build's libraries. */
    Setups sharingLibraries() throws IOException {
        Files.createDirectories(dir.bin());
        Files.createSymbolicLink(dir.bin().resolve("lib"), FrozenBuilds.LIBRARIES);
        return this;
    }

    /**
     * With a folder where the file belongs that says of which jars the archive of classes is, so that none is made:
     * else a setup that is a process of its own spends most of its time on it.
     */
    Setups withoutClassArchive() throws IOException {
        Files.createDirectories(dir.classesOf().resolve("none"));
        return this;
    }

    /** Setup of this soak, on its ports. */
    Fork.Result first(String... options) {
        List<String> all = new ArrayList<>(List.of("--listen", listen, "--metrics-listen", metricsListen));
        all.addAll(List.of(options));
        return run(all.toArray(String[]::new));
    }

    /** Setup of this soak, with these options alone. */
    Fork.Result run(String... options) {
        List<String> all = new ArrayList<>(List.of(dir.root().toString()));
        all.addAll(List.of(options));
        return command(all.toArray(String[]::new));
    }

    /** Setup of another folder, on the ports of this soak. */
    Fork.Result on(String folder) {
        return command(folder, "--listen", listen, "--metrics-listen", metricsListen);
    }

    Fork.Result command(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Cli.run(new setup(environment, time, etc), new PrintWriter(out), new PrintWriter(err), arguments);
        return new Fork.Result(exit, out.toString(), err.toString());
    }

    String config() throws IOException {
        return Files.readString(dir.config());
    }

    soak.Config read() {
        return soak.Config.read(dir);
    }

    String resumes() throws IOException {
        return Files.exists(dir.setupResumes()) ? Files.readString(dir.setupResumes()) : "";
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(dir.config())) {
            run("--stop");
        }
        if (Files.isSymbolicLink(dir.bin().resolve("lib"))) {
            Files.delete(dir.bin().resolve("lib"));
        }
    }

    ControlPlane controlPlane() {
        return new ControlPlane(read(), Time.system());
    }

    static void assertExit(int expected, Fork.Result result) {
        assertEquals(expected, result.exit(), result.err() + result.out());
    }
}
