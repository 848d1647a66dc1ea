-- One row per setting on which Gate D rests, by a check that it needs or by its own words, which asks for less than the
-- plan, and did so from the start: what is reached is then not what Gate D speaks of. A setting that was edited in
-- mid-soak fails instead. The interval is none: the plan recommends it. A shorter soak has words of its own.
CREATE TABLE gate_softened AS
SELECT v.key, c.value AS is_now, c.plan_value FROM verdict_setting v JOIN raw_config c USING (key)
WHERE v.key NOT IN ('ROUND_INTERVAL_SECONDS', 'SOAK_DAYS') AND is_laxer(c.value, c.plan_value, v.laxer)
  AND (list_contains(v.words, 'Gate D')
    OR v.key IN (SELECT unnest(rests_on) FROM check_row WHERE kind = 'check' AND for_gate_d = 'pass'))
  AND NOT EXISTS (FROM setting_now n WHERE n.key = v.key AND n.edited);

-- One row: the overall verdict and the plan's Gate D (contract, section 4 "Overall", "Gate D").
CREATE TABLE verdict_row AS
WITH counted AS (
  SELECT count(*) FILTER (verdict = 'PASS') AS passed_checks, count(*) AS total_checks,
         coalesce(bool_and(verdict = 'PASS') FILTER (for_gate_d = 'pass'), false) AS gate_checks_pass
  FROM judged_row WHERE kind = 'check'
), state AS (
  SELECT k.has_ended AND f.last_24h_hold_a_round AS complete,
         CASE WHEN k.has_ended THEN f.last_round_day
           ELSE greatest(1, least(k.soak_days,
             CAST(floor((epoch(k.as_of) - k.t0_unix) / k.day_seconds) AS BIGINT) + 1)) END AS day,
         k.soak_days, k.gate_days, f.rehearsal, f.covered_slots, f.scheduled_rounds, f.scheduled_rounds > 0
           AND NOT percentage_reaches(f.covered_slots, f.scheduled_rounds, t.coverage_pct) AS uncovered,
         -- A control plane that is down has its rounds too, and they show nothing of the fleet.
         f.plan_counted_slots, f.scheduled_rounds > 0
           AND NOT percentage_reaches(f.plan_counted_slots, f.scheduled_rounds, t.coverage_pct) AS uncounted,
         EXISTS (FROM setting_now WHERE edited AND key = 'SOAK_DAYS') AS length_edited,
         EXISTS (FROM edited_verdict WHERE kind = 'word' AND id = 'Gate D') AS coverage_edited,
         (SELECT string_agg(key || '=' || is_now, ', ' ORDER BY key) FROM gate_softened) AS softened,
         -- Bash rounds alone know no set check: then none is known to be lost.
         f.lost_plans = 0 AND f.duplicate_plans = 0 AND f.stranger_since_round_id IS NULL
           OR (f.set_checked_rounds = 0 AND f.legacy_rounds > 0 AND f.legacy_rounds = f.recorded_rounds
           AND f.lost_plans IS NULL AND f.duplicate_plans IS NULL) AS none_known_lost,
         EXISTS (FROM check_gap WHERE fails_gate_d) AS has_gaps,
         a.altered > 0 AS is_altered, 'NOT PROVEN (' || a.words || ')' AS not_proven
  FROM soak k, figures f, targets t, seal_state a
), judged AS (
  -- The plan's own words know no coverage: two checks, and nothing found lost. What was altered proves nothing,
  -- whatever it says.
  SELECT *, CASE WHEN s.is_altered THEN s.not_proven WHEN s.rehearsal THEN 'NOT ASSESSED (rehearsal)'
         WHEN s.soak_days < s.gate_days AND NOT s.length_edited THEN 'NOT ASSESSED (a soak of ' || s.soak_days
           || CASE WHEN s.soak_days = 1 THEN ' day)' ELSE ' days)' END
         WHEN s.softened IS NOT NULL AND NOT s.length_edited THEN 'NOT ASSESSED (' || s.softened || ')'
         WHEN NOT s.complete THEN 'INCOMPLETE (day ' || coalesce(s.day, 0) || ' of ' || s.soak_days || ')'
         WHEN c.gate_checks_pass AND s.none_known_lost AND NOT s.length_edited THEN 'PASS'
           ELSE 'FAIL' END AS gate_d_by_plan
  FROM counted c, state s
), told AS (
  SELECT *, CASE WHEN is_altered THEN 'FAIL' WHEN NOT complete THEN 'INCOMPLETE'
    WHEN total_checks > 0 AND passed_checks = total_checks AND NOT uncovered AND NOT uncounted
      AND NOT coverage_edited THEN 'PASS'
    ELSE 'FAIL' END AS overall,
         CASE WHEN gate_d_by_plan <> 'PASS' THEN gate_d_by_plan WHEN coverage_edited THEN 'FAIL'
           WHEN uncovered THEN 'NOT PROVEN (rounds in ' || covered_slots || ' of ' || scheduled_rounds || ' slots)'
           WHEN has_gaps THEN 'FAIL'
           WHEN uncounted THEN 'NOT PROVEN (plans counted in ' || plan_counted_slots || ' of ' || scheduled_rounds
             || ' slots)'
           ELSE 'PASS' END AS gate_d
  FROM judged
)
SELECT passed_checks, total_checks, complete, none_known_lost AND NOT has_gaps AS nothing_lost, uncovered, uncounted,
       overall, gate_d, gate_d_by_plan,
       -- Whatever says FAIL, or that a gate is not proven: exit code 10.
       overall = 'FAIL' OR gate_d = 'FAIL' OR starts_with(gate_d, 'NOT PROVEN')
         OR EXISTS (FROM judged_row WHERE verdict = 'FAIL') AS any_failed
FROM told;

-- One row: the part of it that others rely on.
CREATE VIEW verdict AS SELECT passed_checks, total_checks, complete, overall, gate_d, gate_d_by_plan FROM verdict_row;
