package base;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why something could not be done, in words, where exceptions have a Java class's name and the file once more. */
public final class Why {
    /** In the words of libraries for what they were told by others. */
    private static final Pattern WRAPPED = Pattern.compile("\\b(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error): ");

    private static final int MIB_BITS = 20;
    private static final String OUT_OF_MEMORY = "Out of Memory Error: ";
    private static final String TOO_MANY_FILES = "Too many open files";
    private static final String FILE_TOO_LARGE = "File too large";

    private Why() {}

    /** @param named what the sentence names already, null for nothing: another file that was the cause is named here */
    public static String of(Exception e, Path named) {
        if (e instanceof UncheckedIOException wrapped) {
            return of(wrapped.getCause(), named);
        }
        String file = e instanceof FileSystemException system ? system.getFile() : null;
        String cause = cause(e);
        if (cause.contains("No space left")) {
            cause += withRoom(file == null ? named : Path.of(file));
        }
        cause += limit(cause);
        return file == null || file.equals(String.valueOf(named)) ? cause : file + ": " + cause;
    }

    /**
     * Where a database was refused memory: what was refused, in its words without the remedies, which are settings that
     * a report does not let anybody change.
     */
    public static Optional<String> memory(Throwable failed) {
        for (Throwable e = failed; e != null; e = e.getCause()) {
            String words = String.valueOf(e.getMessage());
            if (e instanceof SQLException && words.startsWith(OUT_OF_MEMORY)) {
                return Optional.of(words.substring(OUT_OF_MEMORY.length())
                        .lines()
                        .findFirst()
                        .orElse("out of memory"));
            }
        }
        return Optional.empty();
    }

    /** Where the system refused a thread: whose limit that is, in a sentence. */
    public static Optional<String> thread(Throwable failed) {
        for (Throwable e = failed; e != null; e = e.getCause()) {
            if (e instanceof OutOfMemoryError && String.valueOf(e.getMessage()).contains("native thread")) {
                return Optional.of("no further thread can be started: this user, container or system has as many"
                        + " processes and threads as it may (ulimit -u, pids.max): end what is not needed, or raise"
                        + " the limit");
            }
        }
        return Optional.empty();
    }

    /** A disk may have room and take no file all the same, which nobody finds who looks for room. */
    private static String withRoom(Path file) {
        if (file == null) {
            return "";
        }
        long free = Room.free(Folders.existing(file)).orElse(0) >> MIB_BITS;
        return free == 0 ? "" : ", with " + free + " MiB free: the file system may be out of inodes (see df -i)";
    }

    /** Whether the process may open no further file, whichever it is. */
    public static boolean isTooManyFiles(Exception e) {
        return cause(e).contains(TOO_MANY_FILES);
    }

    /** Whether the system takes no file, whichever it is: by a limit, on a disk that became read-only or is bad. */
    public static boolean isRefusedWrite(Exception e) {
        String words = String.valueOf(e.getMessage());
        return words.contains(FILE_TOO_LARGE)
                || words.contains("Read-only file system")
                || words.contains("Input/output error");
    }

    /** Whether a disk, or this user's share of it, is full. */
    public static boolean isFull(Exception e) {
        String words = String.valueOf(e.getMessage());
        return words.contains("No space left") || words.contains("quota exceeded");
    }

    /** What to do, so that files below {@code root} can be read and written again. */
    public static String remedy(Exception e, Path root) {
        return isFull(e)
                ? "free space on the disk of " + root
                : isRefusedWrite(e) ? "correct that" : "correct the file or folder that is named, or its rights";
    }

    /** What a limit of the process stops looks like a fault of the file that it stops at. */
    private static String limit(String cause) {
        String low = " of whatever starts this is too low";
        return cause.contains(TOO_MANY_FILES)
                ? ": ulimit -n" + low + "; no file is to blame"
                : cause.contains(FILE_TOO_LARGE)
                        ? ": ulimit -f" + low + ", or the file system takes no file of that size; the disk is not full"
                        : cause.contains("error=11,")
                                ? ": ulimit -u" + low + ", or pids.max of its container is; no program is to blame"
                                : "";
    }

    private static String cause(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "something else is in its place";
        }
        if (e instanceof NotDirectoryException) {
            return "it is no folder";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "it is a folder that is not empty";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        if (e instanceof EOFException) {
            return "it ends too early";
        }
        String said = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        boolean unforeseen =
                e instanceof RuntimeException && !(e instanceof Failure || e instanceof IllegalArgumentException);
        if (unforeseen) {
            return e.toString(); // the class's name is then the best clue that there is
        }
        return said == null
                ? e.getClass().getSimpleName()
                : WRAPPED.matcher(said).replaceAll("");
    }
}
