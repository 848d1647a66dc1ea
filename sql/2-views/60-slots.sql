-- One row per elapsed slot of the soak (contract, section 4): the schedule, whether or not a round ran. A slot whose
-- round is still in progress has not elapsed for that round.
CREATE TABLE slot_row AS
WITH elapsed AS (
  SELECT s.slot, k.t0_unix + s.slot * k.interval_seconds AS starts_unix
  FROM soak k, range(k.total_slots) s(slot)
  WHERE to_timestamp(k.t0_unix + (s.slot + 1) * k.interval_seconds) <= k.as_of
), ran AS (
  SELECT slot, count(*) FILTER (counted) AS rounds, count(*) FILTER (counted AND is_recorded) AS recorded_rounds,
         bool_and(healthy) FILTER (counted) AS all_healthy,
         bool_or(kind = 'interrupted') AS any_interrupted, bool_or(kind = 'in_progress') AS in_progress
  FROM round_row WHERE in_soak GROUP BY slot
)
SELECT e.slot, to_timestamp(e.starts_unix) AS starts_at,
       CAST(to_timestamp(e.starts_unix) AS DATE) AS date,
       date_diff('day', k.first_date, CAST(to_timestamp(e.starts_unix) AS DATE)) + 1 AS day,
       (e.starts_unix - k.t0_unix) // k.day_seconds + 1 AS soak_day,
       coalesce(r.rounds, 0) AS rounds,
       -- What was killed, taken away or copied there is a round in its slot, and shows nothing of it.
       coalesce(r.recorded_rounds, 0) > 0 AS covered,
       coalesce(r.all_healthy, false) AS healthy,
       CASE WHEN r.slot IS NULL THEN 'missed' WHEN r.all_healthy THEN 'ok' WHEN r.any_interrupted THEN 'interrupted'
         ELSE 'failed' END AS status
FROM elapsed e LEFT JOIN ran r USING (slot), soak k
WHERE r.in_progress IS NOT TRUE OR r.rounds > 0;
