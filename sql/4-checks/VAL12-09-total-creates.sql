-- VAL12-09: plans created over the whole soak.
INSERT INTO check_row BY NAME
SELECT 'VAL12-09' AS id, 'total_creates' AS name, 'Plans created over the whole soak.' AS question,
       verdict_word(f.total_creates >= t.total_creates, k.may_pend) AS verdict,
       f.total_creates AS value, '≥' AS comparison, t.total_creates AS target, 'count' AS unit,
       ['SOAK_STARTED_AT', 'SOAK_DAYS', 'ROUND_INTERVAL_SECONDS', 'PLANS_PER_ROUND', 'TARGET_TOTAL_CREATES'] AS rests_on
FROM figures f, targets t, soak k;

INSERT INTO check_outlook BY NAME
SELECT 'VAL12-09' AS id, outlook_word(f.total_creates + c.rounds * t.plans_per_round >= t.total_creates,
  f.total_creates < t.total_creates,
         f.total_rounds > 0) AS outlook,
       (SELECT arg_max(r.round_id, r.round) FROM round_course r, targets t
        WHERE r.creates + r.after_slots * t.plans_per_round < t.total_creates
          AND r.creates_before + r.before_slots * t.plans_per_round >= t.total_creates) AS lost_since_round_id
FROM figures f, targets t, to_come c;

INSERT INTO check_words BY NAME
SELECT 'VAL12-09' AS id, 'creates=' || f.total_creates || ', target=' || shown_target(t.total_creates) AS detail,
       f.total_creates || ' ' || shown_things(f.total_creates, 'creates') || ', target '
         || shown_target(t.total_creates)
         || CASE WHEN f.total_creates >= t.total_creates THEN ''
         ELSE creates_missing_words(t.total_creates - f.total_creates, t.plans_per_round, c.rounds) END AS margin,
       'create_ok of ' || shown_thousands_of(f.total_rounds, 'round summaries') AS files
FROM figures f, targets t, to_come c;
