package archive;

import base.Exit;
import base.Json;
import base.Time;
import evidence.EvidenceDatabase;
import evidence.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import output.Dsse;
import output.Evidence;
import output.Form;
import settings.Config;

/** {@code --type archive}: the whole soak folder in one file, with its hash. */
public final class ArchiveReport {
    private final Config config;
    private final Scope scope;
    private final Restored.Check check;
    private final Time time;

    /**
     * @param check tries the archive out; null for none
     * @param time when the archive is begun
     */
    public ArchiveReport(Config config, Scope scope, Restored.Check check, Time time) {
        this.config = config;
        this.scope = scope;
        this.check = check;
        this.time = time;
    }

    /** @return exit code: 10 if evidence is missing in it, or if it does not restore */
    public int run(Form form, PrintWriter out, PrintWriter err) throws IOException, InterruptedException {
        config.dir().requireNoArchive("--type archive");
        try (EvidenceDatabase database = EvidenceDatabase.open(config, scope)) {
            Evidence.requireRounds(database, scope);
        }
        if (!Files.exists(config.dir().finalText())) {
            err.println("report: warning: there is no final report to go into the archive; --type final writes one");
        }
        Archive archive = new Archive(config, LocalDate.ofInstant(scope.asOf(), ZoneOffset.UTC));
        Instant since = time.now();
        Archive.Result archived = archive.write(err);
        Restored restored = check == null ? null : check.of(archived, since);
        Archive.quoteOnDisk(config, archived);
        Dsse.staleIn(config.dir()).ifPresent(err::println);
        if (form == Form.JSON) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("archive", archived.file().toString());
            answer.put("archive_sha256", archived.sha256());
            answer.put("left_out", archive.notes().leftOut());
            answer.put("not_as_on_disk", archive.notes().otherwise());
            answer.put("masked_places", archive.notes().masked());
            answer.put(
                    "restore_check",
                    restored == null ? null : Map.of("verdict", restored.verdict(), "what", restored.what()));
            out.print(Json.write(answer));
        } else {
            out.print("Archive: " + archived.file() + "\nSHA-256: " + archived.sha256() + "\n");
            archive.notes().lines().forEach(line -> out.print(line + "\n"));
            if (restored != null) {
                out.print("Restore check: " + restored.words() + "\n");
            }
        }
        return archive.notes().lacksEvidence() || restored != null && !restored.passed() ? Exit.BAD : Exit.OK;
    }
}
