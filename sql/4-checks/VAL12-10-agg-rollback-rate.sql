-- VAL12-10: recoveries over the whole soak: at least one, and the target's share of them succeeded and was not refuted. No attempt is no pass.
INSERT INTO check_row BY NAME
WITH judged AS (
  SELECT f.*, t.rollback_rate AS target, t.rollback_rate_text AS target_text,
         share_reaches(f.recoveries_held, f.total_recovery_attempts, t.rollback_rate) AS passes
  FROM figures f, targets t
)
SELECT 'VAL12-10' AS id, 'agg_rollback_rate' AS name, verdict_word(passes, k.may_pend) AS verdict,
       agg_rollback_rate AS value, target,
       'attempts=' || total_recovery_attempts || ', rate=' || shown_rate(agg_rollback_rate, NOT passes) || ', target=' || target_text || shown_refuted(recoveries_refuted, rollback_rate_by_exit_code)
         || CASE WHEN total_recovery_attempts = 0 THEN ', not measured' ELSE '' END AS detail,
       -- A round may recover any number of plans, so while one is to come everything can turn, but a target of 1.
       outlook_word(passes OR c.rounds > 0 AND NOT failed_for_good(recoveries_held, total_recovery_attempts, target), c.rounds > 0 OR passes IS NOT TRUE, total_recovery_attempts > 0,
         is_behind := passes IS NOT TRUE) AS outlook,
       shown_rate_margin(recoveries_held, total_recovery_attempts, target, target_text, c.rounds = 0) AS margin,
       CASE WHEN passes IS NOT TRUE THEN coalesce(CASE WHEN failed_for_good(recoveries_held, total_recovery_attempts, target) THEN first_failed_recovery(k.soak_days) END, c.closing_round_id) END AS lost_since_round_id,
       recoveries_held AS rate_ok, total_recovery_attempts AS rate_of, 'recoveries' AS rate_things
FROM judged, soak k, to_come c;
