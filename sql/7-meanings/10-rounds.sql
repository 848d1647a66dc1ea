-- What the view rounds holds, for people: --sql without a text shows it.
COMMENT ON VIEW rounds IS
  'One row per round folder that started before as_of (after the soak, those beyond its end too).';
COMMENT ON COLUMN rounds.round_id IS 'YYYY-MM-DD/round-HHMMSS: the folder, and so the time of the round';
COMMENT ON COLUMN rounds.kind IS
  'recorded; legacy (written by the bash scripts); interrupted (no readable summary); '
  'in_progress';
COMMENT ON COLUMN rounds.counted IS 'Whether figures count it: inside the soak and not in progress';
COMMENT ON COLUMN rounds.healthy IS 'Health was ok at the first probe, and nothing was restarted';
COMMENT ON COLUMN rounds.round IS 'Ordinal among the counted rounds, from 1';
COMMENT ON COLUMN rounds.slot IS 'Place in the schedule, from 0';
COMMENT ON COLUMN rounds.date IS 'UTC date';
COMMENT ON COLUMN rounds.day IS 'Number of the date, the date of SOAK_STARTED_AT being 1: day= in alerts';
COMMENT ON COLUMN rounds.soak_day IS
  'Number of the 24 hours since T0, from 1: what checkpoints and the final report use';
COMMENT ON COLUMN rounds.starts_at IS 'Time of the round, by its folder';
COMMENT ON COLUMN rounds.in_soak IS 'Inside the slots of the soak';
COMMENT ON COLUMN rounds.after_end IS 'After the last slot: kept, counted nowhere';
COMMENT ON COLUMN rounds.schema IS 'Version of the summary, 1; NULL for legacy';
COMMENT ON COLUMN rounds.started_at IS 'As the summary says';
COMMENT ON COLUMN rounds.finished_at IS 'As the summary says';
COMMENT ON COLUMN rounds.unix_ts IS 'Seconds since 1970, by the folder';
COMMENT ON COLUMN rounds.duration_ms IS 'Length of the round';
COMMENT ON COLUMN rounds.rehearsal IS 'Made on a virtual clock';
COMMENT ON COLUMN rounds.harness_version IS 'What ran it: version and commit';
COMMENT ON COLUMN rounds.cp_mode IS 'embedded, external or attached';
COMMENT ON COLUMN rounds.boot_id IS 'Boot of the host';
COMMENT ON COLUMN rounds.health IS 'ok or failed, by the first probe';
COMMENT ON COLUMN rounds.health_http_code IS 'HTTP code of the first probe; 000 = no answer';
COMMENT ON COLUMN rounds.restarted IS 'The control plane was found dead and started again';
COMMENT ON COLUMN rounds.restart_ms IS 'How long that took until it was healthy';
COMMENT ON COLUMN rounds.hung IS 'The control plane held its port and gave no HTTP answer to two probes';
COMMENT ON COLUMN rounds.port_conflict IS 'A stranger was found in its place: only health was requested';
COMMENT ON COLUMN rounds.v01_health IS 'Step 1: PASS or FAIL';
COMMENT ON COLUMN rounds.v02_creates IS 'Step 2: PASS if every create was answered 201';
COMMENT ON COLUMN rounds.v03_stuck_scan IS 'Step 3: PASS or FAIL';
COMMENT ON COLUMN rounds.v04_recovery IS 'Step 4: PASS if no recovery failed';
COMMENT ON COLUMN rounds.v05_plan_count IS
  'Step 5: PASS if the listing was paged to its end and, from round 10 on, reached '
  'the target';
COMMENT ON COLUMN rounds.v06_metrics IS 'Step 6: PASS or FAIL';
COMMENT ON COLUMN rounds.v07_integrity IS 'Set check: PASS if no plan was lost or duplicated';
COMMENT ON COLUMN rounds.create_ok IS 'Plans created (201); of an interrupted round by its raw files';
COMMENT ON COLUMN rounds.create_errors IS
  'Creates answered otherwise or not at all; of an interrupted round by its raw '
  'files';
COMMENT ON COLUMN rounds.p50_ms IS 'Nearest-rank median over the counted creates';
COMMENT ON COLUMN rounds.p99_ms IS 'Nearest-rank 99th percentile over the counted creates';
COMMENT ON COLUMN rounds.max_ms IS 'Slowest counted create';
COMMENT ON COLUMN rounds.probe_overhead_ms IS 'What the prober itself adds to a latency';
COMMENT ON COLUMN rounds.scan_http_code IS 'HTTP code of the stuck scan, a string';
COMMENT ON COLUMN rounds.scan_ok IS 'The scan''s answer was valid';
COMMENT ON COLUMN rounds.scanned IS 'scan_http_code is 200 and scan_ok: what the check of the stuck scans counts';
COMMENT ON COLUMN rounds.stuck_count IS 'Plans found stuck';
COMMENT ON COLUMN rounds.stuck_foreign IS
  'Plans found stuck that this soak did not make; left alone unless '
  'RECOVER_FOREIGN=yes';
COMMENT ON COLUMN rounds.recovery_ok IS 'Recoveries that succeeded, by exit code';
COMMENT ON COLUMN rounds.recovery_fail IS 'Recoveries that failed, by exit code';
COMMENT ON COLUMN rounds.recovery_deferred IS 'Stuck plans left for the next round: outside the budget of this one';
COMMENT ON COLUMN rounds.drill_recoveries IS 'Recoveries of drill plans among recovery_ok and recovery_fail';
COMMENT ON COLUMN rounds.foreign_recoveries IS
  'Recoveries of plans that this soak did not make among recovery_ok and '
  'recovery_fail';
COMMENT ON COLUMN rounds.recoveries_refuted IS
  'Recoveries of earlier rounds that exited with 0 and that this round''s stuck '
  'scan refutes; each counts once';
COMMENT ON COLUMN rounds.refuted_recoveries IS 'JSON array: the first of them, by round_id and plan_id';
COMMENT ON COLUMN rounds.plan_count IS 'Plans listed; NULL where the paging did not reach its end';
COMMENT ON COLUMN rounds.list_pages IS 'Pages of the listing';
COMMENT ON COLUMN rounds.expected_plans IS 'Plans that the set check expected';
COMMENT ON COLUMN rounds.lost_plans IS 'Acknowledged plans that this listing lacks';
COMMENT ON COLUMN rounds.duplicate_plans IS 'Ids listed more than once';
COMMENT ON COLUMN rounds.revived_plans IS 'Plans whose create had failed, listed for the first time';
COMMENT ON COLUMN rounds.unconfirmed_plans IS
  'Plans that one listing missed or showed twice and the next did not: no '
  'verdict depends on them';
COMMENT ON COLUMN rounds.unrecorded_plans IS
  'Listed plans with ids that rounds of this soak give, of rounds whose folders '
  'are not there: no verdict depends on them';
COMMENT ON COLUMN rounds.cp_http_requests_total IS 'Counter of the scrape, summed over labels';
COMMENT ON COLUMN rounds.cp_rollout_plans_total IS 'Gauge of the scrape, summed over labels';
COMMENT ON COLUMN rounds.metrics_ok IS 'The scrape was valid';
COMMENT ON COLUMN rounds.store_bytes IS 'Size of the control plane''s data';
COMMENT ON COLUMN rounds.audit_bytes IS 'Size of the audit store';
COMMENT ON COLUMN rounds.cp_rss_bytes IS 'Resident memory of the control plane';
COMMENT ON COLUMN rounds.cp_open_fds IS 'Open files of the control plane';
COMMENT ON COLUMN rounds.summary_problem IS 'Why the summary could not be used';
COMMENT ON COLUMN rounds.stalled_creates IS 'Creates during which the harness itself stalled for 5 ms or longer';
COMMENT ON COLUMN rounds.max_stall_ms IS 'Longest of these stalls, and of shorter ones';
COMMENT ON COLUMN rounds.probe_overhead_max_ms IS 'Largest single value behind probe_overhead_ms, which is the median';
COMMENT ON COLUMN rounds.wal_bytes IS 'Size of the control plane''s write-ahead logs, part of store_bytes';
COMMENT ON COLUMN rounds.store_check IS
  'ok, or what the control plane''s database check found; NULL where it was not due or '
  'could not look at everything';
COMMENT ON COLUMN rounds.store_unchecked IS
  'Why the control plane''s database could not be checked, or not in full; no verdict '
  'depends on it';
COMMENT ON COLUMN rounds.clock_step_ms IS
  'How far the wall clock ran ahead of (or, negative, behind) the monotonic one '
  'during the round';
COMMENT ON COLUMN rounds.harness_cpu_ms IS 'CPU time that the round''s own process took';
COMMENT ON COLUMN rounds.harness_peak_rss_bytes IS 'Largest resident memory of the round''s own process';
COMMENT ON COLUMN rounds.evidence_bytes IS 'Bytes in the round folder before its summary';
COMMENT ON COLUMN rounds.failures IS 'JSON object: why each step that is FAIL failed';
COMMENT ON COLUMN rounds.warnings IS 'JSON array: what a reader of the figures must know';
COMMENT ON COLUMN rounds.cp_identity IS
  'JSON object: how the control plane is recognised: instance, server, program, process; and which build that process '
  'runs: program_sha256, jar, jar_sha256, version';
COMMENT ON COLUMN rounds.targets IS
  'JSON object: the settings of config.env that decide verdicts, as this round found them';
