-- VAL12-06: at least one recovery in days 1-7, and the target's share of them succeeded.
INSERT INTO check_row BY NAME
WITH judged AS (
  SELECT f.*, k.early_days_passed AND share_reaches(f.recovery_ok_7d, f.recovery_attempts_7d, t.rollback_rate) AS passes,
         f.recovery_attempts_7d > 0 AND NOT share_reaches(f.recovery_ok_7d, f.recovery_attempts_7d, t.rollback_rate) AS misses
  FROM figures f, targets t, soak k
)
SELECT 'VAL12-06' AS id, 'rollback_rate_7d' AS name, verdict_word(j.passes, k.is_checkpoint AND NOT k.early_days_passed) AS verdict,
       j.rollback_rate_7d AS value, t.rollback_rate AS target,
       'attempts=' || j.recovery_attempts_7d || ', rate=' || shown_rate(j.rollback_rate_7d, j.misses) || ', target=' || t.rollback_rate_text
         || CASE WHEN NOT k.early_days_passed THEN CASE WHEN k.is_checkpoint THEN ', ' ELSE ', not measured: ' END || k.early_days || ' days have not passed'
              WHEN j.recovery_attempts_7d = 0 THEN ', not measured' ELSE '' END AS detail
FROM judged j, targets t, soak k;
