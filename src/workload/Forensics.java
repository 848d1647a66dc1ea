package workload;

import base.Durable;
import base.Printable;
import base.Why;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import probe.Credentials;
import probe.HttpCall;
import process.CpLog;
import process.ProcessIdentity;
import soak.RoundFiles;
import soak.SoakDir;

/** What a hung control plane looked like before it was ended: afterwards nobody can ask it any more. */
public final class Forensics {
    private static final List<String> STATUS =
            List.of("Name", "State", "Pid", "PPid", "Threads", "VmPeak", "VmRSS", "VmSize", "voluntary_ctxt_switches");

    private Forensics() {}

    /** Writes cp-forensics.txt into the round's folder. What cannot be read says so; it never fails the round. */
    public static void capture(
            RoundFolder folder, SoakDir dir, List<Long> pids, HttpCall.Answer health, Credentials credentials)
            throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("health: " + health.describe() + " after " + health.nanos() / 1_000_000 + " ms\n");
        for (long pid : pids) {
            Path process = ProcessIdentity.folder(pid);
            text.append("\nprocess " + pid + "\n");
            read(process.resolve("cmdline"))
                    .replace('\0', ' ')
                    .lines()
                    .forEach(l -> text.append("  cmdline: " + l + "\n"));
            read(process.resolve("status"))
                    .lines()
                    .filter(l -> STATUS.contains(l.split(":", 2)[0]))
                    .forEach(l -> text.append("  " + l + "\n"));
            text.append("  wchan: " + read(process.resolve("wchan")) + "\n");
            descriptors(pid, text);
        }
        text.append("\nlast lines of cp.log\n");
        CpLog.tail(dir.cpLog(), 0).forEach(l -> text.append("  " + l + "\n"));
        Durable.write(
                folder.path().resolve(RoundFiles.FORENSICS), Printable.text(credentials.scanned(text.toString())));
    }

    /** Appends how it ended; a process that is none of our children tells nobody its exit status. */
    public static void ended(RoundFolder folder, Optional<String> signal, Duration grace) throws IOException {
        String how = signal.map(s -> s.equals("KILL")
                        ? "by SIGKILL, " + grace.toSeconds() + " s after a SIGTERM that had no effect"
                        : "by SIG" + s)
                .orElse("on its own, before it was signalled");
        Durable.appendLine(folder.path().resolve(RoundFiles.FORENSICS), "\nended " + how);
    }

    private static void descriptors(long pid, StringBuilder text) {
        try {
            Collection<String> open = ProcessIdentity.descriptors(pid).values();
            text.append("  open descriptors: " + open.size() + "\n");
            open.stream()
                    .filter(target -> target.startsWith("socket:"))
                    .forEach(socket -> text.append("  " + socket + "\n"));
        } catch (IOException e) {
            text.append("  descriptors cannot be read: " + Why.of(e, null) + "\n");
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "cannot be read: " + Why.of(e, file);
        }
    }
}
