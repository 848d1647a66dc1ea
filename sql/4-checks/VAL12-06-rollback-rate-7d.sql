-- VAL12-06: at least one recovery in days 1-7, and the target's share of them succeeded, and was not refuted by a round
-- of these days.
INSERT INTO check_row BY NAME
SELECT 'VAL12-06' AS id, 'rollback_rate_7d' AS name, 'Recoveries that succeeded, days 1–' || k.early_days
  || '.' AS question,
       verdict_word(k.early_days_passed AND share_reaches(f.recoveries_held_7d, f.recovery_attempts_7d,
         t.rollback_rate),
         k.may_pend AND NOT k.early_days_passed) AS verdict,
       f.rollback_rate_7d AS value, '≥' AS comparison, t.rollback_rate AS target, 'rate' AS unit,
       ['SOAK_STARTED_AT', 'ROUND_INTERVAL_SECONDS', 'TARGET_ROLLBACK_RATE',
         'STUCK_THRESHOLD_SECONDS'] AS rests_on
FROM figures f, targets t, soak k;

INSERT INTO check_outlook BY NAME
WITH judged AS (
  SELECT f.recoveries_held_7d AS ok, f.recovery_attempts_7d AS n, t.rollback_rate AS target,
         share_reaches(f.recoveries_held_7d, f.recovery_attempts_7d, t.rollback_rate) IS TRUE AS reaches
  FROM figures f, targets t
)
SELECT 'VAL12-06' AS id, outlook_word(k.soak_days >= k.early_days
  AND (c.rounds_7d > 0 AND NOT failed_for_good(j.ok, j.n, j.target) OR j.reaches),
         c.rounds_7d > 0 OR NOT j.reaches, j.n > 0, is_behind := NOT j.reaches) AS outlook,
       CASE WHEN k.soak_days >= k.early_days AND NOT j.reaches
         THEN coalesce(CASE WHEN failed_for_good(j.ok, j.n, j.target) THEN first_failed_recovery(k.early_days) END,
           c.closing_round_id_7d) END AS lost_since_round_id,
       place_of_first_failed_recovery(k.early_days) AS first_failure,
       j.ok AS rate_ok, j.n AS rate_of, 'recoveries' AS rate_things, 'days 1-7' AS rate_span
FROM judged j, soak k, to_come c;

INSERT INTO check_words BY NAME
SELECT 'VAL12-06' AS id,
       rate_words(f.recovery_attempts_7d, f.rollback_rate_7d,
         share_reaches(f.recoveries_held_7d, f.recovery_attempts_7d, t.rollback_rate), t.rollback_rate_text,
           f.recoveries_refuted_7d, f.rollback_rate_7d_by_exit_code)
         || CASE WHEN k.early_days_passed THEN unless_any(f.recovery_attempts_7d)
           ELSE early_days_missing(k.soak_days, k.early_days, k.may_pend) END AS detail,
       CASE WHEN k.soak_days < k.early_days THEN no_such_day(k.soak_days, k.early_days)
         ELSE shown_rate_margin(f.recoveries_held_7d, f.recovery_attempts_7d, t.rollback_rate, t.rollback_rate_text,
           c.rounds_7d = 0) || to_come_words(c.rounds_7d) END AS margin,
       shown_thousands_of(f.recovery_attempts_7d, 'recoveries') || ' of days 1–7 in the rounds’ recovery.txt, '
         || shown_thousands(f.recoveries_refuted_7d)
         || ' refuted by refuted.txt' AS files
FROM figures f, targets t, soak k, to_come c;

INSERT INTO check_round BY NAME SELECT 'VAL12-06' AS id, r.* FROM failed_recovery_rounds(true) r;

INSERT INTO check_outset_cause BY NAME
SELECT 'VAL12-06' AS id, drill_comes_too_late(drill_every, early_slots) AS cause FROM reach WHERE drill_every > 0
  AND drill_every >= early_slots
UNION ALL
SELECT 'VAL12-06', nothing_gets_stuck(stuck_seconds, soak_seconds) FROM reach WHERE stuck_seconds >= soak_seconds;
