package report;

import base.Exit;
import base.Json;
import base.Printable;
import base.Scratch;
import base.Sha256;
import base.ThisUser;
import build.FrozenJudge;
import build.Judge;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import settings.Traces;
import soak.SoakDir;

/**
 * What the judge that a soak pinned says: the soak's frozen build, run as a process of its own, which prints its report
 * and writes no file.
 *
 * @param report as it stands in JSON; null where it was not run
 * @param notRun why, as the end of a sentence; null where it was
 */
public record PinnedJudge(JsonNode report, String notRun) {
    /** In the environment of the one that is run: a bin/report that leads back here must not go round and round. */
    private static final String ASKED = "SOAK_JUDGE_ASKED";

    /** Whether another judge asks this process: it may do so for a verification, which reads the files themselves. */
    static boolean isAsked() {
        return System.getenv(ASKED) != null;
    }

    /** Whoever made an archive may have made its programs too. */
    public static final String OF_AN_ARCHIVE =
            "this is an archive, and a program out of an archive is not run, since it may come from anybody";

    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int SAID = 200;

    /** @param arguments which report; those for its form and for what it leaves are added */
    public static PinnedJudge run(SoakDir dir, Judge pinned, List<String> arguments) {
        Path script = dir.script("report");
        String refused = refusal(dir, script, pinned);
        return refused == null ? run(dir, script, pinned, arguments) : notRun(refused);
    }

    private static PinnedJudge notRun(String why) {
        return new PinnedJudge(null, why);
    }

    private static String refusal(SoakDir dir, Path script, Judge pinned) {
        if (System.getenv(ASKED) != null) {
            return "bin/report leads to another build";
        }
        if (Files.exists(dir.archiveReadme())) {
            return OF_AN_ARCHIVE;
        }
        if (!Files.isRegularFile(script)) {
            return "bin/report is not there";
        }
        if (!new Traces(dir).isMadeHere()) {
            return "nothing shows that setup made this soak in " + dir.root()
                    + ", so its programs may come from anybody; if you trust them, run bin/report";
        }
        FrozenJudge frozen = FrozenJudge.of(dir).orElse(null);
        if (frozen == null) {
            return "bin/ holds no build that can be read";
        }
        if (!frozen.sha256().equals(pinned.sha256())) {
            return "the frozen build holds another one (" + Sha256.brief(frozen.sha256()) + ")";
        }
        if (!isOurs(script) || !isOurs(dir.root().resolve(frozen.jar()))) {
            return "the frozen build belongs to another user, whose programs this one does not run";
        }
        return Files.isExecutable(script) ? null : "this user may not execute bin/report";
    }

    /** Programs of this user and of root alone are run. */
    private static boolean isOurs(Path file) {
        try {
            Object owner = Files.getAttribute(file, "unix:uid");
            return owner.equals(0) || owner.equals(ThisUser.uid());
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return false;
        }
    }

    private static PinnedJudge run(SoakDir dir, Path script, Judge pinned, List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of(script.toString(), dir.root().toString()));
        command.addAll(arguments);
        command.addAll(List.of("--format", "json", PrintOnly.OPTION));
        try (Scratch scratch = Scratch.of("judge")) {
            // Files and not pipes: neither can fill up.
            Path out = scratch.folder().resolve("out");
            Path err = scratch.folder().resolve("err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put(ASKED, "1");
            Process process = builder.start();
            scratch.endFirst(() -> end(process));
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                return notRun("bin/report did not end within " + LIMIT.toMinutes() + " minutes");
            }
            if (process.exitValue() != Exit.OK && process.exitValue() != Exit.BAD) {
                return notRun("bin/report ended with exit code " + process.exitValue() + said(err));
            }
            JsonNode report = Json.parse(Files.readString(out));
            return report.path(Judge.FIELD).path("sha256").asText().equals(pinned.sha256())
                    ? new PinnedJudge(report, null)
                    : notRun("bin/report leads to another build");
        } catch (JsonProcessingException noReport) {
            return notRun("bin/report printed no report");
        } catch (IOException e) {
            return notRun("bin/report could not be started (" + Printable.line(String.valueOf(e.getMessage())) + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return notRun("bin/report was interrupted");
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String said(Path err) throws IOException {
        List<String> lines = Files.readString(err).strip().lines().toList();
        String last = lines.isEmpty() ? "" : Printable.line(lines.get(lines.size() - 1));
        return last.isEmpty() ? "" : ": " + (last.length() > SAID ? last.substring(0, SAID) + "…" : last);
    }
}
