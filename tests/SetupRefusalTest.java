import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import process.ProcessIdentity;
import soak.Exit;

/** Bad input gets one clear sentence and the contract's exit code, and nothing is lost. */
class SetupRefusalTest {
  @TempDir Path folder;
  Setups soak;

  @BeforeEach
  void newSoak() throws Exception {
    soak = new Setups(folder, "soak");
  }

  @AfterEach
  void stopIt() throws Exception {
    soak.close();
  }

  private void refused(Fork.Result result, int exit, String... words) {
    assertEquals(exit, result.exit(), result.err());
    assertEquals("", result.out());
    for (String word : words) {
      assertTrue(result.err().contains(word), result.err());
    }
    assertFalse(result.err().contains("\tat "), result.err());
  }

  private void refusedBeforeTheFirstWrite(Fork.Result result, int exit, String... words) {
    refused(result, exit, words);
    assertEquals(1, result.err().lines().count(), result.err());
    assertFalse(Files.exists(soak.dir.root()), "nothing is written");
  }

  @Test
  void options_that_make_no_sense_are_refused_before_anything_is_written() throws Exception {
    refusedBeforeTheFirstWrite(soak.run("--interval", "7"), Exit.USAGE, "setup: --interval 7 ", "divisor of 86400");
    refusedBeforeTheFirstWrite(soak.run("--days", "0"), Exit.USAGE, "setup: --days 0 ");
    refusedBeforeTheFirstWrite(soak.run("--days", "99999999"), Exit.USAGE, "setup: --days 99999999 ", "3000000 slots");
    refusedBeforeTheFirstWrite(soak.run("--interval", "90", "--install-crontab"), Exit.USAGE, "--install-crontab", "90 s", "--systemd");
    refusedBeforeTheFirstWrite(soak.run("--set", "TARGET_ROLLBACK_RATE=2"), Exit.USAGE, "setup: --set TARGET_ROLLBACK_RATE=2 ", "from 0 to 1");
    refusedBeforeTheFirstWrite(soak.run("--set", "TARGET_UPTIME_PCT=200"), Exit.USAGE, "setup: --set TARGET_UPTIME_PCT=200 ", "from 0 to 100");
    refusedBeforeTheFirstWrite(soak.run("--days", "many"), Exit.USAGE, "--days");
    refusedBeforeTheFirstWrite(soak.run("--listen", "19000"), Exit.USAGE, "--listen 19000", "HOST:PORT");
    refusedBeforeTheFirstWrite(soak.run("--listen", "127.0.0.1:99999"), Exit.USAGE, "--listen");
    refusedBeforeTheFirstWrite(soak.run("--listen", "127.0.0.1:7", "--metrics-listen", "127.0.0.1:7"), Exit.USAGE, "both");
    refusedBeforeTheFirstWrite(soak.run("--set", "TARGET_P99_MS"), Exit.USAGE, "KEY=VALUE");
    refusedBeforeTheFirstWrite(soak.run("--set", "X=a\nb"), Exit.USAGE, "line break");
    refusedBeforeTheFirstWrite(soak.run("--set", "SOAK_DAYS=3", "--days", "4"), Exit.USAGE, "contradict");
    refusedBeforeTheFirstWrite(soak.run("--attach", "--cp-command", "x"), Exit.USAGE, "--attach");
    refusedBeforeTheFirstWrite(soak.run("--cp-command", "x", "--set", "RECOVERY_DRILL_EVERY=4"), Exit.USAGE, "--drill-template");
    refusedBeforeTheFirstWrite(soak.run("--set", "SOAK_ID=a/b"), Exit.USAGE, "SOAK_ID=a/b");
    refusedBeforeTheFirstWrite(soak.run("--set", "PING_URL=hc-ping.com/x"), Exit.USAGE, "PING_URL", "https://");
    refusedBeforeTheFirstWrite(soak.run("--cli", "/no/such/autonomy"), Exit.USAGE, "/no/such/autonomy", "--cli");
    refusedBeforeTheFirstWrite(soak.run("--cli", "/tmp"), Exit.USAGE, "/tmp", "--cli");
    refusedBeforeTheFirstWrite(soak.run("--no-such-option"), Exit.USAGE, "--no-such-option");
  }

  @Test
  void a_folder_that_cannot_be_a_soak_is_named() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    refused(soak.command(file.toString()), Exit.USAGE, "is a file, not a folder");
    refused(soak.command(file + "/below"), Exit.USAGE, "cannot be written");
    refused(soak.command(folder + "/a:b"), Exit.USAGE, "colon");
    refused(soak.command(folder + "/a\nb"), Exit.USAGE, "control character");
    refused(soak.command(folder + "/none", "--stop"), Exit.USAGE, "does not exist");
    refused(soak.command("/proc/soak"), Exit.USAGE, "/proc/soak", "cannot be written");
  }

  @Test
  void a_broken_template_is_named_with_the_place_of_its_fault() throws Exception {
    Path template = folder.resolve("plan.json");
    for (String[] broken : new String[][] {{"{\"plan_id\": \"fixed\"}", "{plan_id}"}, {"{\"plan_id\": \"{plan_id}\",\n oops}", "line 2"}, {"[\"{plan_id}\"]", "object"}, {"\"{plan_id}\" {}", "plan.json"}}) {
      Files.writeString(template, broken[0]);
      refusedBeforeTheFirstWrite(soak.run("--plan-template", template.toString()), Exit.USAGE, template.toString(), broken[1]);
      refusedBeforeTheFirstWrite(soak.run("--drill-template", template.toString()), Exit.USAGE, template.toString(), broken[1]);
    }
    refusedBeforeTheFirstWrite(soak.run("--plan-template", folder.resolve("none.json").toString()), Exit.USAGE, "none.json");
  }

  @Test
  void a_taken_port_is_told_before_the_first_setup_counts() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      refusedBeforeTheFirstWrite(soak.run("--listen", address, "--metrics-listen", soak.metricsListen), Exit.FAILED, "port " + taken.getLocalPort(), "--listen");
      refusedBeforeTheFirstWrite(soak.run("--listen", soak.listen, "--metrics-listen", address), Exit.FAILED, "port " + taken.getLocalPort(), "--metrics-listen");
    }
  }

  @Test
  void what_a_soak_that_is_set_up_has_wrong_is_corrected_in_its_config() throws Exception {
    Files.createDirectories(soak.dir.root());
    Files.writeString(soak.dir.config(), "CP_COMMAND='serve'\nAUTONOMY_CLI=/no/such/autonomy\nCP_URL=http://" + soak.listen + "\nCP_METRICS_URL=http://" + soak.metricsListen + "/metrics\n");
    refused(soak.run("--no-first-round"), Exit.USAGE, "/no/such/autonomy", "correct it in " + soak.dir.config());
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(soak.dir.config(), "CP_COMMAND='serve'\nAUTONOMY_CLI=/bin/true\nCP_URL=http://127.0.0.1:" + taken.getLocalPort() + "\nCP_METRICS_URL=http://" + soak.metricsListen + "/metrics\n");
      refused(soak.run("--no-first-round"), Exit.FAILED, "change CP_URL in " + soak.dir.config());
    }
  }

  private String summary() throws Exception {
    return Files.readString(soak.dir.setupSummary());
  }

  @Test
  void a_control_plane_that_ends_at_once_is_told_with_the_tail_of_its_log() throws Exception {
    soak.sharingLibraries();
    refused(soak.first("--cp-command", "sh -c 'echo no such database >&2; exit 3'"), Exit.FAILED, "ended at once with exit code 3", "no such database", "begin in a new folder");
    assertTrue(summary().startsWith("result: FAIL\nreason: the control plane ended at once"), summary());
    assertFalse(Files.exists(soak.dir.root().resolve("rounds/x")));
    assertEquals("", soak.read().get("SOAK_STARTED_AT"), "a soak whose control plane never ran has not begun");

    refused(soak.run(), Exit.FAILED, "exit code 3");
    assertTrue(summary().startsWith("result: FAIL\n"));
    assertEquals("", soak.resumes(), "what was not started was not resumed");
  }

  @Test
  void a_missing_command_is_told() throws Exception {
    soak.sharingLibraries();
    refused(soak.first("--cp-command", "/no/such/orchestrator serve"), Exit.FAILED, "exit code 127", "/no/such/orchestrator", "CP_COMMAND");
  }

  @Test
  void a_control_plane_that_never_gets_healthy_is_told_and_ended() throws Exception {
    soak.sharingLibraries();
    Path pid = folder.resolve("pid");
    refused(soak.first("--cp-command", "sh -c 'echo $$ >" + pid + "; echo warming up; sleep 600'", "--set", "CP_START_TIMEOUT_SECONDS=1"),
        Exit.FAILED, "not healthy within 1 s", "warming up");
    assertFalse(ProcessIdentity.of(Long.parseLong(Files.readString(pid).strip())).map(ProcessIdentity::alive).orElse(false), "it does not linger");
  }

  @Test
  void a_broken_config_line_is_named_and_nothing_is_touched() throws Exception {
    Files.createDirectories(soak.dir.root());
    Files.writeString(soak.dir.config(), "CP_MODE=embedded\nthis is no assignment\n");
    refused(soak.run(), Exit.USAGE, "config.env line 2", "this is no assignment");
    try (var files = Files.list(soak.dir.root())) {
      assertEquals(1, files.count());
    }
    Files.delete(soak.dir.config());
  }

  @Test
  void two_setups_at_once_do_not_both_provision() throws Exception {
    Files.createDirectories(soak.dir.root());
    try (var held = provision.SetupLock.take(soak.dir)) {
      refused(soak.first("--no-first-round"), Exit.FAILED, "another setup");
    }
  }
}
