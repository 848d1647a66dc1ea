-- What was not measured, and what no later evidence brings: a gap is no pass, whatever was measured around it.

-- One row per day of the soak: the rounds that can still come in it, whether a latency and a set check are there, and
-- when and by which round (NULL: by time) its last slot was decided. Bash rounds know no set check: their plan_count
-- stands for it.
CREATE TABLE soak_day_course AS
WITH of_rounds AS (
  SELECT soak_day, bool_or(p99_ms IS NOT NULL) AS has_latency,
         bool_or(lost_plans IS NOT NULL AND duplicate_plans IS NOT NULL OR kind = 'legacy'
           AND plan_count IS NOT NULL) AS has_set_check
  FROM round_row WHERE counted GROUP BY soak_day
), of_slots AS (
  SELECT soak_day, sum(rounds) AS to_come, max(slot) AS last_slot,
         nullif(arg_max(coalesce(last_round_id, ''), slot), '') AS closing_round_id FROM slot_to_come GROUP BY soak_day
)
SELECT s.soak_day, s.to_come = 0 AS is_closed, coalesce(r.has_latency, false) AS has_latency,
       coalesce(r.has_set_check, false) AS has_set_check, s.closing_round_id,
       CASE WHEN s.closing_round_id IS NULL THEN to_timestamp(k.t0_unix + (s.last_slot + 1) * k.interval_seconds)
         ELSE round_time(s.closing_round_id) END AS closed_at
FROM of_slots s LEFT JOIN of_rounds r USING (soak_day), soak k;

-- One row if rounds of the soak, or of its early days, created plans and have no latency. A p99 of a few of its
-- latencies, where the summary tells none, is none: the missing ones may be the slow ones.
CREATE MACRO latency_gap(is_early) AS TABLE
SELECT 'not measured in ' || shown_number_of(count(*), 'rounds') || ' that created plans, first in rounds/'
         || min(r.round_id) AS reason,
       min(r.starts_at) AS lost_at, min(r.round_id) AS lost_since_round_id
FROM round_row r LEFT JOIN create_figures c USING (round_id), soak k
WHERE r.counted AND greatest(coalesce(r.create_ok, 0), coalesce(c.create_ok, 0)) > 0
  AND (r.p99_ms IS NULL OR r.kind = 'recorded' AND r.said_p99_ms IS NULL AND c.times < c.answers)
  AND (NOT is_early OR r.soak_day <= k.early_days)
HAVING count(*) > 0;

-- One row per run of soak days that are decided and have no latency, or no set check.
CREATE TABLE empty_days AS
WITH empty_day AS (
  SELECT w.what, d.soak_day, d.closed_at, d.closing_round_id,
         d.soak_day - row_number() OVER (PARTITION BY w.what ORDER BY d.soak_day) AS run
  FROM soak_day_course d, (VALUES ('no set check'), ('no latency measured')) w(what)
  WHERE d.is_closed AND NOT CASE w.what WHEN 'no set check' THEN d.has_set_check ELSE d.has_latency END
)
SELECT what, min(soak_day) AS first_day, max(soak_day) AS last_day, count(*) AS days,
       arg_min(closed_at, soak_day) AS closed_at,
       nullif(arg_min(coalesce(closing_round_id, ''), soak_day), '') AS closing_round_id
FROM empty_day GROUP BY what, run;

-- One row if there are days without it.
CREATE MACRO day_gap(missing) AS TABLE
SELECT missing || ' on ' || CASE WHEN sum(days) = 1 THEN 'soak day ' ELSE sum(days) || ' soak days: ' END
         || string_agg(CASE WHEN days = 1 THEN CAST(first_day AS VARCHAR) ELSE first_day || '-' || last_day END, ', '
           ORDER BY first_day) AS reason,
       min(closed_at) AS lost_at, nullif(arg_min(coalesce(closing_round_id, ''), first_day), '') AS lost_since_round_id
FROM empty_days WHERE what = missing HAVING count(*) > 0;
