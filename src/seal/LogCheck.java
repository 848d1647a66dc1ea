package seal;

import base.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import seal.Finding.Kind;
import soak.RotatedLogs;
import soak.SoakDir;

/**
 * Holds each log against the first bytes that rounds have sealed. One that was rotated goes on under another name
 * (alerts.log.1, alerts.log-20261001.gz): what was sealed must stand in one of them.
 */
final class LogCheck {
    private final SoakDir dir;
    private final List<Link> sealed;
    private final SealCheck findings;

    LogCheck(SoakDir dir, List<Link> sealed, SealCheck findings) {
        this.dir = dir;
        this.sealed = sealed;
        this.findings = findings;
    }

    void run() throws IOException {
        for (Path log : Sealed.logFiles(dir)) {
            check(log);
        }
    }

    private void check(Path log) throws IOException {
        String name = log.getFileName().toString();
        SortedSet<Long> lengths = new TreeSet<>();
        for (Link link : sealed) {
            LogPrefix prefix = link.seal().logs().get(name);
            if (prefix != null) {
                lengths.add(prefix.bytes());
            }
        }
        if (lengths.isEmpty()) {
            return;
        }
        Map<Long, String> now = Files.isRegularFile(log) ? prefixes(log, lengths) : Map.of();
        List<Path> rotated = RotatedLogs.of(log);
        Map<Path, Map<Long, String>> before = new HashMap<>();
        for (Path older : rotated) {
            before.put(older, prefixes(older, lengths));
        }
        Path moved = null;
        Link newest = null;
        for (Link link : sealed) {
            LogPrefix prefix = link.seal().logs().get(name);
            if (prefix == null) {
                continue;
            }
            newest = link;
            moved = null;
            if (prefix.sha256().equals(now.get(prefix.bytes()))) {
                continue;
            }
            for (Path older : rotated) {
                if (prefix.sha256().equals(before.get(older).get(prefix.bytes()))) {
                    moved = older;
                }
            }
            if (moved == null) {
                tell(log, name, prefix, link.roundId());
                return;
            }
        }
        if (moved != null) {
            findings.add(
                    Kind.CHANGED,
                    name,
                    "what it held is in " + moved.getFileName() + " since rounds/" + newest.roundId(),
                    newest.roundId());
        }
    }

    private void tell(Path log, String name, LogPrefix prefix, String by) throws IOException {
        boolean there = Files.exists(log);
        String what = !there
                ? "the log is gone: rounds/" + by + " sealed " + prefix.bytes() + " bytes of it"
                : Files.size(log) < prefix.bytes()
                        ? "has " + Files.size(log) + " bytes: rounds/" + by + " sealed " + prefix.bytes()
                        : "its first " + prefix.bytes() + " bytes are not what rounds/" + by + " sealed";
        findings.add(there ? Kind.ALTERED : Kind.MISSING, name, what, by);
    }

    /** The hash of the first bytes, for each number of them that the file has; read once. */
    private static Map<Long, String> prefixes(Path file, SortedSet<Long> lengths) {
        Map<Long, String> hashes = new HashMap<>();
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[1 << 16];
        long done = 0;
        try (InputStream in = RotatedLogs.opened(file)) {
            for (long length : lengths) {
                while (done < length) {
                    int n = in.read(buffer, 0, (int) Math.min(buffer.length, length - done));
                    if (n < 0) {
                        return hashes;
                    }
                    digest.update(buffer, 0, n);
                    done += n;
                }
                hashes.put(length, Sha256.hex((MessageDigest) digest.clone()));
            }
        } catch (IOException | CloneNotSupportedException unreadable) {
            return hashes;
        }
        return hashes;
    }
}
