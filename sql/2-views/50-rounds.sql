-- One row per round: visible folders, and rounds that are gone. Of a recorded or legacy round the worse of its
-- statements counts; of an interrupted one what its raw files say. Where those are another round's, what they say in
-- its favour counts nothing.
CREATE TABLE round_row AS
WITH merged AS (
  SELECT k.round_id, k.starts_at, k.unix_ts AS folder_unix_ts, k.kind, k.in_soak, k.after_end, k.slot,
         k.summary_problem, k.is_gone, k.is_strange,
         k.in_soak AND k.kind <> 'in_progress' AS counted,
         k.kind IN ('recorded', 'legacy') AS is_recorded,
         s.* EXCLUDE (folder_id, round_id, round, slot, unix_ts, is_legacy, has_no_latency, mistyped_identity,
           store_unchecked, stalled_creates, max_stall_ms, drill_recoveries, recoveries_refuted,
           health, restarted, create_ok, create_errors, p50_ms, p99_ms, max_ms, scan_ok, stuck_count, recovery_ok,
           recovery_fail,
           plan_count, lost_plans, duplicate_plans, revived_plans, unconfirmed_plans, metrics_ok, store_check),
         w.* EXCLUDE (round_id, is_sound, is_no_check, missing_plans, told, untold, is_of_refusals, create_ok,
           create_errors, p50_ms, p99_ms, max_ms, recovery_ok, recovery_fail, store_check),
         CASE WHEN k.kind IN ('recorded', 'legacy') THEN w.store_check ELSE f.result END AS store_check,
         coalesce(s.store_unchecked, f.unchecked) AS store_unchecked,
         coalesce(s.stalled_creates, CASE WHEN c.stalls_told > 0 THEN c.stalled_creates END) AS stalled_creates,
         coalesce(s.max_stall_ms, c.max_stall_ms) AS max_stall_ms,
         CASE WHEN c.stalled_creates > 0 THEN c.p99_ms_without_stalled
           ELSE coalesce(w.p99_ms, c.p99_ms) END AS p99_ms_without_stalled,
         s.round AS said_round, s.slot AS said_slot,
         s.create_ok AS said_create_ok, s.create_errors AS said_create_errors, s.p99_ms AS said_p99_ms,
         -- At least what either tells: what hurts must not vanish with a file, nor with a field.
         CASE WHEN s.recoveries_refuted IS NOT NULL OR x.named > 0
           THEN coalesce(x.refuted, 0) + greatest(0,
           coalesce(s.recoveries_refuted, 0) - coalesce(x.named, 0)) END AS recoveries_refuted,
         coalesce(x.of_earlier_dates, 0) AS refuted_of_earlier_dates, s.recoveries_refuted AS said_recoveries_refuted,
         s.recovery_ok AS said_recovery_ok, s.recovery_fail AS said_recovery_fail,
         CASE WHEN k.kind IN ('recorded', 'legacy') THEN w.create_ok WHEN k.is_strange THEN 0
           ELSE coalesce(c.create_ok, 0) END AS create_ok,
         CASE WHEN k.kind IN ('recorded', 'legacy') THEN w.create_errors
           ELSE coalesce(c.create_errors, 0) END AS create_errors,
         CASE WHEN k.kind IN ('recorded', 'legacy') THEN w.p50_ms ELSE c.p50_ms END AS p50_ms,
         CASE WHEN k.kind IN ('recorded', 'legacy') THEN w.p99_ms ELSE c.p99_ms END AS p99_ms,
         CASE WHEN k.kind IN ('recorded', 'legacy') THEN w.max_ms ELSE c.max_ms END AS max_ms,
         CASE WHEN k.kind IN ('recorded', 'legacy') THEN w.recovery_ok WHEN k.is_strange THEN 0
           ELSE coalesce(least(v.recovery_ok, CASE WHEN z.no_file THEN 0 END,
           greatest(0, z.stuck_plans - v.recovery_fail)), 0) END AS recovery_ok,
         CASE WHEN k.kind IN ('recorded', 'legacy') THEN w.recovery_fail
           ELSE coalesce(v.recovery_fail, 0) END AS recovery_fail,
         CASE WHEN k.kind IN ('recorded', 'legacy') THEN s.drill_recoveries WHEN k.is_strange THEN 0
           ELSE coalesce(v.drill_recoveries, 0) END AS drill_recoveries
  FROM round_kind k
  -- A summary that belongs to another folder says nothing about this round. As one equality: beside a condition on one
  -- side alone the database compares every round with every other.
  LEFT JOIN said s ON s.folder_id = CASE WHEN k.kind IN ('recorded', 'legacy') THEN k.round_id END
  LEFT JOIN worse w ON w.round_id = k.round_id
  LEFT JOIN create_figures c ON c.round_id = k.round_id
  LEFT JOIN recovery_figures v ON v.round_id = k.round_id
  LEFT JOIN refutation_figures x ON x.round_id = k.round_id
  LEFT JOIN store_finding f ON f.round_id = k.round_id
  LEFT JOIN scan_file z ON z.round_id = k.round_id
), numbered AS (
  SELECT *, CASE WHEN counted THEN row_number() OVER (PARTITION BY counted ORDER BY starts_at,
    is_gone DESC) END AS round FROM merged
)
SELECT n.*,
       CAST(floor((n.folder_unix_ts - k.t0_unix) / k.day_seconds) AS BIGINT) + 1 AS soak_day,
       CAST(n.starts_at AS DATE) AS date,
       date_diff('day', k.first_date, CAST(n.starts_at AS DATE)) + 1 AS day,
       n.is_recorded AND n.health IS NOT DISTINCT FROM 'ok' AND n.restarted IS NOT TRUE AS healthy,
       n.is_recorded AND (n.scan_http_code = '200' AND n.scan_ok) IS TRUE AS scanned,
       -- A success whose failures are unknown is no success that can be counted; a failure is one whatever else is
       -- known.
       CASE WHEN n.recovery_fail IS NOT NULL THEN n.recovery_ok END AS counted_recovery_ok
FROM numbered n, soak k;

-- One row per visible round folder and step that it tells of: the round's own word on it.
CREATE TABLE step_row AS
SELECT * FROM (SELECT round_id, date, counted, COLUMNS('^v\d\d_') FROM round_row)
UNPIVOT (verdict FOR step IN (COLUMNS('^v\d\d_')));
