import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import seal.Finding;
import seal.Heads;
import seal.SealCheck;
import seal.SealReport;
import soak.RoundFiles;

/** What a check of its seals finds, without heads from elsewhere. */
abstract class SealedSoak extends AttachedSoak {
    SealReport check() throws IOException {
        return SealCheck.of(rig.dir, Heads.NONE, SealCheck.Progress.NONE);
    }

    List<String> alterations() throws IOException {
        return check().alterations().stream()
                .map(finding -> finding.kind().word() + " " + finding.path())
                .toList();
    }

    List<String> told() throws IOException {
        return check().findings().stream().map(Finding::line).toList();
    }

    static JsonNode seal(RoundRig.Round round) {
        return round.summary().get("seal");
    }

    static String id(RoundRig.Round round) {
        return RoundFiles.id(round.folder());
    }
}
