-- C1: no acknowledged plan was lost or listed twice, no stranger stands in the control plane's place at the end, once the fleet's target was reached every counted round held it, and
-- no check of the control plane's own database found damage.
INSERT INTO claim_row BY NAME
WITH store AS (
  SELECT count(DISTINCT date) FILTER (store_check IS NOT NULL) AS days_checked, count(store_check) AS store_checks,
         min(round_id) FILTER (store_check IS NOT NULL) AS first_check, max(round_id) FILTER (store_check IS NOT NULL) AS last_check,
         count(DISTINCT date) FILTER (store_check <> 'ok') AS days_damaged,
         arg_min(round_id, starts_at) FILTER (store_check <> 'ok') AS first_round, arg_min(store_check, starts_at) FILTER (store_check <> 'ok') AS first_finding,
         count(store_unchecked) AS rounds_unchecked, max(round_id) FILTER (store_unchecked IS NOT NULL) AS last_unchecked, arg_max(store_unchecked, starts_at) FILTER (store_unchecked IS NOT NULL) AS why_unchecked
  FROM round_row WHERE counted
), store_days AS (
  -- A date that has just begun and has no round yet lacks no check.
  SELECT count(*) AS days, coalesce(list(CAST(d.date AS VARCHAR) ORDER BY d.date) FILTER (d.store_check IS NULL), []) AS days_not_checked
  FROM daily_row d, soak k WHERE d.total_rounds > 0 OR CAST(d.date + 1 AS TIMESTAMP) AT TIME ZONE 'UTC' <= k.as_of
), corrupted AS (
  SELECT arg_min(r.round_id, r.round) AS round_id
  FROM round_row r, figures f, targets t
  WHERE r.counted AND (r.lost_plans > 0 OR r.duplicate_plans > 0 OR r.store_check <> 'ok' OR (r.round >= f.reached_in_round AND r.plan_count < t.plan_count)
    OR r.round_id IN (SELECT round_id FROM integrity_id WHERE finding IN ('lost', 'duplicate')))
), judged AS (
  SELECT f.*, s.*, d.*, t.plan_count AS target_plans,
         -- Half of the sum is no sum: where only one of the two was measured, a zero proves nothing.
         f.lost_plans + f.duplicate_plans AS corrupted,
         coalesce(f.lost_plans, 0) + coalesce(f.duplicate_plans, 0) > 0 OR f.rounds_below_again > 0 OR s.days_damaged > 0 AS violated,
         -- Bash rounds know no set check: then the plan's own figure, the count, decides alone.
         f.set_checked_rounds > 0 OR (f.total_rounds > 0 AND f.legacy_rounds = f.recorded_rounds AND f.legacy_rounds > 0) AS measured
  FROM figures f, targets t, store s, store_days d
)
SELECT 'C1' AS id, 'no_corruption' AS name,
       CASE WHEN violated THEN 'FAIL' ELSE verdict_word(measured AND reached_in_round IS NOT NULL AND stranger_since_round_id IS NULL, k.may_pend) END AS verdict,
       corrupted AS value, 0 AS target,
       'lost=' || shown_count(lost_plans) || ', duplicate=' || shown_count(duplicate_plans)
         || CASE WHEN NOT measured THEN ', not measured'
              WHEN set_checked_rounds = 0 THEN ', not measured by legacy rounds: judged by plan_count'
              ELSE shown_checked_in(set_checked_rounds, total_rounds) END
         || coalesce(', not measured since a stranger took the control plane''s place in ' || stranger_since_round_id, '')
         || CASE WHEN reached_in_round IS NULL THEN ', plan_count never reached ' || shown_target(target_plans)
              ELSE ', plan_count >= ' || shown_target(target_plans) || ' from round ' || reached_in_round
                || CASE WHEN rounds_below_again > 0 THEN ', later rounds below it: ' || rounds_below_again ELSE '' END
                || CASE WHEN rounds_uncounted > 0 THEN ', later rounds uncounted: ' || rounds_uncounted ELSE '' END END
         || CASE WHEN days_damaged > 0 THEN ', store damaged on ' || days_damaged || ' of ' || days_checked || ' days checked, first in ' || first_round || ': ' || left(first_finding, 200)
              WHEN days_checked > 0 THEN ', store checked ok on ' || days_checked || ' of ' || days || ' days (' || store_checks || CASE WHEN store_checks = 1 THEN ' check, in ' || first_check
                  ELSE ' checks, first in ' || first_check || ', last in ' || last_check END || ')' || CASE WHEN days_not_checked <> [] THEN ', not on ' || shown_dates(days_not_checked) ELSE '' END
              WHEN cp_mode = 'attached' THEN ', store not checked: it is out of reach of a soak on an attached control plane'
              ELSE ', store not checked' END
         || CASE WHEN rounds_unchecked > 0 THEN ', store could not be checked in full in ' || rounds_unchecked || CASE WHEN rounds_unchecked = 1 THEN ' round, ' ELSE ' rounds, last in ' END || last_unchecked || ': ' || left(why_unchecked, 200) ELSE '' END AS detail,
       outlook_word(NOT violated AND (c.rounds > 0 OR measured AND reached_in_round IS NOT NULL AND stranger_since_round_id IS NULL),
         c.rounds > 0 OR violated OR NOT measured OR reached_in_round IS NULL OR stranger_since_round_id IS NOT NULL, measured) AS outlook,
       CASE WHEN coalesce(lost_plans, 0) + coalesce(duplicate_plans, 0) > 0 OR NOT violated AND measured AND set_checked_rounds > 0
           THEN shown_budget(coalesce(lost_plans, 0) + coalesce(duplicate_plans, 0), 0, 'lost or duplicate plans')
         WHEN days_damaged > 0 THEN 'store damaged on ' || days_damaged || ' of ' || days_checked || ' days checked'
         WHEN rounds_below_again > 0 THEN rounds_below_again || ' rounds below ' || shown_target(target_plans) || ' plans, 0 allowed'
         WHEN measured THEN 'plan_count held in every round that counted it' ELSE 'no round has measured it' END AS margin,
       coalesce(x.round_id, c.closing_round_id) AS lost_since_round_id
FROM judged, soak k, to_come c, corrupted x;
