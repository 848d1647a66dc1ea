-- What was not measured, and what no later evidence brings: a gap is no pass, whatever was measured around it.

-- One row per day of the soak: the rounds that can still come in it, whether a latency and a set check are there, and when and by which round
-- (NULL: by time) its last slot was decided. Bash rounds know no set check: their plan_count stands for it.
CREATE TABLE soak_day_course AS
WITH of_rounds AS (
  SELECT soak_day, bool_or(p99_ms IS NOT NULL) AS has_latency,
         bool_or(lost_plans IS NOT NULL AND duplicate_plans IS NOT NULL OR kind = 'legacy' AND plan_count IS NOT NULL) AS has_set_check
  FROM round_row WHERE counted GROUP BY soak_day
), of_slots AS (
  SELECT soak_day, sum(rounds) AS to_come, max(slot) AS last_slot, nullif(arg_max(coalesce(last_round_id, ''), slot), '') AS closing_round_id FROM slot_to_come GROUP BY soak_day
)
SELECT s.soak_day, s.to_come = 0 AS is_closed, coalesce(r.has_latency, false) AS has_latency, coalesce(r.has_set_check, false) AS has_set_check, s.closing_round_id,
       CASE WHEN s.closing_round_id IS NULL THEN to_timestamp(k.t0_unix + (s.last_slot + 1) * k.interval_seconds) ELSE round_time(s.closing_round_id) END AS closed_at
FROM of_slots s LEFT JOIN of_rounds r USING (soak_day), soak k;

-- One row per check or claim and kind of gap: the reason, whether Gate D fails by it (a missed day is coverage's to judge), and when it was lost, by which round.
CREATE TABLE measurement_gap AS
WITH latency AS (
  SELECT u.id, 'not measured in ' || count(*) || CASE WHEN count(*) = 1 THEN ' round' ELSE ' rounds' END || ' that created plans, first in rounds/' || min(r.round_id) AS reason,
         min(r.starts_at) AS lost_at, min(r.round_id) AS lost_since_round_id
  FROM round_row r LEFT JOIN create_figures c USING (round_id), soak k, (VALUES ('VAL12-07', true), ('C3', false)) u(id, is_early)
  -- A p99 of a few of its latencies, where the summary tells none, is none: the missing ones may be the slow ones.
  WHERE r.counted AND greatest(coalesce(r.create_ok, 0), coalesce(c.create_ok, 0)) > 0 AND (r.p99_ms IS NULL OR r.kind = 'recorded' AND r.said_p99_ms IS NULL AND c.times < c.answers) AND (NOT u.is_early OR r.soak_day <= k.early_days) GROUP BY u.id
), empty_day AS (
  SELECT u.id, u.what, d.soak_day, d.closed_at, d.closing_round_id, d.soak_day - row_number() OVER (PARTITION BY u.id ORDER BY d.soak_day) AS run
  FROM soak_day_course d, (VALUES ('C1', 'no set check'), ('C3', 'no latency measured')) u(id, what)
  WHERE d.is_closed AND NOT CASE u.id WHEN 'C1' THEN d.has_set_check ELSE d.has_latency END
), day_run AS (
  SELECT id, what, min(soak_day) AS first_day, max(soak_day) AS last_day, count(*) AS days, arg_min(closed_at, soak_day) AS closed_at, nullif(arg_min(coalesce(closing_round_id, ''), soak_day), '') AS closing_round_id
  FROM empty_day GROUP BY id, what, run
), days AS (
  SELECT id, what || ' on ' || CASE WHEN sum(days) = 1 THEN 'soak day ' ELSE sum(days) || ' soak days: ' END
           || string_agg(CASE WHEN days = 1 THEN CAST(first_day AS VARCHAR) ELSE first_day || '-' || last_day END, ', ' ORDER BY first_day) AS reason,
         min(closed_at) AS lost_at, nullif(arg_min(coalesce(closing_round_id, ''), first_day), '') AS lost_since_round_id
  FROM day_run GROUP BY id, what
), listed AS (
  -- What one round left out no other makes up for: its listing was whole, and nobody held it against the plans that were promised.
  SELECT 'C1' AS id, 'no set check in ' || count(*) || CASE WHEN count(*) = 1 THEN ' round' ELSE ' rounds' END || ' that listed all plans, first in rounds/' || min(round_id) AS reason,
         min(starts_at) AS lost_at, min(round_id) AS lost_since_round_id
  FROM round_row WHERE counted AND kind = 'recorded' AND plan_count IS NOT NULL AND (lost_plans IS NULL OR duplicate_plans IS NULL) HAVING count(*) > 0
), asked AS (
  -- A control plane that was away could not list; VAL12-08 counts that. One that was well owes its list.
  SELECT count(*) AS rounds, count(*) FILTER (lost_plans IS NULL OR duplicate_plans IS NULL) AS unchecked FROM round_row WHERE counted AND kind = 'recorded' AND healthy
), share AS (
  SELECT 'C1' AS id, 'no set check in ' || a.unchecked || ' of ' || a.rounds || ' healthy rounds, ' || failures_allowed_pct(a.rounds + c.rounds, t.coverage_pct) || ' allowed' AS reason,
         (SELECT arg_max(r.round_id, r.round) FROM round_course r
          WHERE r.unchecked_rounds > failures_allowed_pct(r.asked_rounds + r.after_slots, t.coverage_pct)
            AND r.unchecked_rounds - CASE WHEN r.unchecked THEN 1 ELSE 0 END <= failures_allowed_pct(r.asked_before + r.before_slots, t.coverage_pct)) AS lost_since_round_id
  FROM asked a, to_come c, targets t WHERE a.unchecked > failures_allowed_pct(a.rounds + c.rounds, t.coverage_pct)
)
SELECT *, false AS is_gates FROM latency UNION ALL SELECT *, false FROM days UNION ALL SELECT *, true FROM listed
-- Which missed slot lost it is not known: then no other round is blamed.
UNION ALL SELECT s.id, s.reason, coalesce(round_time(s.lost_since_round_id), k.t0), s.lost_since_round_id, true FROM share s, soak k;
