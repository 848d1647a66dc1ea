package cron;

import base.Mounts;
import base.ShellWords;
import base.ThisUser;
import cron.CronWatch.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import soak.SoakDir;

/**
 * Whether the shell of a crontab's line can open cron.log, as the owner of SOAK_DIR, and start a program there. Where
 * it cannot, no round begins, and its own sentence goes to cron's mail, or to a log that nobody reads meanwhile.
 */
final class CronLogRights {
    private CronLogRights() {}

    /** What cannot be seen, such as the groups of another user, is taken for a right. */
    static Finding of(SoakDir dir) {
        Path log = dir.cronLog();
        if (Mounts.isReadOnly(dir.root())) {
            return cannot(
                    "the file system of " + dir.root() + " is mounted read-only",
                    "see dmesg for why, and mount it for writing");
        }
        Optional<Path> noexec = Mounts.withoutPrograms(dir.root());
        if (noexec.isPresent()) {
            return cannot(
                    "the file system of " + dir.root() + " is mounted noexec (" + noexec.get() + ")",
                    "mount -o remount,exec " + ShellWords.quote(noexec.get().toString()) + ", and see /etc/fstab");
        }
        if (!Files.exists(log)) {
            return Finding.FINE;
        }
        if (Files.isDirectory(log)) {
            return cannot(log + " is a folder", "move it away");
        }
        try {
            String owner = Files.getOwner(dir.root()).getName();
            String user = ThisUser.name();
            PosixFileAttributes of = Files.readAttributes(log, PosixFileAttributes.class);
            boolean can = owner.equals(user)
                    ? Files.isWritable(log)
                    : of.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                            || of.permissions().contains(PosixFilePermission.GROUP_WRITE)
                            || of.owner().getName().equals(owner)
                                    && of.permissions().contains(PosixFilePermission.OWNER_WRITE);
            return can
                    ? Finding.FINE
                    : cannot(
                            owner + " may not write " + log + ", which belongs to "
                                    + of.owner().getName() + " (" + PosixFilePermissions.toString(of.permissions())
                                    + ")",
                            "chown " + owner + " " + ShellWords.quote(log.toString()) + "; chmod u+w "
                                    + ShellWords.quote(log.toString())
                                    + ", and find what changed it, such as logrotate or a command run by root");
        } catch (IOException | UnsupportedOperationException unseen) {
            return Finding.FINE;
        }
    }

    private static Finding cannot(String why, String remedy) {
        return Finding.no(why + ", so a crontab's shell starts no round and no report", remedy);
    }
}
