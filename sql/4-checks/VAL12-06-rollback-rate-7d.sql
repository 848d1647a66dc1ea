-- VAL12-06: at least one recovery in days 1-7, and the target's share of them succeeded, and was not refuted by a round of these days.
INSERT INTO check_row BY NAME
WITH judged AS (
  SELECT f.*, k.early_days_passed AND share_reaches(f.recoveries_held_7d, f.recovery_attempts_7d, t.rollback_rate) AS passes,
         f.recovery_attempts_7d > 0 AND NOT share_reaches(f.recoveries_held_7d, f.recovery_attempts_7d, t.rollback_rate) AS misses
  FROM figures f, targets t, soak k
)
SELECT 'VAL12-06' AS id, 'rollback_rate_7d' AS name, verdict_word(j.passes, k.may_pend AND NOT k.early_days_passed) AS verdict,
       j.rollback_rate_7d AS value, t.rollback_rate AS target,
       'attempts=' || j.recovery_attempts_7d || ', rate=' || shown_rate(j.rollback_rate_7d, j.misses) || ', target=' || t.rollback_rate_text
         || shown_refuted(j.recoveries_refuted_7d, j.rollback_rate_7d_by_exit_code)
         || CASE WHEN NOT k.early_days_passed THEN early_days_missing(k.soak_days, k.early_days, k.may_pend)
              WHEN j.recovery_attempts_7d = 0 THEN ', not measured' ELSE '' END AS detail,
       outlook_word(k.soak_days >= k.early_days AND (c.rounds_7d > 0 AND NOT failed_for_good(j.recoveries_held_7d, j.recovery_attempts_7d, t.rollback_rate) OR share_reaches(j.recoveries_held_7d, j.recovery_attempts_7d, t.rollback_rate)),
         c.rounds_7d > 0 OR share_reaches(j.recoveries_held_7d, j.recovery_attempts_7d, t.rollback_rate) IS NOT TRUE, j.recovery_attempts_7d > 0,
         is_behind := share_reaches(j.recoveries_held_7d, j.recovery_attempts_7d, t.rollback_rate) IS NOT TRUE) AS outlook,
       CASE WHEN k.soak_days < k.early_days THEN no_such_day(k.soak_days, k.early_days)
         ELSE shown_rate_margin(j.recoveries_held_7d, j.recovery_attempts_7d, t.rollback_rate, t.rollback_rate_text, c.rounds_7d = 0)
           || CASE WHEN c.rounds_7d > 0 THEN ', ' || c.rounds_7d || ' rounds to come' ELSE '' END END AS margin,
       CASE WHEN k.soak_days >= k.early_days AND share_reaches(j.recoveries_held_7d, j.recovery_attempts_7d, t.rollback_rate) IS NOT TRUE
         THEN coalesce(CASE WHEN failed_for_good(j.recoveries_held_7d, j.recovery_attempts_7d, t.rollback_rate) THEN first_failed_recovery(k.early_days) END, c.closing_round_id_7d) END AS lost_since_round_id,
       j.recoveries_held_7d AS rate_ok, j.recovery_attempts_7d AS rate_of, 'recoveries' AS rate_things, 'days 1-7' AS rate_span
FROM judged j, targets t, soak k, to_come c;
