package soak;

import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file could not be used, in words, where exceptions have a Java class's name and the file once more. */
public final class Why {
    private Why() {}

    /** @param named what the sentence names already: another file that was the cause is named here */
    public static String of(Exception e, Path named) {
        String cause = e instanceof NoSuchFileException
                ? "it does not exist"
                : e instanceof AccessDeniedException
                        ? "permission denied"
                        : e instanceof CharacterCodingException ? "it is not UTF-8 text" : said(e);
        String file = e instanceof FileSystemException system ? system.getFile() : null;
        return file == null || file.equals(String.valueOf(named)) ? cause : file + ": " + cause;
    }

    private static String said(Exception e) {
        String said = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return said == null ? e.getClass().getSimpleName() : said;
    }
}
