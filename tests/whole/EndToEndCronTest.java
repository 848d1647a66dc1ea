import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real cron daemon fires the line that setup put into a real crontab. */
@Tag("slow")
class EndToEndCronTest {
    private static final int SECOND_MINUTE = 150;

    @TempDir
    Path folder;

    /**
     * A cron that sees one crontab: in a mount namespace of its own, so that neither the crontabs nor the pid file of
     * the machine are touched. $1 = scratch folder; the rest runs inside, with cron in the background, and ends with
     * it.
     */
    private static final String PRIVATE = """
        set -e
        scratch=$1; shift
        mkdir -p "$scratch/spool" "$scratch/cron.d"
        : >"$scratch/crontab"
        chgrp crontab "$scratch/spool"; chmod 1730 "$scratch/spool"
        mount --bind "$scratch/spool" /var/spool/cron/crontabs
        mount --bind "$scratch/cron.d" /etc/cron.d
        mount --bind "$scratch/crontab" /etc/crontab
        mount -t tmpfs tmpfs /run
        "$@"
        exec cron -f
        """;

    private static boolean works(String... command) {
        return Fork.run(command).exit() == 0;
    }

    @Test
    void cron_fires_the_installed_line_under_its_own_bare_environment() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/cron")) && Files.isExecutable(Path.of("/usr/bin/crontab")),
                "no cron daemon here: .ci/run installs one");
        assumeTrue(works("id", "-u") && Fork.run("id", "-u").out().strip().equals("0"), "a cron daemon needs root");
        assumeTrue(
                works("unshare", "-m", "true"),
                "no mount namespaces here: a cron of this test's own would run the machine's crontabs too");
        try (SoakUnderTest soak = SoakUnderTest.in(folder.resolve("soak"))) {
            Fork.Result setup = soak.setup(
                    "--listen",
                    "127.0.0.1:" + Ports.free(),
                    "--metrics-listen",
                    "127.0.0.1:" + Ports.free(),
                    "--set",
                    "ROUND_INTERVAL_SECONDS=60");
            assertEquals(0, setup.exit(), setup.out() + setup.err());
            assertEquals(1, soak.rounds().size());

            Process cron = new ProcessBuilder(
                            "unshare",
                            "-m",
                            "/bin/bash",
                            "-c",
                            PRIVATE,
                            "private-cron",
                            folder.resolve("scratch").toString(),
                            soak.dir.resolve("bin/setup").toString(),
                            soak.dir.toString(),
                            "--no-first-round",
                            "--install-crontab")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("cron.out").toFile())
                    .start();
            try {
                SoakUnderTest.await("a round by cron", SECOND_MINUTE, () -> {
                    if (!cron.isAlive()) {
                        throw new AssertionError("cron ended: " + read(folder.resolve("cron.out")));
                    }
                    return soak.rounds().size() > 1
                            && Files.exists(soak.lastRound().resolve("round-summary.json"));
                });
                assertEquals("ok", soak.lastSummary().get("health").asText(), soak.text("cron.log"));
                assertEquals(20, soak.lastSummary().get("plan_count").asInt());
                assertTrue(
                        soak.lastSummary().get("unix_ts").asLong() % 60 < 30, "at the minute, not at any other time");
                assertTrue(Files.size(soak.dir.resolve("cron.log")) > 0);
                String installed = Files.readString(folder.resolve("scratch/spool/root"));
                assertTrue(
                        installed.contains("CRON_TZ=UTC")
                                && !installed
                                        .replace("\\%", "")
                                        .lines()
                                        .anyMatch(line -> !line.startsWith("#") && line.contains("%")),
                        installed);
            } finally {
                cron.toHandle().descendants().forEach(ProcessHandle::destroy);
                cron.destroy();
                cron.waitFor();
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
