-- One row per round folder that the report sees: those that started before as_of and, once the soak has ended, those
-- after its end.
CREATE TABLE round_folder AS
WITH timed AS (
  SELECT *, round_time(round_id) AS starts_at FROM raw_round
), placed AS (
  SELECT t.round_id, t.starts_at, seconds_of(t.starts_at) AS unix_ts, t.has_summary, t.is_link,
         CASE WHEN json_valid(t.summary) THEN t.summary END AS summary,
         coalesce(t.problem, CASE WHEN NOT json_valid(t.summary) THEN 'holds half a character (a broken \u escape)'
           END) AS problem,
         CAST(floor((seconds_of(t.starts_at) - s.t0_unix) / s.interval_seconds) AS BIGINT) AS slot
  FROM timed t, soak s
  WHERE t.starts_at < s.as_of OR (s.has_ended AND t.starts_at >= s.end_at)
)
SELECT p.*, p.slot >= 0 AND p.slot < s.total_slots AS in_soak, p.slot >= s.total_slots AS after_end
FROM placed p, soak s;

-- One row per readable round-summary.json, its fields typed. The names and types here are the one list of them: a field
-- whose value has another type is NULL here and a row of `mistyped_field`.
CREATE TABLE summary AS
WITH parsed AS (
  SELECT round_id, json_transform(summary,
    '{"schema":"JSON","round":"JSON","slot":"JSON","round_id":"JSON","started_at":"JSON",
    "finished_at":"JSON","unix_ts":"JSON","duration_ms":"JSON","rehearsal":"JSON","harness_version":"JSON",
    "cp_mode":"JSON","boot_id":"JSON",
    "health":"JSON","health_http_code":"JSON","restarted":"JSON","restart_ms":"JSON","hung":"JSON",
    "port_conflict":"JSON","cp_identity":"JSON",
    "v01_health":"JSON","v02_creates":"JSON","v03_stuck_scan":"JSON","v04_recovery":"JSON","v05_plan_count":"JSON",
    "v06_metrics":"JSON","v07_integrity":"JSON",
    "create_ok":"JSON","create_errors":"JSON","p50_ms":"JSON","p99_ms":"JSON","max_ms":"JSON",
    "probe_overhead_ms":"JSON",
    "scan_http_code":"JSON","scan_ok":"JSON","stuck_count":"JSON","recovery_ok":"JSON","recovery_fail":"JSON",
    "recovery_deferred":"JSON","drill_recoveries":"JSON",
    "plan_count":"JSON","list_pages":"JSON","expected_plans":"JSON","lost_plans":"JSON","duplicate_plans":"JSON",
    "revived_plans":"JSON","unconfirmed_plans":"JSON","unrecorded_plans":"JSON",
    "stuck_foreign":"JSON","foreign_recoveries":"JSON","recoveries_refuted":"JSON","refuted_recoveries":"JSON",
    "cp_http_requests_total":"JSON","cp_rollout_plans_total":"JSON","metrics_ok":"JSON",
    "store_bytes":"JSON","audit_bytes":"JSON","cp_rss_bytes":"JSON","cp_open_fds":"JSON",
    "stalled_creates":"JSON","max_stall_ms":"JSON","probe_overhead_max_ms":"JSON","wal_bytes":"JSON",
    "store_check":"JSON","store_unchecked":"JSON","clock_step_ms":"JSON",
    "harness_cpu_ms":"JSON","harness_peak_rss_bytes":"JSON","evidence_bytes":"JSON","failures":"JSON","warnings":"JSON",
    "targets":"JSON","seal":"JSON"}') AS j
  FROM round_folder
  WHERE summary IS NOT NULL
)
SELECT round_id AS folder_id,
       json_count(j.schema) AS schema,
       json_count(j.round) AS round,
       json_integer(j.slot) AS slot,
       json_text(j.round_id) AS round_id,
       json_instant(j.started_at) AS started_at,
       json_instant(j.finished_at) AS finished_at,
       json_count(j.unix_ts) AS unix_ts,
       json_measure(j.duration_ms) AS duration_ms,
       json_flag(j.rehearsal) AS rehearsal,
       json_text(j.harness_version) AS harness_version,
       json_text(j.cp_mode) AS cp_mode,
       json_text(j.boot_id) AS boot_id,
       json_text(j.health) AS health,
       json_text(j.health_http_code) AS health_http_code,
       json_flag(j.restarted) AS restarted,
       json_measure(j.restart_ms) AS restart_ms,
       json_flag(j.hung) AS hung,
       json_flag(j.port_conflict) AS port_conflict,
       json_text(j.v01_health) AS v01_health,
       json_text(j.v02_creates) AS v02_creates,
       json_text(j.v03_stuck_scan) AS v03_stuck_scan,
       json_text(j.v04_recovery) AS v04_recovery,
       json_text(j.v05_plan_count) AS v05_plan_count,
       json_text(j.v06_metrics) AS v06_metrics,
       json_text(j.v07_integrity) AS v07_integrity,
       json_count(j.create_ok) AS create_ok,
       json_count(j.create_errors) AS create_errors,
       json_measure(j.p50_ms) AS p50_ms,
       json_measure(j.p99_ms) AS p99_ms,
       json_measure(j.max_ms) AS max_ms,
       json_measure(j.probe_overhead_ms) AS probe_overhead_ms,
       json_text(j.scan_http_code) AS scan_http_code,
       json_flag(j.scan_ok) AS scan_ok,
       json_count(j.stuck_count) AS stuck_count,
       json_count(j.recovery_ok) AS recovery_ok,
       json_count(j.recovery_fail) AS recovery_fail,
       json_count(j.recovery_deferred) AS recovery_deferred,
       json_count(j.drill_recoveries) AS drill_recoveries,
       json_count(j.stuck_foreign) AS stuck_foreign,
       json_count(j.foreign_recoveries) AS foreign_recoveries,
       json_count(j.recoveries_refuted) AS recoveries_refuted,
       CASE WHEN starts_with(CAST(j.refuted_recoveries AS VARCHAR), '[')
         THEN CAST(j.refuted_recoveries AS VARCHAR) END AS refuted_recoveries,
       json_count(j.plan_count) AS plan_count,
       json_count(j.list_pages) AS list_pages,
       json_count(j.expected_plans) AS expected_plans,
       json_count(j.lost_plans) AS lost_plans,
       json_count(j.duplicate_plans) AS duplicate_plans,
       json_count(j.revived_plans) AS revived_plans,
       json_count(j.unconfirmed_plans) AS unconfirmed_plans,
       json_count(j.unrecorded_plans) AS unrecorded_plans,
       json_measure(j.cp_http_requests_total) AS cp_http_requests_total,
       json_measure(j.cp_rollout_plans_total) AS cp_rollout_plans_total,
       json_flag(j.metrics_ok) AS metrics_ok,
       json_count(j.store_bytes) AS store_bytes,
       json_count(j.audit_bytes) AS audit_bytes,
       json_count(j.cp_rss_bytes) AS cp_rss_bytes,
       json_count(j.cp_open_fds) AS cp_open_fds,
       json_count(j.stalled_creates) AS stalled_creates,
       json_measure(j.max_stall_ms) AS max_stall_ms,
       json_measure(j.probe_overhead_max_ms) AS probe_overhead_max_ms,
       json_count(j.wal_bytes) AS wal_bytes,
       json_text(j.store_check) AS store_check,
       json_text(j.store_unchecked) AS store_unchecked,
       json_integer(j.clock_step_ms) AS clock_step_ms,
       json_count(j.harness_cpu_ms) AS harness_cpu_ms,
       json_count(j.harness_peak_rss_bytes) AS harness_peak_rss_bytes,
       json_count(j.evidence_bytes) AS evidence_bytes,
       -- For people: an object of step and reason, and an array of texts, as JSON.
       CASE WHEN starts_with(CAST(j.failures AS VARCHAR), '{') THEN CAST(j.failures AS VARCHAR) END AS failures,
       CASE WHEN starts_with(CAST(j.warnings AS VARCHAR), '[') THEN CAST(j.warnings AS VARCHAR) END AS warnings,
       CASE WHEN starts_with(CAST(j.targets AS VARCHAR), '{') THEN CAST(j.targets AS VARCHAR) END AS targets,
       CASE WHEN starts_with(CAST(j.seal AS VARCHAR), '{') THEN CAST(j.seal AS VARCHAR) END AS seal,
       CASE WHEN starts_with(CAST(j.cp_identity AS VARCHAR), '{')
         THEN CAST(j.cp_identity AS VARCHAR) END AS cp_identity,
       -- Of the bash scripts: without a schema, and without what each round of ours writes. One that lost its schema
       -- alone is ours.
       coalesce(j.schema, j.round_id, j.boot_id, j.harness_version, j.targets, j.v07_integrity) IS NULL AS is_legacy
FROM parsed;

-- One row per field of a summary whose value has the wrong type. A JSON null is no wrong type: it says "not measured".
CREATE TABLE mistyped_field AS
WITH known_type AS (
  SELECT column_name AS field, data_type FROM duckdb_columns() WHERE table_name = 'summary'
    AND column_name NOT IN ('folder_id', 'is_legacy')
), typed AS (
  SELECT folder_id, list_sum(list_value(*COLUMNS(* EXCLUDE (folder_id)))) AS fields
  FROM (SELECT folder_id, CAST(COLUMNS(* EXCLUDE (folder_id, is_legacy)) IS NOT NULL AS INTEGER) FROM summary)
), doubtful AS (
  -- Taking each of 60 fields a round apart is dear: only where a value became no typed one, or stands in a field
  -- unknown here.
  SELECT f.round_id, f.summary
  FROM round_folder f JOIN typed t ON t.folder_id = f.round_id
  WHERE len(list_filter(json_type(f.summary, '$.*'), lambda kind: kind <> 'NULL')) <> t.fields
), written AS (
  SELECT d.round_id, e.key AS field, e.value, k.data_type
  FROM doubtful d, json_each(d.summary) e JOIN known_type k ON k.field = e.key
  WHERE e.type <> 'NULL'
)
SELECT round_id, field, CAST(value AS VARCHAR) AS value,
       CASE WHEN field = 'clock_step_ms' THEN 'a whole number'
         WHEN field IN ('targets', 'failures', 'cp_identity', 'seal') THEN 'an object'
         WHEN field IN ('warnings', 'refuted_recoveries') THEN 'an array' ELSE CASE data_type
         WHEN 'BIGINT' THEN 'a whole number, 0 or more' WHEN 'DOUBLE' THEN 'a number, 0 or more'
         WHEN 'BOOLEAN' THEN 'true or false'
         WHEN 'VARCHAR' THEN 'a string' ELSE 'an ISO-8601 instant' END END AS wanted
FROM written
WHERE CASE
  WHEN field IN ('slot', 'clock_step_ms') THEN json_integer(value) IS NULL
  WHEN field IN ('targets', 'failures', 'cp_identity', 'seal') THEN json_type(value) <> 'OBJECT'
  WHEN field IN ('warnings', 'refuted_recoveries') THEN json_type(value) <> 'ARRAY'
  WHEN data_type = 'BIGINT' THEN json_count(value) IS NULL
  WHEN data_type = 'DOUBLE' THEN json_measure(value) IS NULL
  WHEN data_type = 'BOOLEAN' THEN json_flag(value) IS NULL
  WHEN data_type = 'VARCHAR' THEN json_text(value) IS NULL
  ELSE json_instant(value) IS NULL END;

-- One row per summary that lacks fields which every round of its kind writes: an absent create_errors is not "no
-- errors".
CREATE TABLE missing_field AS
WITH required AS (
  SELECT ['health', 'restarted', 'create_ok', 'create_errors', 'p99_ms', 'scan_http_code', 'scan_ok', 'stuck_count',
    'recovery_ok', 'recovery_fail',
    'plan_count'] AS by_any, ['schema', 'round', 'round_id', 'unix_ts', 'rehearsal', 'lost_plans',
    'duplicate_plans'] AS by_ours
), written AS MATERIALIZED (
  SELECT f.round_id, r.by_any, CASE WHEN s.is_legacy THEN r.by_any ELSE list_concat(r.by_any, r.by_ours) END AS wanted,
         json_keys(f.summary) AS keys
  FROM round_folder f JOIN summary s ON s.folder_id = f.round_id, required r
), lacking AS (
  SELECT round_id, by_any, keys, list_filter(wanted, lambda field: NOT list_contains(keys, field)) AS fields
    FROM written WHERE NOT list_has_all(keys, wanted)
)
SELECT round_id, fields, NOT list_has_any(keys, by_any) AS is_no_summary FROM lacking;
