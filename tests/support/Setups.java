import static org.junit.jupiter.api.Assertions.assertEquals;

import base.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import process.ControlPlane;
import soak.SoakDir;

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
        return run(Fork.words(List.of("--listen", listen, "--metrics-listen", metricsListen), options));
    }

    /** Setup of this soak on a foreign control plane of its own, which starts fast. */
    Fork.Result foreign(String... more) throws IOException {
        return first(onForeign(dir.root().getParent(), more));
    }

    /** Options of a soak that starts a foreign control plane; the files that they name are written into the folder. */
    static String[] onForeign(Path folder, String... more) throws IOException {
        return options(folder, List.of("--cp-command", ForeignControlPlane.command()), more);
    }

    /** Options of a soak on a foreign control plane that runs already. */
    static String[] attachedTo(ForeignControlPlane cp, Path folder, String... more) throws IOException {
        return options(
                folder,
                List.of("--attach", "--set", "CP_URL=" + cp.url(), "--set", "CP_METRICS_URL=" + cp.metricsUrl()),
                more);
    }

    private static String[] options(Path folder, List<String> which, String... more) throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.json"), ForeignControlPlane.TEMPLATE);
        List<String> all = new ArrayList<>(which);
        all.addAll(List.of("--cli", ForeignControlPlane.cli(folder).toString(), "--plan-template", plan.toString()));
        all.addAll(List.of("--set", "CP_CURSOR_PARAM=page_token"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /** Setup of this soak, with these options alone. */
    Fork.Result run(String... options) {
        return command(Fork.words(List.of(dir.root().toString()), options));
    }

    /** Setup of another folder, on the ports of this soak. */
    Fork.Result on(String folder) {
        return command(folder, "--listen", listen, "--metrics-listen", metricsListen);
    }

    Fork.Result command(String... arguments) {
        return Fork.here(new setup(environment, time, etc), arguments);
    }

    String config() throws IOException {
        return Files.readString(dir.config());
    }

    settings.Config read() {
        return settings.Config.read(dir);
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
