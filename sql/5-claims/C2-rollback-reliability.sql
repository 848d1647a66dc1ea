-- C2: VAL12-10 in the claim's words.
INSERT INTO claim_row BY NAME
SELECT 'C2' AS id, 'rollback_reliability' AS name, verdict, value, target, detail, outlook, margin, lost_since_round_id, estimate, confidence_low, confidence_high, confidence_text
FROM check_row WHERE id = 'VAL12-10';
