-- VAL12-02: round 1 created every plan without an error.
INSERT INTO check_row BY NAME
WITH judged AS (
  SELECT r.round_id, r.create_ok, r.create_errors, CASE
      WHEN r.round_id IS NULL THEN 'not measured: round 1 is not there'
      WHEN NOT r.is_recorded THEN 'round 1 was interrupted'
      WHEN r.create_errors IS NULL OR r.create_ok IS NULL THEN 'not measured: create_ok=' || shown_count(r.create_ok) || ', create_errors=' || shown_count(r.create_errors)
      WHEN r.create_errors <> t.create_errors OR r.create_ok <> t.plans_per_round THEN 'create_errors=' || r.create_errors || ', create_ok=' || r.create_ok || ' of ' || t.plans_per_round
    END AS reason
  FROM targets t LEFT JOIN round_one r ON true
)
SELECT 'VAL12-02' AS id, 'initial_round_success' AS name, verdict_word(j.reason IS NULL, false) AS verdict, j.create_errors AS value, t.create_errors AS target, coalesce(j.reason, '') AS detail,
       outlook_word(j.reason IS NULL OR j.round_id IS NULL AND c.rounds > 0, j.reason IS NOT NULL, false) AS outlook,
       CASE WHEN j.round_id IS NULL THEN 'first answer in round 1' WHEN j.reason IS NULL THEN j.create_ok || ' of ' || t.plans_per_round || ' created in round 1' ELSE j.reason END AS margin,
       CASE WHEN j.reason IS NOT NULL THEN j.round_id END AS lost_since_round_id
FROM judged j, targets t, to_come c;
