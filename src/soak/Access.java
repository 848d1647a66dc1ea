package soak;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

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
        if (!Files.isReadable(path) && !Files.notExists(path)) {
            throw denied(path);
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
    static Failure denied(String what, Path path) {
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
}
