-- C2: VAL12-10 in the claim's words.
INSERT INTO claim_row BY NAME
SELECT 'C2' AS id, 'rollback_reliability' AS name, verdict, value, target, detail, outlook, margin, lost_since_round_id, rate_ok, rate_of, rate_things
FROM check_row WHERE id = 'VAL12-10';
