-- What was it like before and after each restart of the control plane?
--
-- One row per round that restarted it; before and after are the adjacent counted rounds. Look closer if the plan count
-- falls, or if only a restart brings the latency down. reason is what the round itself wrote.
WITH neighbours AS (
  SELECT *, lag(p99_ms) OVER t AS before_p99_ms, lead(p99_ms) OVER t AS after_p99_ms,
         lag(plan_count) OVER t AS before_plans,
         lag(cp_rss_bytes) OVER t AS before_rss_bytes
  FROM rounds WHERE counted WINDOW t AS (ORDER BY starts_at)
)
SELECT round_id, restart_ms, before_p99_ms, p99_ms, after_p99_ms, before_plans, plan_count AS plans, before_rss_bytes,
       cp_rss_bytes AS rss_bytes,
       CASE WHEN hung THEN 'hung' WHEN port_conflict THEN 'port taken' ELSE 'dead' END AS found,
       failures ->> 'v01_health' AS reason
FROM neighbours
WHERE restarted
ORDER BY starts_at;
