-- One row: the overall verdict and the plan's Gate D (contract, section 4 "Verdict words").
CREATE TABLE verdict_row AS
WITH counted AS (
  SELECT count(*) FILTER (verdict = 'PASS') AS passed_checks, count(*) AS total_checks,
         coalesce(bool_and(verdict = 'PASS') FILTER (id IN ('VAL12-03', 'VAL12-10')), false)
           AND count(*) FILTER (id IN ('VAL12-03', 'VAL12-10')) = 2 AS gate_checks_pass
  FROM check_row
), state AS (
  SELECT k.has_ended AND f.last_24h_hold_a_round AS complete,
         CASE WHEN k.has_ended THEN f.last_round_day
           ELSE greatest(1, least(k.soak_days, CAST(floor((epoch(k.as_of) - k.t0_unix) / k.day_seconds) AS BIGINT) + 1)) END AS day,
         k.soak_days, f.rehearsal,
         -- Bash rounds alone know no set check: then none is known to be lost.
         f.lost_plans = 0 AND f.duplicate_plans = 0 AND f.stranger_since_round_id IS NULL OR (f.set_checked_rounds = 0 AND f.legacy_rounds > 0 AND f.legacy_rounds = f.recorded_rounds
           AND f.lost_plans IS NULL AND f.duplicate_plans IS NULL) AS nothing_lost
  FROM soak k, figures f
)
SELECT c.passed_checks, c.total_checks, s.complete, s.nothing_lost,
       CASE WHEN NOT s.complete THEN 'INCOMPLETE' WHEN c.total_checks > 0 AND c.passed_checks = c.total_checks THEN 'PASS' ELSE 'FAIL' END AS overall,
       CASE WHEN s.rehearsal THEN 'NOT ASSESSED (rehearsal)'
         WHEN NOT s.complete THEN 'INCOMPLETE (day ' || coalesce(s.day, 0) || ' of ' || s.soak_days || ')'
         WHEN c.gate_checks_pass AND s.nothing_lost THEN 'PASS' ELSE 'FAIL' END AS gate_d
FROM counted c, state s;

CREATE VIEW verdict AS SELECT * EXCLUDE (nothing_lost) FROM verdict_row;
