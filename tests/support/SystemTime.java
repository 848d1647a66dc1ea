import base.Time;
import java.time.Duration;
import java.time.Instant;

/** The machine's own time, but for what a test makes otherwise. */
class SystemTime implements Time {
    private final Time system = Time.system();

    @Override
    public Instant now() {
        return system.now();
    }

    @Override
    public long nanoTime() {
        return system.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        system.sleep(duration);
    }
}
