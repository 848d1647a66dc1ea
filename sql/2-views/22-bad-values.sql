-- One row per field on which a verdict rests: what counts in the place of a value of the wrong type, which is not taken
-- for absent: "true" in quotes hides no restart (contract, section 3). This is the one list of them; what is not in it
-- is not measured. p99_ms and p50_ms have none: a round whose latency is not a number is not measured, whatever its raw
-- files give.
CREATE TABLE bad_value AS
FROM (VALUES
  ('health', 'failed'), ('health_http_code', '000'), ('restarted', 'true'), ('hung', 'true'), ('port_conflict', 'true'),
  ('v01_health', 'FAIL'), ('v02_creates', 'FAIL'), ('v03_stuck_scan', 'FAIL'), ('v04_recovery', 'FAIL'),
  ('v05_plan_count', 'FAIL'), ('v06_metrics', 'FAIL'), ('v07_integrity', 'FAIL'),
  ('create_ok', '0'), ('create_errors', '1'),
  ('p99_ms', NULL),
  ('scan_http_code', '000'), ('scan_ok', 'false'), ('stuck_count', '1'),
  ('recovery_ok', '0'), ('recovery_fail', '1'), ('recoveries_refuted', '1'),
  ('plan_count', '0'), ('lost_plans', '1'), ('duplicate_plans', '1'),
  ('store_check', 'damaged: store_check is no text'), ('metrics_ok', 'false'), ('rehearsal', 'true'),
  -- What tells whose round it is has none either: the round is nobody's, and counts as interrupted (25-kinds.sql).
  ('round', NULL), ('round_id', NULL), ('unix_ts', NULL), ('started_at', NULL), ('finished_at', NULL), ('targets', NULL)
) v(field, counts_as);

-- One row per summary with such fields: each with what it counts as.
CREATE TABLE mistyped_summary AS
SELECT m.round_id, map(list(m.field), list(b.counts_as)) AS bad FROM mistyped_field m JOIN bad_value b USING (field)
  GROUP BY m.round_id;

-- One row per readable round-summary.json: what it says, bad values in the place of mistyped ones.
CREATE TABLE said AS
SELECT s.* REPLACE (
         coalesce(s.health, b.bad['health']) AS health,
         coalesce(s.health_http_code, b.bad['health_http_code']) AS health_http_code,
         coalesce(s.restarted, CAST(b.bad['restarted'] AS BOOLEAN)) AS restarted,
         coalesce(s.hung, CAST(b.bad['hung'] AS BOOLEAN)) AS hung,
         coalesce(s.port_conflict, CAST(b.bad['port_conflict'] AS BOOLEAN)) AS port_conflict,
         coalesce(s.rehearsal, CAST(b.bad['rehearsal'] AS BOOLEAN)) AS rehearsal,
         coalesce(s.v01_health, b.bad['v01_health']) AS v01_health,
         coalesce(s.v02_creates, b.bad['v02_creates']) AS v02_creates,
         coalesce(s.v03_stuck_scan, b.bad['v03_stuck_scan']) AS v03_stuck_scan,
         coalesce(s.v04_recovery, b.bad['v04_recovery']) AS v04_recovery,
         coalesce(s.v05_plan_count, b.bad['v05_plan_count']) AS v05_plan_count,
         coalesce(s.v06_metrics, b.bad['v06_metrics']) AS v06_metrics,
         coalesce(s.v07_integrity, b.bad['v07_integrity']) AS v07_integrity,
         coalesce(s.create_ok, CAST(b.bad['create_ok'] AS BIGINT)) AS create_ok,
         coalesce(s.create_errors, CAST(b.bad['create_errors'] AS BIGINT)) AS create_errors,
         coalesce(s.scan_http_code, b.bad['scan_http_code']) AS scan_http_code,
         coalesce(s.scan_ok, CAST(b.bad['scan_ok'] AS BOOLEAN)) AS scan_ok,
         coalesce(s.stuck_count, CAST(b.bad['stuck_count'] AS BIGINT)) AS stuck_count,
         coalesce(s.recovery_ok, CAST(b.bad['recovery_ok'] AS BIGINT)) AS recovery_ok,
         coalesce(s.recovery_fail, CAST(b.bad['recovery_fail'] AS BIGINT)) AS recovery_fail,
         coalesce(s.recoveries_refuted, CAST(b.bad['recoveries_refuted'] AS BIGINT)) AS recoveries_refuted,
         coalesce(s.plan_count, CAST(b.bad['plan_count'] AS BIGINT)) AS plan_count,
         coalesce(s.lost_plans, CAST(b.bad['lost_plans'] AS BIGINT)) AS lost_plans,
         coalesce(s.duplicate_plans, CAST(b.bad['duplicate_plans'] AS BIGINT)) AS duplicate_plans,
         coalesce(s.store_check, b.bad['store_check']) AS store_check,
         coalesce(s.metrics_ok, CAST(b.bad['metrics_ok'] AS BOOLEAN)) AS metrics_ok),
       coalesce(map_contains(b.bad, 'p99_ms'), false) AS has_no_latency,
       list_filter(map_keys(b.bad),
         lambda field: b.bad[field] IS NULL AND field <> 'p99_ms') AS mistyped_identity
FROM summary s LEFT JOIN mistyped_summary b ON b.round_id = s.folder_id;
