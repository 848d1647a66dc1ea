-- VAL12-04: the p99 of round 1, before anything accumulated.
INSERT INTO check_row BY NAME
WITH judged AS (
  SELECT r.p99_ms, r.is_recorded AND r.p99_ms <= t.p99_ms AS passes, r.is_recorded, t.p99_ms AS target
  FROM targets t LEFT JOIN round_one r ON true
)
SELECT 'VAL12-04' AS id, 'latency_baseline' AS name, verdict_word(passes, false) AS verdict, p99_ms AS value, target,
       'p99=' || shown_ms_unit(p99_ms, passes IS NOT TRUE AND p99_ms > target) || ', target=' || shown_target(target) || 'ms'
         || CASE WHEN is_recorded = false THEN ', round 1 was interrupted' WHEN p99_ms IS NULL THEN ', not measured' ELSE '' END AS detail
FROM judged;
