package controlplane;

import picocli.CommandLine.Command;

/** {@code rollback}: only holds {@code execute}. */
@Command(name = "rollback", mixinStandardHelpOptions = true, description = "Recovers a rollout plan.", subcommands = RollbackExecuteCommand.class)
public final class RollbackCommand implements Runnable {
  @picocli.CommandLine.Spec picocli.CommandLine.Model.CommandSpec spec;

  @Override public void run() {
    throw new picocli.CommandLine.ParameterException(spec.commandLine(), "say rollback execute");
  }
}
