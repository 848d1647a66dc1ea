import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import base.Exit;
import base.Json;
import base.ShellWords;
import build.Version;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A round that a crontab starts by round.java, or by a link to it, is the frozen build's. */
@Tag("slow")
class HandoverTest extends NewSoak {
    ForeignControlPlane cp;

    @Override
    Setups made() throws IOException {
        return new Setups(folder, "Dauer lauf").sharingLibraries();
    }

    @BeforeEach
    void aSoakWithAFrozenBuild() throws Exception {
        cp = ForeignControlPlane.start();
        Fork.Result setup = soak.run(Setups.attachedTo(cp, folder, "--no-first-round"));
        assertEquals(Exit.OK, setup.exit(), setup.err());
    }

    @AfterEach
    void stop() throws Exception {
        cp.close();
    }

    /**
     * A clone of the repository after a commit that broke round.java, and a link to it as the README's taking over
     * makes it.
     */
    private Path linkToABrokenClone() throws IOException {
        Path clone = Files.createDirectories(folder.resolve("my clone"));
        Files.copy(Project.folder("jbang"), clone.resolve("jbang"));
        Files.writeString(
                clone.resolve("round.java"),
                Files.readString(Project.folder("round.java"))
                                .lines()
                                .findFirst()
                                .orElseThrow() + "\nclass round { no Java at all }\n");
        for (String file : List.of("jbang", "round.java")) {
            Files.setPosixFilePermissions(clone.resolve(file), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return Files.createSymbolicLink(folder.resolve("run_soak_val12_round.sh"), clone.resolve("round.java"));
    }

    /** As cron starts things; nothing is fetched, cached or compiled. */
    private Fork.Result underCron(List<String> variables, String... command) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        List<String> all = new ArrayList<>(List.of("env", "-i", "HOME=" + home, "PATH=/usr/bin:/bin"));
        all.addAll(variables);
        all.addAll(List.of(command));
        Fork.Result result = Fork.run(all);
        try (Stream<Path> left = Files.list(home)) {
            assertEquals(List.of(), left.toList());
        }
        return result;
    }

    private List<JsonNode> summaries() throws IOException {
        List<JsonNode> all = new ArrayList<>();
        try (Stream<Path> found = Files.find(soak.dir.rounds(), 3, (p, a) -> p.endsWith("round-summary.json"))) {
            for (Path file : found.sorted().toList()) {
                all.add(Json.parse(Files.readString(file)));
            }
        }
        return all;
    }

    /** round.java of another build, as a JBang of one's own starts it: the tests' class path is not the frozen one. */
    private Fork.Result otherBuild(Map<String, String> environment) {
        return Fork.run(environment, Fork.java("round", soak.dir.root().toString()));
    }

    @Test
    void a_commit_in_the_clone_changes_no_round_and_is_not_even_compiled() throws Exception {
        String link = linkToABrokenClone().toString();
        Fork.Result first = underCron(List.of(), link, soak.dir.root().toString());
        assertEquals(Exit.OK, first.exit(), first.err());
        assertTrue(
                first.err().startsWith("round: " + soak.dir.root().toRealPath() + " has a frozen build: from now on "),
                first.err());
        assertTrue(first.out().contains(" round 1 ") && first.out().contains(": PASS, created 10/10"), first.out());
        cp.set("health", "500");
        Fork.Result second = underCron(List.of("SOAK_DIR=" + soak.dir.root()), link);
        assertEquals(Exit.BAD, second.exit(), second.err());
        assertFalse(second.err().contains("frozen build"), "said once: " + second.err());
        cp.set("health", "");
        Path soakLink = Files.createSymbolicLink(folder.resolve("soak link"), soak.dir.root());
        Fork.Result third = underCron(List.of(), link, soakLink.toString());
        assertEquals(Exit.OK, third.exit(), third.err());
        assertEquals(
                List.of(Version.current(), Version.current(), Version.current()),
                summaries().stream().map(s -> s.get("harness_version").asText()).toList());
        assertEquals(
                List.of(1, 2, 3),
                summaries().stream().map(s -> s.get("round").asInt()).toList());
        assertTrue(
                summaries().stream().allMatch(s -> s.get("warnings").toString().indexOf("frozen") < 0),
                summaries().toString());
        Fork.Result sums = Fork.run(
                "sh",
                "-c",
                "cd \"$0\" && sha256sum -c --quiet SHA256SUMS",
                soak.dir.bin().toString());
        assertEquals(0, sums.exit(), sums.out() + sums.err());
    }

    @Test
    void the_frozen_probe_looks_under_cron_and_no_round_comes_of_it() throws Exception {
        Fork.Result probe = underCron(
                List.of(),
                "sh",
                "-c",
                "cd / && exec \"$0\"",
                soak.dir.bin().resolve("probe").toString());
        assertEquals(Exit.OK, probe.exit(), probe.out() + probe.err());
        assertTrue(probe.out().startsWith("soak-val12 at ") && probe.out().contains("\nCron     "), probe.out());
        Fork.Result option = otherBuildProbes();
        assertEquals(Exit.OK, option.exit(), option.err());
        assertFalse(option.err().contains("frozen build"), "options are not handed over: " + option.err());
        assertEquals(List.of(), summaries());
    }

    private Fork.Result otherBuildProbes() {
        return Fork.run(Fork.java("round", soak.dir.root().toString(), "--probe"));
    }

    @Test
    void exit_codes_and_the_lock_are_the_frozen_rounds_own() throws Exception {
        String link = linkToABrokenClone().toString();
        try (workload.RoundLock held = workload.RoundLock.take(soak.dir)) {
            assertEquals(
                    Exit.LOCKED,
                    underCron(List.of(), link, soak.dir.root().toString()).exit());
        }
        Files.writeString(soak.dir.planTemplate(), "no JSON");
        assertEquals(
                Exit.USAGE,
                underCron(List.of(), link, soak.dir.root().toString()).exit());
        assertEquals(List.of(), summaries());
    }

    @Test
    void a_round_that_another_jbang_starts_is_handed_over_as_well_and_the_frozen_one_runs_itself() throws Exception {
        Fork.Result handed = otherBuild(Map.of());
        assertEquals(Exit.OK, handed.exit(), handed.err());
        assertTrue(handed.err().contains("has a frozen build"), handed.err());
        assertEquals(1, handed.out().lines().count(), handed.out());
        Fork.Result frozen = underCron(
                List.of(),
                soak.dir.bin().resolve("round").toString(),
                soak.dir.root().toString());
        assertEquals(Exit.OK, frozen.exit(), frozen.err());
        assertFalse(frozen.err().contains("frozen build"), frozen.err());
        assertEquals(2, summaries().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "missing",
                "not executable",
                "not a program",
                "a library is gone",
                "one jar is gone",
                "leads back"
            })
    void a_frozen_build_that_cannot_run_costs_no_slot_and_the_round_says_so(String damage) throws Exception {
        Path round = soak.dir.bin().resolve("round");
        switch (damage) {
            case "missing" -> Files.delete(round);
            case "not executable" -> Files.setPosixFilePermissions(round, PosixFilePermissions.fromString("rw-r--r--"));
            case "not a program" -> Files.writeString(round, "#!/bin/sh\nif nonsense\n");
            case "a library is gone" ->
                Files.writeString(round, Files.readString(round).replace("}$lib/$jar", "}$lib/gone-$jar"));
            case "one jar is gone" -> Files.delete(ownJar("picocli"));
            default -> {
                String back = String.join(
                        " ", Fork.java("round").stream().map(ShellWords::quote).toList());
                Files.writeString(round, "#!/bin/sh\nexec " + back + " \"$@\"\n");
            }
        }
        Fork.Result result = otherBuild(Map.of());
        assertEquals(Exit.OK, result.exit(), result.err());
        assertEquals(1, summaries().size());
        String warnings = summaries().get(0).get("warnings").toString();
        assertTrue(
                warnings.contains("the frozen build did not run: " + round + " is not usable (")
                        && warnings.contains("--upgrade freezes a build again"),
                warnings);
        assertEquals(
                1,
                result.err()
                        .lines()
                        .filter(line -> line.contains("the frozen build did not run"))
                        .count(),
                result.err());
    }

    /** As where a copy of bin/ broke off. */
    @ParameterizedTest
    @CsvSource({"picocli, gone", "jackson-core, gone", "jackson-databind, cut"})
    void one_jar_that_is_gone_or_cut_is_named_in_one_sentence_and_begins_no_round(String name, String damage)
            throws Exception {
        Path jar = ownJar(name);
        byte[] whole = Files.readAllBytes(jar);
        Files.delete(jar);
        if (damage.equals("cut")) {
            Files.write(jar, Arrays.copyOf(whole, 1000));
        }
        for (String script : List.of("round", "report", "probe")) {
            Fork.Result ran = script.equals("report")
                    ? underCron(
                            List.of(),
                            soak.dir.bin().resolve(script).toString(),
                            "--type",
                            "status",
                            soak.dir.root().toString())
                    : underCron(
                            List.of(),
                            soak.dir.bin().resolve(script).toString(),
                            soak.dir.root().toString());
            assertEquals(Exit.NO_PROGRAM, ran.exit(), script + ran.out() + ran.err());
            assertEquals(1, ran.err().lines().count(), ran.err());
            assertTrue(ran.err().contains(jar + ", missing or damaged"), ran.err());
            assertTrue(ran.err().contains("--upgrade"), ran.err());
        }
        assertEquals(0, rounds(), "no round began");
    }

    /** A jar of bin/lib, in a folder that no other test shares. */
    private Path ownJar(String name) throws IOException {
        Path lib = soak.dir.bin().resolve("lib");
        Path shared = lib.toRealPath();
        Files.delete(lib);
        try (Stream<Path> all = Files.walk(shared)) {
            for (Path file : all.toList()) {
                Path place = lib.resolve(shared.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(place);
                } else {
                    Files.createLink(place, file);
                }
            }
        }
        try (Stream<Path> jars = Files.list(lib)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private long rounds() throws IOException {
        try (Stream<Path> found = Files.walk(soak.dir.rounds(), 2)) {
            return found.filter(folder -> folder.getFileName().toString().startsWith("round-"))
                    .count();
        }
    }

    @Test
    void the_launcher_hands_its_reason_on_and_runs_its_own_build() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("clone"));
        String launcher = Files.readString(Project.folder("jbang"));
        int end = launcher.indexOf("# --- the JDK ---");
        Files.writeString(
                bin.resolve("jbang"),
                launcher.substring(0, end) + "echo \"own build: $* because ${SOAK_UNFROZEN:-nothing}\"\n");
        Files.writeString(bin.resolve("round.java"), "");
        Path round = soak.dir.bin().resolve("round");
        String[] command = {
            "sh",
            bin.resolve("jbang").toString(),
            bin.resolve("round.java").toString(),
            soak.dir.root().toString()
        };
        String own = "own build: " + bin.resolve("round.java") + " " + soak.dir.root() + " because ";
        Files.writeString(round, "#!/bin/sh\nexit 1\n");
        assertEquals(
                own + "it ended with exit code 1 before it began a round\n",
                underCron(List.of(), command).out());
        String frozen = new String(Files.readAllBytes(soak.dir.bin().resolve("controlplane")));
        Files.writeString(round, frozen.replace("java=${line#java_home: }/bin/java", "java=/gone/bin/java"));
        Path java8 = Files.writeString(
                Files.createDirectories(folder.resolve("java 8/bin")).resolve("java"),
                "#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n");
        assertTrue(java8.toFile().setExecutable(true));
        assertEquals(
                own + "it ended with exit code 127 before it began a round\n",
                underCron(List.of("JAVA_HOME=" + folder.resolve("java 8")), command)
                        .out(),
                "no Java but one that is too old");
        Files.setPosixFilePermissions(round, PosixFilePermissions.fromString("rw-r--r--"));
        assertEquals(
                own + "this user may not execute it\n",
                underCron(List.of(), command).out());
        Files.delete(round);
        assertEquals(own + "it is missing\n", underCron(List.of(), command).out());
        Files.createSymbolicLink(
                round,
                Files.writeString(
                        folder.resolve("back"),
                        "#!/bin/sh\nexec sh '" + bin + "/jbang' '" + bin + "/round.java' \"$@\"\n"));
        Files.setPosixFilePermissions(folder.resolve("back"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(
                own + "nothing\n",
                underCron(List.of(), command).out(),
                "once, and then round.java sees by the environment that it was handed over to");
        Files.delete(soak.dir.bin().resolve("build.txt"));
        assertEquals(
                own + "nothing\n", underCron(List.of(), command).out(), "no frozen build, nothing to hand over to");
        assertEquals(
                "own build: " + bin.resolve("round.java") + " --help because nothing\n",
                underCron(List.of("SOAK_DIR=" + soak.dir.root()), command[0], command[1], command[2], "--help")
                        .out());
        assertEquals(
                "own build: round " + soak.dir.root() + " because nothing\n",
                underCron(
                                List.of(),
                                command[0],
                                command[1],
                                "round",
                                soak.dir.root().toString())
                        .out());
    }
}
