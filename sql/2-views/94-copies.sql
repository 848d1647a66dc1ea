-- What two rounds say that cannot both be so. Which of them is true nobody can tell: it is told, and both count as they
-- stand.
INSERT INTO problem_row BY NAME
WITH traced AS (
  SELECT round_id, count(*) AS latencies, sum(hash(latency_ms)) AS trace
  FROM create_row JOIN round_kind k USING (round_id)
  WHERE latency_ms IS NOT NULL AND k.kind = 'recorded' AND NOT k.is_strange GROUP BY round_id
), alike AS (
  SELECT round_id, latencies, min(round_id) OVER (PARTITION BY latencies, trace) AS first_id FROM traced
), copied AS (
  -- Eight that differ, each to the microsecond, never come twice, in whatever order; a few, all the same, or whole
  -- milliseconds, as some clients measure, may.
  SELECT a.round_id, a.latencies, a.first_id
  FROM alike a JOIN create_row c USING (round_id) WHERE a.round_id <> a.first_id
  GROUP BY ALL HAVING count(DISTINCT c.latency_ms) FILTER (c.latency_ms <> round(c.latency_ms)) >= 8
), timed AS (
  -- Times are written in whole seconds, and a clock may be slewed while a round runs.
  SELECT round_id, starts_at, epoch_ms(starts_at) + 2000 AS surely_begun,
         epoch_ms(starts_at) + duration_ms - abs(coalesce(clock_step_ms, 0)) AS surely_running
  FROM round_row WHERE kind = 'recorded' AND duration_ms IS NOT NULL
), followed AS (
  SELECT round_id, surely_begun, max(surely_running) OVER earlier AS running_until,
         arg_max(round_id, surely_running) OVER earlier AS running_id
  FROM timed WINDOW earlier AS (ORDER BY starts_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT 'rounds/' || round_id || '/create-times.txt' AS file, 4 AS place, 'holds the ' || latencies || ' latencies of '
  || first_id || ', and no measurement comes twice: one of the two is a copy' AS reason
FROM copied
UNION ALL
SELECT 'rounds/' || round_id || '/round-summary.json', 4, 'began before ' || running_id
  || ' had ended by its duration_ms, and one round runs at a time: the clock was set back between them, or one of the'
  || ' two ran elsewhere'
FROM followed WHERE running_until > surely_begun;
