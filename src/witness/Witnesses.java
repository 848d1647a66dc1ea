package witness;

import base.Durable;
import base.Why;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import seal.Head;
import settings.Config;
import settings.ToldCommand;

/**
 * Tells a head to those who keep it where the owner of the evidence cannot reach it: HEAD_COMMAND and the authority at
 * TSA_URL, each once a UTC date, by the first round of the date that gets through. What was told stands in
 * {@code seals/DATE.head} and {@code seals/DATE.tsr}. Nothing that they do changes the round.
 */
public final class Witnesses {
    private final Config config;
    private final PrintWriter err;

    /** @param err where a witness that was not reached is told of */
    public Witnesses(Config config, PrintWriter err) {
        this.config = config;
        this.err = err;
    }

    /** @param head of the round that has just been written */
    public void tell(Head head) {
        try {
            command(head);
            stamp(head);
        } catch (IOException e) {
            warn("the head of this round was sent, but " + config.dir().seals() + " cannot be written ("
                    + Why.of(e, config.dir().seals()) + "): the next round sends its own");
        }
    }

    private void command(Head head) throws IOException {
        Path told = config.dir().seals().resolve(head.date() + Head.TOLD);
        if (config.headCommand().isBlank() || Files.exists(told)) {
            return;
        }
        var problem = ToldCommand.run(config, config.headCommand(), head.toString(), ToldCommand.LIMIT);
        if (problem.isPresent()) {
            warn("HEAD_COMMAND " + problem.get().what() + "; the next round of this date runs it again"
                    + problem.get().said());
        } else {
            write(told, (head + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void stamp(Head head) throws IOException {
        Path stamp = config.dir().seals().resolve(head.date() + Head.STAMP);
        if (config.tsaUrl().isBlank() || Files.exists(stamp)) {
            return;
        }
        try {
            write(stamp, TimeStampingAuthority.stamp(config.tsaUrl(), head));
        } catch (TimeStampingAuthority.NotStamped e) {
            warn("TSA_URL gave no time stamp: " + e.getMessage() + "; the next round of this date asks again");
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Durable.write(file, bytes);
    }

    private void warn(String what) {
        err.println("round: warning: " + what);
    }
}
