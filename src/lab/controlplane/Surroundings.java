package lab.controlplane;

import base.Time;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What a command takes from outside itself; the script gives the process's own, a test gives others. */
public interface Surroundings {
    Map<String, String> environment();

    Time time();

    static Surroundings of(CommandSpec spec) {
        return (Surroundings) spec.root().userObject();
    }
}
