package build;

import base.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A jar as a function of what is in it: JBang writes the time of building into each entry, in the order in which the
 * disk lists the files, so that each clone of one commit has a jar of its own. Here entries are sorted, have one time,
 * and are not compressed, for compressed bytes depend on the machine's zlib. What is left is what the compiler made:
 * the same source and the same JDK give the same bytes, wherever and whenever they are built.
 */
public final class ReproducibleJar {
    /** The first month has a second form in zip files, which depends on the zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private static final Pattern FROZEN = Pattern.compile(".*-([0-9a-f]{12})\\.jar");

    private ReproducibleJar() {}

    /** @return the bytes; those of a jar that was made here once are its own */
    public static byte[] of(Path jar) throws IOException {
        return without(jar, name -> false);
    }

    /** @param leftOut of the names of its entries, which to leave out */
    public static byte[] without(Path jar, Predicate<String> leftOut) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipFile zip = new ZipFile(jar.toFile());
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            List<? extends ZipEntry> entries = zip.stream()
                    .filter(entry -> !leftOut.test(entry.getName()))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
            for (ZipEntry entry : entries) {
                byte[] content = zip.getInputStream(entry).readAllBytes();
                CRC32 sum = new CRC32();
                sum.update(content);
                ZipEntry same = new ZipEntry(entry.getName());
                same.setMethod(ZipEntry.STORED);
                same.setSize(content.length);
                same.setCrc(sum.getValue());
                same.setTimeLocal(TIME);
                out.putNextEntry(same);
                out.write(content);
            }
        }
        return bytes.toByteArray();
    }

    /** Of those bytes. A frozen jar is one of them already: the first digits of its hash stand in its name. */
    public static String sha256(Path jar) throws IOException {
        Matcher frozen = FROZEN.matcher(jar.getFileName().toString());
        if (frozen.matches()) {
            String own = Sha256.of(jar);
            if (own.startsWith(frozen.group(1))) {
                return own;
            }
        }
        return Sha256.of(of(jar));
    }

    /** The JDK whose compiler made it, such as {@code 17.0.15 (Debian)}, as its manifest says. */
    public static String compiledBy(Path jar) throws IOException {
        try (JarFile opened = new JarFile(jar.toFile())) {
            Manifest manifest = opened.getManifest();
            String by =
                    manifest == null ? null : manifest.getMainAttributes().getValue(new Attributes.Name("Created-By"));
            return by == null ? "unknown" : by;
        }
    }
}
