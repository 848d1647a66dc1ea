-- Where two statements of a round disagree, the worse one counts (contract, section 3): its summary against its raw
-- files, its steps against its figures. What is told of it stands in 90-problems.sql and 92-contradictions.sql.

-- By a verdict that is not PASS, or by a reason in failures.
CREATE MACRO step_failed(verdict, failures, step) AS
  coalesce(verdict <> 'PASS', false) OR coalesce(json_exists(nullif(failures, '{}'), '$.' || step), false);

-- One row per round with a recovery.txt of which all is known: what was cut, or cannot be read, need not agree, and the
-- bash scripts wrote what a command printed as it came.
CREATE TABLE whole_recovery AS
SELECT k.round_id, coalesce(v.recovery_ok, 0) AS recovery_ok, coalesce(v.recovery_fail, 0) AS recovery_fail
FROM round_kind k LEFT JOIN recovery_figures v USING (round_id)
WHERE k.kind = 'recorded'
  AND k.round_id NOT IN (SELECT round_id FROM stored_file WHERE file = 'recovery.txt' AND NOT is_whole)
  AND 'rounds/' || k.round_id || '/recovery.txt' NOT IN (SELECT file FROM raw_unreadable);

-- One row per round: what its stuck-scan.json says of its scan.
CREATE TABLE scan_file AS
SELECT k.round_id, x.stuck_plans, o.round_id IS NULL AS no_file,
       -- An answer is kept as it came, and none leaves no file. A list that stands bare is an answer, and a bare null
       -- is an empty one.
       CASE WHEN o.round_id IS NULL THEN CASE WHEN k.kind = 'recorded' THEN 'is missing' END
         WHEN o.problem NOT LIKE 'holds an array%' AND o.problem NOT LIKE 'holds null%' THEN o.problem
         -- An error's body names no list; a null may stand for an empty one, and a list may lie deeper. An answer
         -- without any field lacks the list that CP_STUCK_KEY names.
         WHEN k.kind = 'recorded' AND NOT (coalesce(setting('CP_STUCK_KEY'), '') <> ''
           AND regexp_full_match(o.object, '\s*\{\s*\}\s*'))
           AND NOT contains(o.object, '[') AND NOT contains(o.object, 'null')
           AND NOT contains(o.object, '"stored_in"') THEN 'holds no list of plans' END AS no_answer
FROM round_kind k LEFT JOIN raw_object o ON o.round_id = k.round_id AND o.file = 'stuck-scan.json'
  LEFT JOIN stuck_scan x ON x.round_id = k.round_id;

-- One row per round whose integrity.json names plans.
CREATE TABLE integrity_figures AS
SELECT round_id,
       count(*) FILTER (finding = 'lost') AS lost, count(*) FILTER (finding = 'duplicate') AS duplicate,
       count(*) FILTER (finding = 'revived') AS revived, count(*) FILTER (finding = 'unconfirmed') AS unconfirmed
FROM integrity_id GROUP BY round_id;

-- The larger of two latencies that differ by more than rounding; else the summary's.
CREATE MACRO worse_ms(told, measured, tolerance) AS
  CASE WHEN told IS NULL OR measured > told + tolerance THEN measured ELSE told END;

-- One row per recorded or legacy round: the worse of what it says and what lies beside it. least and greatest pass over
-- what is not known.
CREATE TABLE worse AS
WITH beside AS (
  SELECT s.*, k.round_id AS its_id, k.kind, i.ids,
         -- The steps that it says failed.
         step_failed(s.v01_health, s.failures, 'v01_health') AS v01,
         step_failed(s.v02_creates, s.failures, 'v02_creates') AS v02,
         step_failed(s.v03_stuck_scan, s.failures, 'v03_stuck_scan') AS v03,
         step_failed(s.v04_recovery, s.failures, 'v04_recovery') AS v04,
         step_failed(s.v05_plan_count, s.failures, 'v05_plan_count') AS v05,
         step_failed(s.v06_metrics, s.failures, 'v06_metrics') AS v06,
         step_failed(s.v07_integrity, s.failures, 'v07_integrity') AS v07,
         -- Without an answer the files say nothing.
         c.answers, CASE WHEN c.answers > 0 THEN c.create_ok END AS file_ok,
         CASE WHEN c.answers > 0 THEN c.create_errors END AS file_errors,
         c.p50_ms AS file_p50_ms, c.p99_ms AS file_p99_ms, c.max_ms AS file_max_ms,
         coalesce(TRY_CAST(s.targets ->> '$.PLANS_PER_ROUND' AS BIGINT), CASE WHEN c.answers IS NULL AND i.ids IS NULL
           AND NOT s.is_legacy THEN t.plans_per_round END) AS plans,
         CASE k.kind WHEN 'legacy' THEN t.legacy_ms_tolerance ELSE t.ms_tolerance END AS ms_tolerance,
         t.plan_count AS target_plans, t.p99_ms AS target_p99_ms, t.fleet_round,
         k.starts_at >= q.since AS rolls_back
  FROM round_kind k JOIN said s ON s.folder_id = k.round_id
  LEFT JOIN create_figures c ON c.round_id = k.round_id LEFT JOIN plan_id_count i ON i.round_id = k.round_id,
  targets t, rollback_since q WHERE k.kind IN ('recorded', 'legacy')
)
SELECT b.its_id AS round_id,
       coalesce(b.lost_plans + b.duplicate_plans + coalesce(n.lost, 0) + coalesce(n.duplicate, 0) = 0, false)
         AND coalesce(b.store_check, 'ok') = 'ok' AND coalesce(y.result, 'ok') = 'ok' AS is_sound,
       -- A check that looks for fewer plans than this very round created is none, and a listing is kept where it
       -- convicts alone.
       b.kind = 'recorded' AND (coalesce(b.expected_plans < least(b.create_ok, b.file_ok, b.ids, b.plans)
         AND b.rolls_back IS NOT TRUE, false)
         OR l.round_id IS NOT NULL
           AND coalesce(b.lost_plans + b.duplicate_plans + coalesce(n.lost, 0) + coalesce(n.duplicate, 0) = 0,
           false)) AS is_no_check,
       -- What is listed cannot be fewer than what must be, but for what is lost, or was missing on this listing alone.
       CASE WHEN b.kind = 'recorded' THEN greatest(0,
         b.expected_plans - b.plan_count - coalesce(b.unconfirmed_plans, 0)) END AS missing_plans,
       -- Health: ok is said by the code, the step and the restart too.
       CASE WHEN b.health = 'ok' AND (b.health_http_code <> '200' OR b.v01 OR b.hung) THEN 'failed'
         ELSE b.health END AS health,
       CASE WHEN b.restart_ms IS NOT NULL THEN true ELSE b.restarted END AS restarted,
       -- No more were created than were answered, set out and asked for; a step that failed although all was well hides
       -- one.
       CASE WHEN b.create_ok IS NOT NULL THEN least(b.create_ok, b.file_ok, b.ids, b.plans)
         WHEN b.is_legacy THEN b.file_ok END AS create_ok,
       CASE WHEN b.create_errors = 0 AND b.v02 AND (b.create_ok > 0 OR b.ids > 0) THEN greatest(1, b.file_errors)
         WHEN b.create_errors IS NULL AND NOT b.is_legacy THEN nullif(b.file_errors, 0)
         ELSE greatest(b.create_errors, b.file_errors) END AS create_errors,
       -- Where nothing was created a fast time is a refusal's, which the bash scripts timed too.
       coalesce(least(b.create_ok, b.file_ok) = 0 AND b.p99_ms <= b.target_p99_ms AND b.file_p99_ms IS NULL,
         false) AS is_of_refusals,
       -- Of fewer than 100 latencies the 99th percentile is the largest.
       CASE WHEN NOT b.has_no_latency AND NOT is_of_refusals THEN worse_ms(CASE WHEN b.p99_ms IS NOT NULL
         THEN greatest(b.p99_ms, b.p50_ms, CASE WHEN b.create_ok + b.create_errors < 100 THEN b.max_ms END) END,
         b.file_p99_ms, b.ms_tolerance) END AS p99_ms,
       CASE WHEN NOT is_of_refusals THEN worse_ms(b.p50_ms, b.file_p50_ms, b.ms_tolerance) END AS p50_ms,
       CASE WHEN NOT is_of_refusals THEN worse_ms(b.max_ms, b.file_max_ms, b.ms_tolerance) END AS max_ms,
       -- The scan: ok is said by the step and by the answer that was kept.
       b.scan_ok AND NOT b.v03 AND x.no_answer IS NULL AS scan_ok,
       CASE WHEN b.stuck_count IS NOT NULL OR b.scan_ok THEN greatest(b.stuck_count, x.stuck_plans) END AS stuck_count,
       -- Recoveries: the fewer successes, the more failures. Of the plans that the scan showed each was recovered once,
       -- put off, or left alone as another's: no more succeeded than were stuck, and what is told of none of these
       -- failed.
       greatest(coalesce(b.recovery_ok, 0) + coalesce(b.recovery_fail, 0),
         w.recovery_ok + w.recovery_fail) + coalesce(b.recovery_deferred, 0) AS told,
       CASE WHEN b.kind = 'recorded' AND b.scan_ok AND (b.recovery_fail IS NOT NULL OR NOT b.v04)
         THEN greatest(0, greatest(b.stuck_count, x.stuck_plans) - coalesce(b.stuck_foreign, 0) - told) END AS untold,
       CASE WHEN b.recovery_ok IS NULL THEN v.recovery_ok
         WHEN b.kind = 'recorded' THEN least(b.recovery_ok, w.recovery_ok,
           greatest(0, least(b.stuck_count, x.stuck_plans) - coalesce(b.recovery_fail,
           v.recovery_fail, 0) - coalesce(b.recovery_deferred, 0)))
         ELSE least(b.recovery_ok, w.recovery_ok) END AS recovery_ok,
       CASE WHEN b.recovery_fail IS NULL THEN greatest(v.recovery_fail, nullif(untold, 0))
         WHEN b.recovery_fail = 0 AND b.v04 AND b.scan_ok AND NOT b.v03
           AND coalesce(b.recoveries_refuted, 0) + coalesce(r.named, 0) = 0
           AND b.port_conflict IS NOT TRUE THEN greatest(1, v.recovery_fail)
         WHEN b.is_legacy AND b.recovery_ok + b.recovery_fail <> v.recovery_ok + v.recovery_fail THEN b.recovery_fail
         ELSE greatest(b.recovery_fail, v.recovery_fail, b.recovery_fail + untold) END AS recovery_fail,
       -- The fleet: a step that failed although its figures are good has measured nothing.
       CASE WHEN NOT (b.v05 AND (b.plan_count >= b.target_plans OR b.round < b.fleet_round))
         THEN b.plan_count END AS plan_count,
       CASE WHEN NOT (b.v07 AND is_sound OR is_no_check)
         THEN greatest(b.lost_plans, nullif(n.lost, 0), CASE WHEN b.lost_plans IS NOT NULL THEN missing_plans
         END) END AS lost_plans,
       CASE WHEN NOT (b.v07 AND is_sound OR is_no_check)
         THEN greatest(b.duplicate_plans, nullif(n.duplicate, 0)) END AS duplicate_plans,
       greatest(b.revived_plans, nullif(n.revived, 0)) AS revived_plans,
       greatest(b.unconfirmed_plans, nullif(n.unconfirmed, 0)) AS unconfirmed_plans,
       CASE WHEN b.kind = 'recorded' THEN b.metrics_ok AND NOT b.v06 AND m.round_id IS NOT NULL
         ELSE b.metrics_ok END AS metrics_ok,
       -- Damage stays found, and where the file tells no result there is none.
       CASE WHEN y.result <> 'ok' THEN y.result WHEN y.round_id IS NOT NULL AND y.result IS NULL
         AND b.store_check = 'ok' THEN NULL ELSE coalesce(b.store_check, y.result) END AS store_check
FROM beside b
LEFT JOIN scan_file x ON x.round_id = b.its_id
LEFT JOIN recovery_figures v ON v.round_id = b.its_id
LEFT JOIN whole_recovery w ON w.round_id = b.its_id
LEFT JOIN refutation_figures r ON r.round_id = b.its_id
LEFT JOIN integrity_figures n ON n.round_id = b.its_id
LEFT JOIN store_finding y ON y.round_id = b.its_id
LEFT JOIN raw_text m ON m.round_id = b.its_id AND m.file = 'metrics-scrape.prom'
LEFT JOIN raw_text l ON l.round_id = b.its_id AND l.file = 'listing.json.gz';
