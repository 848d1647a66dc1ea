-- C2: recoveries over the whole soak: at least one, and the target's share of them succeeded and was not refuted; as
-- the plan's check of the aggregate rate has it.
INSERT INTO check_row BY NAME
SELECT 'C2' AS id, 'rollback_reliability' AS name, 'claim' AS kind,
       'Recoveries that succeeded over the whole soak.' AS question,
       verdict_word(share_reaches(f.recoveries_held, f.total_recovery_attempts, t.rollback_rate),
         k.may_pend) AS verdict,
       f.agg_rollback_rate AS value, '≥' AS comparison, t.rollback_rate AS target, 'rate' AS unit,
       'Recoveries' AS key_figure,
       ['SOAK_STARTED_AT', 'SOAK_DAYS', 'ROUND_INTERVAL_SECONDS', 'TARGET_ROLLBACK_RATE',
         'STUCK_THRESHOLD_SECONDS'] AS rests_on
FROM figures f, targets t, soak k;

INSERT INTO check_outlook BY NAME SELECT 'C2' AS id, o.* FROM recoveries_to_come o;

INSERT INTO check_words BY NAME SELECT 'C2' AS id, w.* FROM recoveries_in_words w;

INSERT INTO check_round BY NAME SELECT 'C2' AS id, r.* FROM failed_recovery_rounds(false) r;

INSERT INTO check_outset_cause BY NAME SELECT 'C2' AS id, cause FROM no_recovery_at_all;
