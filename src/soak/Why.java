package soak;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file could not be used, in words, where exceptions have a Java class's name and the file once more. */
public final class Why {
    private static final int MIB_BITS = 20;

    private Why() {}

    /** @param named what the sentence names already, null for nothing: another file that was the cause is named here */
    public static String of(Exception e, Path named) {
        String cause = e instanceof NoSuchFileException
                ? "it does not exist"
                : e instanceof AccessDeniedException
                        ? "permission denied"
                        : e instanceof CharacterCodingException ? "it is not UTF-8 text" : said(e);
        String file = e instanceof FileSystemException system ? system.getFile() : null;
        if (cause.contains("No space left")) {
            cause += withRoom(file == null ? named : Path.of(file));
        }
        return file == null || file.equals(String.valueOf(named)) ? cause : file + ": " + cause;
    }

    /** A disk may have room and take no file all the same, which nobody finds who looks for room. */
    private static String withRoom(Path file) {
        Path there = file;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            long free = there == null ? 0 : Files.getFileStore(there).getUsableSpace() >> MIB_BITS;
            return free == 0 ? "" : ", with " + free + " MiB free: no inode may be left, which df -i tells";
        } catch (IOException unknown) {
            return "";
        }
    }

    private static String said(Exception e) {
        String said = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return said == null ? e.getClass().getSimpleName() : said;
    }
}
