package provision;

import base.Durable;
import base.Time;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import process.ControlPlane;
import settings.Config;
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

    /** All that comes before a start: the folders, the frozen build, the templates, config.env. */
    public void write(boolean upgrade, Time time, PrintWriter err) throws IOException {
        for (Path folder :
                List.of(dir.cpData(), config.auditDir(), dir.rounds(), dir.daily(), dir.checkpoints(), dir.tmp())) {
            Files.createDirectories(folder);
        }
        new FrozenBuild(dir).freezeOrTell(upgrade, time, err);
        Templates.write(dir.planTemplate(), planTemplate);
        Templates.write(dir.drillTemplate(), drillTemplate);
        String text = Settings.text(presentConfig, config);
        if (!text.equals(presentConfig)) {
            Durable.write(dir.config(), text);
        }
    }
}
