package provision;

import base.Durable;
import base.Time;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import soak.SoakDir;

/** setup-resumes.log: a line for each resume, upgrade and stop (contract, section 1). */
public final class ResumeLog {
    private ResumeLog() {}

    public static void append(SoakDir dir, Time time, String event) throws IOException {
        Durable.appendLine(dir.setupResumes(), time.now().truncatedTo(ChronoUnit.SECONDS) + " " + event);
    }
}
