-- C1: no acknowledged plan was lost or listed twice, no stranger stands in the control plane's place at the end, once
-- the fleet's target was reached every counted round held it, and no check of the control plane's own database found
-- damage.
INSERT INTO check_row BY NAME
SELECT 'C1' AS id, 'no_corruption' AS name, 'claim' AS kind,
       'No plan was lost or listed twice.' AS question,
       CASE WHEN i.is_violated THEN 'FAIL'
         ELSE verdict_word(i.is_measured AND f.reached_in_round IS NOT NULL AND f.stranger_since_round_id IS NULL,
           k.may_pend) END AS verdict,
       -- Half of the sum is no sum: where only one of the two was measured, a zero proves nothing.
       f.lost_plans + f.duplicate_plans AS value, '=' AS comparison, 0 AS target, 'count' AS unit,
       'losses' AS for_gate_d,
       'Lost or duplicated' AS key_figure,
       ['SOAK_STARTED_AT', 'SOAK_DAYS', 'ROUND_INTERVAL_SECONDS', 'TARGET_PLAN_COUNT',
         'TARGET_COVERAGE_PCT'] AS rests_on
FROM figures f, integrity_of_soak i, soak k;

INSERT INTO check_outlook BY NAME
WITH corrupted AS (
  SELECT arg_min(r.round_id, r.round) AS round_id
  FROM round_row r
  WHERE r.counted AND (r.lost_plans > 0 OR r.duplicate_plans > 0 OR r.store_check <> 'ok'
    OR r.round_id IN (SELECT round_id FROM below_again)
    OR r.round_id IN (SELECT round_id FROM integrity_id WHERE finding IN ('lost', 'duplicate')))
), judged AS (
  SELECT i.*, i.is_measured AND f.reached_in_round IS NOT NULL AND f.stranger_since_round_id IS NULL AS holds
    FROM figures f, integrity_of_soak i
)
SELECT 'C1' AS id, outlook_word(NOT j.is_violated AND (c.rounds > 0 OR j.holds), c.rounds > 0 OR j.is_violated
  OR NOT j.holds, j.is_measured) AS outlook,
       coalesce(x.round_id, c.closing_round_id) AS lost_since_round_id
FROM judged j, to_come c, corrupted x;

INSERT INTO check_words BY NAME
WITH store_days AS (
  -- A date that has just begun and has no round yet lacks no check.
  SELECT count(*) AS days, coalesce(list(CAST(d.date AS VARCHAR) ORDER BY d.date)
    FILTER (d.store_check IS NULL), []) AS days_not_checked
  FROM daily_row d, soak k WHERE d.total_rounds > 0 OR CAST(d.date + 1 AS TIMESTAMP) AT TIME ZONE 'UTC' <= k.as_of
), judged AS (
  SELECT f.*, i.*, d.*, t.plan_count AS target_plans, k.may_pend,
         coalesce(f.lost_plans, 0) + coalesce(f.duplicate_plans, 0) AS corrupted
  FROM figures f, targets t, integrity_of_soak i, store_days d, soak k
)
SELECT 'C1' AS id,
       'lost=' || shown_count(lost_plans) || ', duplicate=' || shown_count(duplicate_plans)
         || CASE WHEN NOT is_measured THEN ', not measured'
              WHEN set_checked_rounds = 0 THEN ', not measured by legacy rounds: judged by plan_count'
              ELSE shown_checked_in(set_checked_rounds, total_rounds) END
         || coalesce(', not measured since a stranger took the control plane''s place in '
           || stranger_since_round_id, '')
         || held_fleet_words(target_plans, reached_in_round, rounds_below_again, rounds_uncounted, may_pend)
         || CASE WHEN days_damaged > 0
                THEN ', store damaged on ' || days_damaged || ' of ' || days_checked || ' days checked, first in '
                  || first_damaged || ': ' || left(first_finding, 200)
              WHEN days_checked > 0
                THEN store_checked_words(days_checked, days, store_checks, first_check, last_check)
                  || CASE WHEN days_not_checked <> [] THEN ', not on ' || shown_dates(days_not_checked) ELSE '' END
              WHEN cp_mode = 'attached'
                THEN ', store not checked: a soak cannot reach the store of an attached control plane'
              ELSE ', store not checked' END
         || CASE WHEN rounds_unchecked > 0
                THEN ', store could not be checked in full in ' || rounds_unchecked
                  || CASE WHEN rounds_unchecked = 1 THEN ' round, ' ELSE ' rounds, last in ' END
                  || last_unchecked || ': ' || left(why_unchecked, 200)
              ELSE '' END AS detail,
       CASE WHEN corrupted > 0 OR NOT is_violated AND is_measured
         AND set_checked_rounds > 0 THEN shown_budget(corrupted, 0, 'lost or duplicate plans')
         WHEN days_damaged > 0 THEN 'store damaged on ' || days_damaged || ' of ' || days_checked || ' days checked'
         WHEN rounds_below_again > 0
           THEN shown_number_of(rounds_below_again, 'rounds') || ' below ' || shown_target(target_plans)
           || ' plans, 0 allowed'
         WHEN is_measured THEN 'plan_count at or above its target in every round that counted it'
           ELSE 'no round has measured it' END AS margin,
       'the set check of ' || shown_thousands_of(set_checked_rounds, 'rounds')
         || ' (integrity.json) and the store checks of ' || shown_thousands(store_checks)
         || ' (store-check.json)' AS files
FROM judged;

INSERT INTO check_round BY NAME
SELECT 'C1' AS id, r.round_id, 'integrity.json' AS file, 'lost=' || shown_count(r.lost_plans) || ', duplicate='
  || shown_count(r.duplicate_plans)
         || coalesce(': ' || left(string_agg(i.finding || ' ' || i.plan_id, ', ' ORDER BY i.finding DESC,
           i.plan_id), 200), '') AS says,
       -(coalesce(r.lost_plans, 0) + coalesce(r.duplicate_plans, 0)) AS weight
FROM round_row r LEFT JOIN integrity_id i ON i.round_id = r.round_id AND i.finding IN ('lost', 'duplicate')
WHERE r.counted AND (r.lost_plans > 0 OR r.duplicate_plans > 0) GROUP BY r.round_id, r.lost_plans, r.duplicate_plans
UNION ALL
SELECT 'C1', round_id, 'store-check.json', left(store_check, 200), -1e9 FROM round_row WHERE counted
  AND store_check <> 'ok'
UNION ALL
SELECT 'C1', round_id, 'store-check.json', 'not checked: ' || left(store_unchecked, 200), 1 FROM round_row WHERE counted
  AND store_unchecked IS NOT NULL;

INSERT INTO check_gap BY NAME SELECT 'C1' AS id, g.* FROM day_gap('no set check') g;

-- No other round makes up for a missing set check: the listing was complete, and nothing compared it with the plans
-- that were promised.
INSERT INTO check_gap BY NAME
SELECT 'C1' AS id, true AS fails_gate_d,
       'no set check in ' || shown_number_of(count(*), 'rounds') || ' that listed all plans, first in rounds/'
         || min(round_id) AS reason,
       min(starts_at) AS lost_at, min(round_id) AS lost_since_round_id
FROM round_row WHERE counted AND kind = 'recorded' AND plan_count IS NOT NULL
  AND (lost_plans IS NULL OR duplicate_plans IS NULL) HAVING count(*) > 0;

-- A control plane that was away could not list, and its availability counts that. One that was well owes its list.
-- Which missed slot lost it is not known: then no other round is blamed.
INSERT INTO check_gap BY NAME
WITH asked AS (
  SELECT count(*) AS rounds, count(*) FILTER (lost_plans IS NULL OR duplicate_plans IS NULL) AS unchecked FROM round_row
    WHERE counted AND kind = 'recorded' AND healthy
), too_many AS (
  SELECT 'no set check in ' || a.unchecked || ' of ' || a.rounds || ' healthy rounds, '
    || failures_allowed_pct(a.rounds + c.rounds, t.coverage_pct) || ' allowed' AS reason,
         (SELECT arg_max(r.round_id, r.round) FROM round_course r
          WHERE r.unchecked_rounds > failures_allowed_pct(r.asked_rounds + r.after_slots, t.coverage_pct)
            AND r.unchecked_rounds - CASE WHEN r.unchecked THEN 1
              ELSE 0 END <= failures_allowed_pct(r.asked_before + r.before_slots,
              t.coverage_pct)) AS lost_since_round_id
  FROM asked a, to_come c, targets t WHERE a.unchecked > failures_allowed_pct(a.rounds + c.rounds, t.coverage_pct)
)
SELECT 'C1' AS id, s.reason, true AS fails_gate_d, coalesce(round_time(s.lost_since_round_id), k.t0) AS lost_at,
       s.lost_since_round_id FROM too_many s, soak k;
