import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import base.Sha256;
import base.Time;
import build.OwnBuild;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import process.ControlPlane;
import settings.Config;
import soak.SoakDir;
import workload.CpIdentity;
import workload.History;

/** Which build a control plane runs is asked of its process: the file of that name may be another one by now. */
class RunningProgramTest {
    @TempDir
    Path folder;

    /** Listens until its stdin ends, and has opened its class path. */
    private static final String SERVER = """
        import java.net.*;
        class Server {
            public static void main(String[] port) throws Exception {
                try {
                    Class.forName("not.There");
                } catch (ClassNotFoundException e) {
                    ServerSocket listens =
                            new ServerSocket(Integer.parseInt(port[0]), 1, InetAddress.getByName("127.0.0.1"));
                    System.out.println("ready");
                    System.in.read();
                }
            }
        }
        """;

    @Test
    void a_jar_and_an_executable_that_were_replaced_since_the_start_are_those_that_run() throws Exception {
        Path jar = Files.copy(libraryJar(), folder.resolve("control plane ü.jar"));
        String started = Sha256.of(jar);
        int port = Ports.free();
        Path source = Files.writeString(folder.resolve("Server.java"), SERVER);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dsoak.version=1.2.3+0123456789ab",
                        "-cp",
                        jar.getFileName().toString() + ":/no/such.jar",
                        source.toString(),
                        Integer.toString(port))
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            process.getInputStream().read();
            Files.move(
                    Files.writeString(folder.resolve("newer"), "another build"), jar, StandardCopyOption.ATOMIC_MOVE);
            assertNotEquals(started, Sha256.of(jar));
            Map<String, String> build = buildBehind(port);
            assertEquals(started, build.get("jar_sha256"));
            assertEquals(jar.toString(), build.get("jar"));
            assertEquals("1.2.3+0123456789ab", build.get("version"));
            assertEquals(Sha256.of(Path.of(process.info().command().orElseThrow())), build.get("program_sha256"));
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertEquals(Map.of(), buildBehind(port), "nobody listens");
    }

    private static Path libraryJar() {
        return OwnBuild.classPath().stream()
                .filter(entry -> entry.getFileName().toString().startsWith("picocli"))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, String> buildBehind(int port) throws Exception {
        SoakDir dir = new SoakDir(folder);
        return new ControlPlane(
                        Config.of(
                                dir,
                                Map.of(
                                        "CP_MODE",
                                        "attached",
                                        "CP_URL",
                                        "http://127.0.0.1:" + port,
                                        "CP_METRICS_URL",
                                        "http://127.0.0.1:" + port + "/metrics",
                                        "AUTONOMY_AUDIT_DIR",
                                        folder.toString())),
                        Time.system())
                .build();
    }

    @Test
    void a_round_records_it_and_the_next_round_of_the_same_process_does_not_hash_it_again() throws Exception {
        try (RoundRig rig = RoundRig.attached(folder)) {
            JsonNode seen = rig.round().summary().get("cp_identity");
            assertEquals(
                    Sha256.of(OwnBuild.classPath().get(0)),
                    seen.path("jar_sha256").asText(),
                    "this JVM is the control plane: " + seen);
            History history = History.before(rig.dir, null);
            Map<String, String> bare = new LinkedHashMap<>();
            List.of("program", "process")
                    .forEach(part -> bare.put(part, seen.get(part).asText()));
            CpIdentity again = new CpIdentity(bare).with(history, () -> {
                throw new AssertionError("asked again");
            });
            assertEquals(seen.get("jar_sha256").asText(), again.parts().get("jar_sha256"));
            bare.put("process", "1@1@another");
            assertThrows(
                    AssertionError.class,
                    () -> new CpIdentity(bare).with(history, () -> {
                        throw new AssertionError("another process is asked");
                    }));
            assertFalse(again.isAnotherThan(new CpIdentity(bare)), "another build is no other control plane");
        }
    }
}
