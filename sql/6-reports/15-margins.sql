-- One row per check and claim: whether it can still pass, as its own file says. One that says nothing is decided by
-- time alone; one that fails by an edit of config.env is undecided, since restoring the setting heals it.
CREATE TABLE margin_row AS
WITH seen AS (
  SELECT j.* EXCLUDE (margin, outlook), CASE WHEN j.edit IS NOT NULL THEN 'edited'
           ELSE coalesce(j.outlook, outlook_word(c.rounds > 0 OR j.verdict = 'PASS', c.rounds > 0
             OR j.verdict <> 'PASS', j.value IS NOT NULL)) END AS outlook,
         coalesce(j.edit, j.margin, j.detail) AS margin
  FROM judged_row j, to_come c
)
SELECT * REPLACE (CASE WHEN outlook = 'already lost' THEN lost_since_round_id END AS lost_since_round_id),
       -- A rate is told as its check tells it: of 1, or in percent.
       CASE WHEN target > 1 THEN 100 ELSE 1 END AS whole, CASE WHEN target > 1 THEN shown_target(target) || ' %'
         ELSE shown_share(target, false, 2,
         decimals_of(CAST(TRY_CAST(target AS DECIMAL(18, 9)) AS VARCHAR), 3)) END AS target_text
FROM seen;

-- One row per check and claim: the same with its confidence bounds.
CREATE TABLE bounded_margin AS
WITH made_of AS (
  SELECT m.*, b.* EXCLUDE (span), coalesce(m.rate_of - m.rate_ok, b.rounds_over) AS failed,
         coalesce(m.rate_of, b.rounds) AS n,
         CASE WHEN rate_things IS NOT NULL THEN rate_things || ', ' || coalesce(rate_span, 'soak') ELSE 'slow rounds, '
           || p99_span END AS kind_of_rate,
         -- A round may recover any number of plans; rounds and slots are numbered, and each slot of the soak passes.
         CASE WHEN rate_things = 'rounds' THEN rate_of + c.rounds WHEN rate_things = 'slots' THEN k.total_slots
           WHEN CASE rate_span WHEN 'days 1-7' THEN c.rounds_7d ELSE c.rounds END = 0 THEN rate_of END AS most
  FROM margin_row m LEFT JOIN p99_bound b ON b.span = m.p99_span, to_come c, soak k
), worth_of AS (
  -- A rate of anything else than the days count is told as if it were of independent trials.
  SELECT m.*, CASE WHEN w.n = m.n AND w.bad = m.failed THEN w.worth END AS worth, coalesce(worth, m.n) AS trials,
         m.failed * coalesce(worth / m.n, 1) AS failed_trials
  FROM made_of m LEFT JOIN rate_worth w ON w.kind = m.kind_of_rate
), bounded AS (
  SELECT *, clopper_pearson_low(failed_trials, trials) AS failed_low,
         clopper_pearson_high(failed_trials, trials) AS failed_high, CASE WHEN rate_things IS NOT NULL
           THEN CAST(ceil(trials_that_show(CAST(ceil(failed_trials) AS BIGINT), target / whole)
           * coalesce(n / worth, 1)) AS BIGINT) - n END AS more
  FROM worth_of
)
SELECT id, kind, name, verdict AS result, outlook, margin, lost_since_round_id,
       coalesce(whole * share(rate_ok, rate_of), p99_ms) AS estimate,
       CASE WHEN rate_things IS NULL THEN low_ms ELSE whole * (1 - failed_high) END AS confidence_low,
       CASE WHEN rate_things IS NULL THEN high_ms ELSE whole * (1 - failed_low) END AS confidence_high,
       CASE WHEN n > 0 OR creates > 0 THEN CASE WHEN CASE WHEN rate_things IS NULL THEN creates_worth
         ELSE worth END IS NULL THEN 'independent ' || coalesce(rate_things, 'creates')
         ELSE 'independent days' END END AS confidence_assumes,
       CASE WHEN rate_things IS NOT NULL
           THEN shown_confidence(whole * (1 - failed_high), whole * (1 - failed_low), CASE WHEN whole = 1 THEN 4 ELSE 2
             END, CASE WHEN whole = 1 THEN '' ELSE ' %' END, failed, n, worth, more, most, target_text, rate_things)
         WHEN creates > 0 THEN shown_p99_confidence(low_ms, high_ms, creates, creates_worth)
           -- The claim is about every round; how many of them are slower is a rate like any other.
           || CASE WHEN n > 1 THEN '; ' || failed || ' of ' || n || ' rounds above ' || shown_target(target)
             || ' ms: 95 % confidence interval ' || shown_interval(100 * failed_low, 100 * failed_high, 2) || ' %'
                || shown_assumption(worth, 'rounds') ELSE '' END
       END AS confidence_text
FROM bounded ORDER BY kind, id;

CREATE VIEW margins AS FROM bounded_margin;

-- One row: whether the soak as a whole can still pass.
CREATE TABLE outlook_row AS
WITH gate AS (
  -- Gate D needs two checks and the set check; both need a round in the last 24 hours, which the last slots can still
  -- bring.
  SELECT f.rehearsal OR k.soak_days < k.gate_days OR EXISTS (FROM gate_softened) AS not_assessed, c.rounds, c.rounds > 0
    OR f.last_24h_hold_a_round AS can_complete,
         coalesce(f.lost_plans, 0) + coalesce(f.duplicate_plans, 0) > 0 OR c.rounds = 0 AND v.nothing_lost IS NOT TRUE
           OR EXISTS (FROM check_gap WHERE fails_gate_d) AS corrupted,
         k.total_slots, f.recorded_slots + c.slots AS most_covered, t.coverage_pct_text,
         percentage_reaches(f.recorded_slots + c.slots, k.total_slots, t.coverage_pct) AS can_cover,
         f.plan_counted_slots + c.slots_to_count AS most_counted,
         percentage_reaches(f.plan_counted_slots + c.slots_to_count, k.total_slots, t.coverage_pct) AS can_count,
         -- Only a round counts the plans.
         percentage_reaches(f.plan_counted_slots, k.total_slots, t.coverage_pct) AS covers,
         f.last_24h_hold_a_round AND p.passed_gate_checks = p.gate_checks AND v.nothing_lost IS TRUE AS passes_gate,
         f.last_24h_hold_a_round AND p.passed_checks = v.total_checks AS passes
  FROM figures f, to_come c, verdict_row v, soak k, targets t,
    (SELECT count(*) FILTER (outlook = 'passed for good') AS passed_checks,
      count(*) FILTER (for_gate_d = 'pass') AS gate_checks,
            count(*) FILTER (for_gate_d = 'pass' AND outlook = 'passed for good') AS passed_gate_checks FROM margin_row
              WHERE kind = 'check') p
), cause AS (
  SELECT m.id, m.id || ' ' || m.name || ' (' || m.margin || ')' AS because, m.lost_since_round_id,
         m.kind = 'check' AS is_check, m.for_gate_d IS NOT DISTINCT FROM 'pass' AS is_gate
  FROM margin_row m WHERE m.outlook = 'already lost' AND m.kind IN ('check', 'claim')
  UNION ALL
  SELECT m.id, m.id || ' ' || m.name || ' (' || m.margin || ')', m.lost_since_round_id, false, true FROM margin_row m,
         gate g WHERE m.kind <> 'site check' AND m.for_gate_d = 'losses' AND g.corrupted
  UNION ALL
  SELECT '', CASE WHEN g.rounds = 0 THEN 'only ' || g.most_covered || ' of ' || g.total_slots || ' slots have a round'
      ELSE 'at most ' || g.most_covered || ' of ' || g.total_slots || ' slots can still have a round' END
    || ', coverage needs ' || g.coverage_pct_text || ' %', NULL, true, true FROM gate g WHERE NOT g.can_cover
  UNION ALL
  SELECT '', CASE WHEN g.rounds = 0 THEN 'the plans were counted in only '
      ELSE 'the plans can be counted in at most ' END
    || g.most_counted || ' of ' || g.total_slots || ' slots, coverage needs ' || g.coverage_pct_text || ' %',
    NULL, true, true FROM gate g WHERE g.can_cover AND NOT g.can_count
  UNION ALL
  SELECT '', 'no round was recorded in the last 24 hours of the soak', NULL, true, true FROM gate g
  WHERE NOT g.can_complete
), altered AS (
  SELECT words || ' (until the files are restored)' AS because FROM seal_state
), first_cause AS (
  SELECT coalesce(any_value(a.because), arg_min(c.because,
           (lost_since_round_id IS NULL, lost_since_round_id, id)) FILTER (is_gate)) AS gate_because,
         coalesce(any_value(a.because), arg_min(c.because,
           (lost_since_round_id IS NULL, lost_since_round_id, id)) FILTER (is_check)) AS because,
         min(lost_since_round_id) FILTER (is_gate AND a.because IS NULL) AS gate_lost_since,
         min(lost_since_round_id) FILTER (is_check AND a.because IS NULL) AS lost_since,
         any_value(a.because) IS NOT NULL AS is_altered
  FROM altered a LEFT JOIN cause c ON true
), told AS (
  SELECT *, CASE WHEN is_altered THEN 'already lost' WHEN not_assessed THEN 'not assessed'
    WHEN gate_because IS NOT NULL THEN 'already lost'
    WHEN passes_gate AND covers THEN 'passed for good' ELSE 'can still pass' END AS gate_d,
         CASE WHEN because IS NOT NULL THEN 'already lost' WHEN passes AND covers THEN 'passed for good'
           ELSE 'can still pass' END AS overall
  FROM gate, first_cause,
    (SELECT coalesce('; claims lost: ' || string_agg(id, ', ' ORDER BY id)
      FILTER (kind = 'claim' AND outlook = 'already lost'), '') AS lost_claims FROM margin_row)
)
SELECT gate_d, overall, CASE WHEN gate_d = 'already lost' THEN gate_lost_since
  ELSE lost_since END AS lost_since_round_id,
       CASE WHEN gate_d = 'already lost' THEN gate_because ELSE because END AS because, rounds AS rounds_to_come,
       CASE WHEN gate_d = 'already lost' THEN 'Gate D is already lost' || coalesce(' since ' || gate_lost_since, '')
         || ': ' || gate_because
         WHEN overall = 'already lost' THEN 'Overall is already lost' || coalesce(' since ' || lost_since, '') || ': '
           || because || '; Gate D: ' || gate_d
         WHEN overall = 'passed for good' THEN 'All checks have passed for good; Gate D: ' || gate_d || lost_claims
           ELSE 'All checks can still pass'
             || CASE WHEN EXISTS (FROM edited_verdict) THEN ' once config.env is restored' ELSE '' END
             || '; Gate D: ' || gate_d || lost_claims END AS line
FROM told;

CREATE VIEW outlook AS FROM outlook_row;
