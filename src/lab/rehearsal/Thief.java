package lab.rehearsal;

import base.Folders;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import lab.controlplane.Server;
import probe.HttpCall;
import settings.Config;

/**
 * The control plane of another soak, which has come by this one's port: it is healthy, and has plans of the same
 * prefix, some of them stuck. Whoever acts on it or draws conclusions from it gets a figure that the oracle does not
 * foresee.
 */
final class Thief implements AutoCloseable {
    private static final int PLANS = 20;
    private static final int STUCK = 5;
    private static final Duration STUCK_FOR = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int ANSWER_BYTES = 64 * 1024;
    private static final int SECONDS_APART = 7;

    private final Path folder;
    private final Server server;

    private Thief(Path folder, Server server) {
        this.folder = folder;
        this.server = server;
    }

    /** What lies in {@code folder} is scratch; it is gone when the thief is. */
    static Thief at(Config config, VirtualTime time, Path folder) throws IOException {
        remove(folder);
        Files.createDirectories(folder.resolve("data"));
        Server server = new Server(new Server.Settings(
                                StagedControlPlane.address(URI.create(config.cpUrl())),
                                StagedControlPlane.address(URI.create(config.metricsUrl())),
                                folder.resolve("data"),
                                folder.resolve("audit"),
                                Server.BUSY_TIMEOUT,
                                time,
                                new PrintWriter(PrintWriter.nullWriter()))
                        .staged())
                .start();
        HttpCall http = new HttpCall(time, PATIENCE, ANSWER_BYTES);
        for (int i = 1; i <= PLANS; i++) {
            String id = String.format(
                    Locale.ROOT,
                    "%s-%d-%02d",
                    config.planIdPrefix(),
                    Rehearsal.START.getEpochSecond() + SECONDS_APART,
                    i);
            String body =
                    "{\"plan_id\": \"" + id + "\", \"artifact_ref\": \"a\", \"stages\": [{\"stage_id\": \"one\"}]}";
            HttpCall.Answer answer =
                    http.postJson(URI.create(config.cpUrl() + "/v1/rollouts"), body.getBytes(StandardCharsets.UTF_8));
            if (!answer.is(201)) {
                throw new IllegalStateException("the thief has no plans: " + answer.describe());
            }
        }
        new StagedStore(folder.resolve("data")).stickFirst(STUCK, time.now().minus(STUCK_FOR));
        return new Thief(folder, server);
    }

    private static void remove(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            Folders.delete(folder);
        }
    }

    @Override
    public void close() {
        server.close();
        try {
            remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
