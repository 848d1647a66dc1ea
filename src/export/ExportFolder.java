package export;

import base.Durable;
import base.Failure;
import base.Folders;
import base.Sha256;
import base.Why;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder that an export writes: a new one, an empty one, or that of an earlier export, which is replaced as a
 * whole. The new one is made beside it and takes its place once it is complete. Between two renames the name is free
 * for a moment; nothing ever sees half an export.
 */
final class ExportFolder {
    /** Its lines name every file of an export: by it an earlier one is known, and what somebody else put there. */
    static final String SUMS = "SHA256SUMS";

    private final Path target;

    private ExportFolder(Path target) {
        this.target = target;
    }

    /** Fills the folder that will take the place. */
    interface Writer {
        void write(Path scratch) throws IOException;
    }

    Path target() {
        return target;
    }

    /**
     * @param evidence folders in which nothing may be written: the soak's own, and what else the archive packs
     * @throws Failure exit 64, before anything is written
     */
    static ExportFolder checked(Path asked, List<Path> evidence) throws IOException {
        Path target = real(asked.toAbsolutePath().normalize());
        for (Path folder : evidence) {
            if (target.startsWith(real(folder.toAbsolutePath().normalize()))) {
                throw Failure.usage("--export " + asked + " lies inside " + folder
                        + ", among the evidence: give a folder outside of it");
            }
        }
        if (target.getParent() == null) {
            throw Failure.usage("--export " + asked + " is the root of the file system: give a folder of its own");
        }
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw Failure.usage("--export " + asked + " is a file: give a folder");
        }
        if (Files.isDirectory(target)) {
            checkHolds(asked, target);
        }
        return new ExportFolder(target);
    }

    private static void checkHolds(Path asked, Path target) throws IOException {
        Set<Path> found = files(target);
        if (found.isEmpty()) {
            return;
        }
        Set<Path> ours = listed(target.resolve(SUMS));
        if (!ours.contains(Path.of(Export.DATABASE))) {
            throw Failure.usage(
                    "--export " + asked + " is not empty and no earlier export: give a new or empty folder");
        }
        found.stream().filter(file -> !ours.contains(file)).findFirst().ifPresent(foreign -> {
            throw Failure.usage("--export " + asked + " is an earlier export, but " + foreign
                    + " in it was not written by it and would be lost: move it away, or give another folder"
                    + (foreign.toString().endsWith(".wal")
                            ? " (a program that has " + Export.DATABASE + " open for writing makes it)"
                            : ""));
        });
    }

    /** The names in SHA256SUMS, and that file's own; empty if there is none. */
    private static Set<Path> listed(Path sums) throws IOException {
        try (Stream<String> lines = Files.lines(sums)) {
            Set<Path> names = lines.filter(line -> line.matches("[0-9a-f]{64}  .+"))
                    .map(line -> Path.of(line.substring(66)))
                    .collect(Collectors.toSet());
            names.add(Path.of(SUMS));
            return names;
        } catch (NoSuchFileException | UncheckedIOException noneOrNoText) {
            return Set.of();
        }
    }

    /** Everything in a folder that is not a folder, by its path in it. */
    private static Set<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(folder::relativize)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Where a path leads once its links are followed; what does not exist yet stays as it is named. */
    private static Path real(Path path) throws IOException {
        if (Files.exists(path)) {
            return path.toRealPath();
        }
        return path.getParent() == null ? path : real(path.getParent()).resolve(path.getFileName());
    }

    /** Writes the new export beside the folder, then lets it take its place. */
    void replace(Writer writer) throws IOException {
        Path scratch = beside("new");
        Path old = beside("old");
        try {
            Files.createDirectories(target.getParent());
            Folders.delete(scratch);
            Files.createDirectory(scratch);
            writer.write(scratch);
            Durable.write(scratch.resolve(SUMS), sums(scratch));
            if (Files.exists(target) && !files(target).isEmpty()) {
                Folders.delete(old);
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            takePlace(scratch, old);
            Durable.syncFolder(target.getParent());
            Folders.delete(old);
        } catch (IOException e) {
            throw Failure.failed(
                    "the export " + target + " could not be written (" + Why.of(e, target) + "): see that "
                            + target.getParent()
                            + " can be written and has room, and that " + target.getFileName()
                            + " is not a mount point, then export again",
                    e);
        } finally {
            Folders.delete(scratch);
        }
    }

    private void takePlace(Path scratch, Path old) throws IOException {
        try {
            Files.move(scratch, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (Files.exists(old) && Files.notExists(target)) {
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    private Path beside(String which) {
        return target.resolveSibling("." + target.getFileName() + "." + which + "."
                + ProcessHandle.current().pid() + Durable.TEMPORARY);
    }

    private static String sums(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path file : files(folder)) {
            lines.append(Sha256.of(folder.resolve(file)))
                    .append("  ")
                    .append(file)
                    .append('\n');
        }
        return lines.toString();
    }
}
