package soak;

import base.Failure;
import base.ThisUser;
import base.Why;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * What keeps this process from evidence that is there. Whoever judges refuses to: a file that is closed to a user is
 * neither missing nor altered, and the next report, of another user, would say the contrary. A disk that fails is
 * another matter: what it lost is lost for every reader.
 */
public final class Access {
    private Access() {}

    /**
     * @param why a file or a folder of the evidence could not be read
     * @throws Failure exit 64 if this user may not read it, 70 if this process may open no further file
     */
    public static void require(IOException why) {
        if (why instanceof AccessDeniedException denied) {
            throw denied(Path.of(denied.getFile()));
        }
        if (Why.isTooManyFiles(why)) {
            throw Failure.failed("no file can be read (" + Why.of(why, null) + ")", why);
        }
    }

    /** @throws Failure exit 64 if something is there that this user may not read */
    public static void require(Path path) {
        if (fault(path, AccessMode.READ) instanceof AccessDeniedException) {
            throw denied(path);
        }
    }

    /**
     * Why a path cannot be looked at, though something may be there: a folder above it is closed to this user or is
     * none, its disk fails, its file server has gone. Null where it can, and where nothing is there.
     */
    public static IOException fault(Path path, AccessMode... modes) {
        try {
            path.getFileSystem().provider().checkAccess(path, modes);
            return null;
        } catch (NoSuchFileException absent) {
            return null;
        } catch (IOException fault) {
            return fault;
        }
    }

    /** @throws Failure exit 64 if the folder of a soak cannot be looked at */
    public static void requireReachable(Path root) {
        IOException fault = fault(root);
        if (fault != null) {
            throw Failure.usage("SOAK_DIR " + root + " cannot be read by user " + ThisUser.name()
                    + (fault instanceof AccessDeniedException
                            ? ": this user has no access to a folder above it; run this as the user who owns it"
                            : " (" + Why.of(fault, root) + "): see that this is the soak's folder, and that its disk is"
                                    + " mounted and answers (dmesg)"));
        }
    }

    /** The outermost folder that this user may not enter; else the path itself. */
    private static Failure denied(Path path) {
        Path closed = path.toAbsolutePath();
        for (Path above = closed.getParent(); above != null; above = above.getParent()) {
            closed = Files.isExecutable(above) ? closed : above;
        }
        return denied(closed.toString(), closed);
    }

    /** @param what the path, or what it is */
    public static Failure denied(String what, Path path) {
        return Failure.usage(what + " may not be read by user " + ThisUser.name() + ": it belongs to " + owner(path)
                + "; run this as that user, or let " + ThisUser.name() + " read it");
    }

    private static String owner(Path path) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
            return attributes.owner().getName() + " (" + PosixFilePermissions.toString(attributes.permissions()) + ")";
        } catch (IOException | UnsupportedOperationException unknown) {
            return "somebody else";
        }
    }

    /**
     * What root does to a soak of somebody else, whose lock file it is since setup made it.
     *
     * @param what root runs there, a round or a report
     */
    public static Optional<String> foreign(SoakDir dir, String what) {
        try {
            String owner = Files.getOwner(dir.roundLock()).getName();
            String user = ThisUser.name();
            return owner.equals(user)
                    ? Optional.empty()
                    : Optional.of("this " + what + " runs as " + user + ", and the soak is " + owner + "'s, who cannot"
                            + " change what this " + what + " writes: later " + what + "s may end with exit 70 until"
                            + " the files are given back by chown -R " + owner + " " + dir.word() + "; run " + what
                            + "s as " + owner);
        } catch (IOException | UnsupportedOperationException unknown) {
            return Optional.empty();
        }
    }
}
