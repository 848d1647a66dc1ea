package provision;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import process.ControlPlane;
import soak.Config;
import soak.SoakDir;

/**
 * All that a setup decides before the first write.
 *
 * @param presentConfig the text of config.env, null at a first setup
 * @param unknownKeys that were given by --set and that nothing reads
 * @param planTemplate the text to write, null if nothing is to be written; so is drillTemplate
 */
public record Preparation(
        SoakDir dir,
        String presentConfig,
        List<String> unknownKeys,
        Config config,
        String planTemplate,
        String drillTemplate,
        ControlPlane controlPlane,
        ControlPlane.State state,
        SetupSummary summary) {
    public boolean resumed() {
        return presentConfig != null;
    }

    /** The body of a create, its placeholder not filled in. */
    public String planText() throws IOException {
        return planTemplate != null ? planTemplate : Files.readString(dir.planTemplate());
    }

    /** Where this setup would start a control plane. */
    public boolean starts() {
        return !config.attached() && state == ControlPlane.State.DEAD;
    }
}
