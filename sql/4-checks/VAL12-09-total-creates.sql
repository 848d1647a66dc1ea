-- VAL12-09: plans created over the whole soak.
INSERT INTO check_row BY NAME
SELECT 'VAL12-09' AS id, 'total_creates' AS name, verdict_word(f.total_creates >= t.total_creates, k.may_pend) AS verdict,
       f.total_creates AS value, t.total_creates AS target,
       'creates=' || f.total_creates || ', target=' || shown_target(t.total_creates) AS detail,
       outlook_word(f.total_creates + c.rounds * t.plans_per_round >= t.total_creates, f.total_creates < t.total_creates, f.total_rounds > 0) AS outlook,
       f.total_creates || ' of ' || shown_target(t.total_creates) || ' creates' || CASE WHEN f.total_creates >= t.total_creates THEN ''
         ELSE ', ' || CAST(ceil((t.total_creates - f.total_creates) / t.plans_per_round) AS BIGINT)
              || CASE WHEN f.total_creates + c.rounds * t.plans_per_round >= t.total_creates THEN ' of ' || c.rounds || ' rounds to come needed'
                 ELSE ' more rounds needed, ' || c.rounds || ' to come' END END AS margin,
       (SELECT arg_max(r.round_id, r.round) FROM round_course r, targets t
        WHERE r.creates + r.after_slots * t.plans_per_round < t.total_creates AND r.creates_before + r.before_slots * t.plans_per_round >= t.total_creates) AS lost_since_round_id
FROM figures f, targets t, soak k, to_come c;
