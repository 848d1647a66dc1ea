package lab.controlplane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The audit trail: JSON lines, a file a UTC day, {@code audit-YYYY-MM-DD.jsonl}. The server and any number of commands
 * append to it at once, so each record is one write at the end of the file, under the file's lock.
 */
public final class Audit {
    private static final int FIRST_PRINTABLE = 0x20;

    private final Path dir;

    public Audit(Path dir) {
        this.dir = dir;
    }

    /**
     * @param outcome success, failure, denied or pending
     * @param source orchestrator or cli
     * @param details free: texts, numbers and booleans; null values are left out
     */
    public record Event(
            String eventName,
            String category,
            String action,
            String outcome,
            String source,
            Instant timestamp,
            String actor,
            String resourceType,
            String resource,
            Map<String, ?> details) {
        /**
         * The record's line, without its end. Written by hand: a command that is started thousands of times loads no
         * JSON library for it.
         */
        public String toJson() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("event_name", eventName);
            fields.put("category", category);
            fields.put("action", action);
            fields.put("outcome", outcome);
            fields.put("source", source);
            fields.put("timestamp", timestamp.toString());
            fields.put("actor", actor);
            fields.put("resource_type", resourceType);
            fields.put("resource", resource);
            fields.put("details", details);
            return json(fields);
        }
    }

    /** One line of JSON from texts, numbers, booleans and maps of them. */
    static String json(Map<String, ?> fields) {
        StringBuilder json = new StringBuilder();
        append(json, fields);
        return json.toString();
    }

    public void append(Event event) throws IOException {
        Files.createDirectories(dir);
        Path file = dir.resolve("audit-" + LocalDate.ofInstant(event.timestamp(), ZoneOffset.UTC) + ".jsonl");
        String json = event.toJson();
        synchronized (Audit.class) { // the kernel's lock tells processes apart, not the threads of one
            try (FileChannel end = FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
                    FileLock lock = end.lock();
                    // closed after the write: closing it frees the lock
                    FileChannel content = FileChannel.open(file, StandardOpenOption.READ)) {
                byte[] line = ((endsInsideALine(content) ? "\n" : "") + json + "\n").getBytes(StandardCharsets.UTF_8);
                int written = end.write(ByteBuffer.wrap(line));
                if (written < line.length) {
                    throw new IOException(
                            "only " + written + " of " + line.length + " bytes of an audit record fitted into " + file);
                }
            }
        }
    }

    /** A power cut may have left half a record; the next one must not become its tail. */
    private static boolean endsInsideALine(FileChannel content) throws IOException {
        long end = content.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        return end > 0 && content.read(last, end - 1) == 1 && last.get(0) != '\n';
    }

    private static void append(StringBuilder json, Object value) {
        if (value instanceof Map<?, ?> map) {
            json.append('{');
            String separator = "";
            for (Map.Entry<?, ?> field : map.entrySet()) {
                if (field.getValue() != null) {
                    json.append(separator);
                    append(json, field.getKey());
                    json.append(':');
                    append(json, field.getValue());
                    separator = ",";
                }
            }
            json.append('}');
        } else if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else {
            quote(json, value.toString());
        }
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                default -> {
                    // an escaped surrogate is valid JSON even where its other half is missing
                    if (c < FIRST_PRINTABLE || Character.isSurrogate(c)) {
                        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
