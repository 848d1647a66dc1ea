-- VAL12-04: the p99 of round 1, before anything accumulated.
INSERT INTO check_row BY NAME
WITH judged AS (
  SELECT r.round_id, r.p99_ms, r.is_recorded AND r.p99_ms <= t.p99_ms AS passes, r.is_recorded, t.p99_ms AS target
  FROM targets t LEFT JOIN round_one r ON true
)
SELECT 'VAL12-04' AS id, 'latency_baseline' AS name, verdict_word(passes, false) AS verdict, j.p99_ms AS value, target,
       'p99=' || shown_ms_unit(j.p99_ms, passes IS NOT TRUE AND j.p99_ms > target) || ', target=' || shown_target(target) || 'ms'
         || CASE WHEN is_recorded = false THEN ', round 1 was interrupted' WHEN j.p99_ms IS NULL THEN ', not measured' ELSE '' END AS detail,
       outlook_word(passes OR j.round_id IS NULL AND c.rounds > 0, passes IS NOT TRUE, false) AS outlook,
       CASE WHEN j.round_id IS NULL THEN 'first answer in round 1' WHEN is_recorded THEN shown_ms(j.p99_ms, passes IS NOT TRUE) || ' of ' || shown_target(target) || ' ms' ELSE 'round 1 was interrupted' END AS margin,
       CASE WHEN passes IS NOT TRUE THEN j.round_id END AS lost_since_round_id,
       'round 1' AS p99_span
FROM judged j, to_come c;
