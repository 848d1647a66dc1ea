-- Which steps of a round fail, how often, and why?
--
-- One row per step and reason, most frequent first. reason is the round's own text, NULL for an interrupted round
-- or one of the bash scripts. A step that could not run has failed too, so a dead control plane fails several steps.
WITH step AS (
  SELECT round_id, failures, unnest(['v01_health', 'v02_creates', 'v03_stuck_scan', 'v04_recovery', 'v05_plan_count',
    'v06_metrics', 'v07_integrity']) AS step,
         unnest([v01_health, v02_creates, v03_stuck_scan, v04_recovery, v05_plan_count, v06_metrics,
           v07_integrity]) AS verdict
  FROM rounds WHERE counted
)
SELECT step, json_extract_string(failures, step) AS reason, count(*) AS rounds, min(round_id) AS first_round,
       max(round_id) AS last_round
FROM step
WHERE verdict = 'FAIL'
GROUP BY step, reason
ORDER BY rounds DESC, step, reason NULLS LAST;
