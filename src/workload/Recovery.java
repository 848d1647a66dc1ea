package workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import process.CommandRun;
import soak.Config;
import soak.Time;

/**
 * Recovers stuck plans through the configured CLI, RECOVERY_PARALLELISM at a time, in the order given, and starts none
 * once RECOVERY_BUDGET_SECONDS have passed. The exit code decides: what the command prints is for people.
 */
public final class Recovery {
  private final Config config;
  private final Time time;
  private final Machine machine;
  private final RoundFolder folder;

  /**
   * What became of them.
   *
   * @param recovered exit code 0
   * @param failed any other, a timeout included
   * @param deferred not started within the budget
   */
  public record Outcome(List<String> recovered, List<String> failed, List<String> deferred) {}

  public Recovery(Config config, Time time, Machine machine, RoundFolder folder) {
    this.config = config;
    this.time = time;
    this.machine = machine;
    this.folder = folder;
  }

  public Outcome recover(List<String> planIds) throws InterruptedException, IOException {
    List<String> recovered = Collections.synchronizedList(new ArrayList<>());
    List<String> failed = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger next = new AtomicInteger();
    long lastStart = time.nanoTime() + config.recoveryBudget().toNanos();
    int workers = Math.min(config.recoveryParallelism(), planIds.size());
    if (workers == 0) {
      return new Outcome(recovered, failed, List.of());
    }
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        running.add(pool.submit(() -> {
          while (time.nanoTime() < lastStart) {
            int index = next.getAndIncrement();
            if (index >= planIds.size()) {
              return null;
            }
            String planId = planIds.get(index);
            CommandRun run = machine.run(command(planId), config.autonomyEnvironment(), config.dir().root(), config.recoveryTimeout());
            folder.recovered(planId, run.exit(), run.millis(), run.output());
            (run.exit() == 0 ? recovered : failed).add(planId);
          }
          return null;
        }));
      }
      for (Future<?> worker : running) {
        worker.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cannotRecord) {
        throw cannotRecord;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      pool.shutdownNow();
    }
    folder.recoveriesEnded();
    return new Outcome(recovered, failed, planIds.subList(Math.min(next.get(), planIds.size()), planIds.size()));
  }

  /** The command line of the product's public CLI: {@code autonomy rollback execute …} (plan, "Stuck recovery"). */
  private List<String> command(String planId) {
    return List.of(config.cli(), "rollback", "execute", "--target", "rollout_plan", "--resource", planId,
        "--strategy", config.recoveryStrategy(), "--reason", config.recoveryReason(), "--orchestrator-url", config.cpUrl());
  }
}
