-- One row per check and claim: whether it can still pass, as its own file says. One that says nothing is decided by time alone.
CREATE VIEW margins AS
WITH judged AS (
  SELECT 'check' AS kind, * FROM check_row UNION ALL BY NAME SELECT 'claim' AS kind, * FROM claim_row
), seen AS (
  SELECT j.*, coalesce(j.outlook, outlook_word(c.rounds > 0 OR j.verdict = 'PASS', c.rounds > 0 OR j.verdict <> 'PASS', j.value IS NOT NULL)) AS told FROM judged j, to_come c
)
SELECT id, kind, name, verdict AS result, told AS outlook, coalesce(margin, detail) AS margin,
       CASE WHEN told = 'already lost' THEN lost_since_round_id END AS lost_since_round_id,
       estimate, confidence_low, confidence_high, confidence_text
FROM seen ORDER BY kind, id;

-- One row: whether the soak as a whole can still pass.
CREATE VIEW outlook AS
WITH gate AS (
  -- Gate D needs two checks and the set check; both need a round in the last 24 hours, which the last slots can still bring.
  SELECT f.rehearsal, c.rounds, c.rounds > 0 OR f.last_24h_hold_a_round AS can_complete,
         coalesce(f.lost_plans, 0) + coalesce(f.duplicate_plans, 0) AS corrupted,
         v.gate_d = 'PASS' AS passes_gate, v.overall = 'PASS' AS passes
  FROM figures f, to_come c, verdict_row v
), cause AS (
  SELECT m.id, m.id || ' ' || m.name || ' (' || m.margin || ')' AS because, m.lost_since_round_id, m.kind = 'check' AS is_check, m.id IN ('VAL12-03', 'VAL12-10') AS is_gate
  FROM margins m WHERE m.outlook = 'already lost'
  UNION ALL
  SELECT 'C1', 'C1 no_corruption (' || m.margin || ')', m.lost_since_round_id, false, true FROM margins m, gate g WHERE m.id = 'C1' AND g.corrupted > 0
  UNION ALL
  SELECT '', 'the last 24 hours hold no round', NULL, true, true FROM gate g WHERE NOT g.can_complete
), first_cause AS (
  SELECT arg_min(because, (lost_since_round_id IS NULL, lost_since_round_id, id)) FILTER (is_gate) AS gate_because,
         arg_min(because, (lost_since_round_id IS NULL, lost_since_round_id, id)) FILTER (is_check) AS because,
         min(lost_since_round_id) FILTER (is_gate) AS gate_lost_since, min(lost_since_round_id) FILTER (is_check) AS lost_since,
         count(*) FILTER (is_check) AS lost_checks
  FROM cause
), told AS (
  SELECT *, CASE WHEN gate_because IS NOT NULL OR rounds = 0 AND NOT passes_gate AND NOT rehearsal THEN 'already lost' WHEN rehearsal THEN 'not assessed' WHEN rounds = 0 THEN 'passed for good' ELSE 'can still pass' END AS gate_d,
         CASE WHEN because IS NOT NULL THEN 'already lost' WHEN rounds = 0 AND passes THEN 'passed for good' ELSE 'can still pass' END AS overall
  FROM gate, first_cause
)
SELECT gate_d, overall, coalesce(gate_lost_since, lost_since) AS lost_since_round_id, coalesce(gate_because, because) AS because, rounds AS rounds_to_come,
       CASE WHEN gate_d = 'already lost' THEN 'Gate D is already lost' || coalesce(' since ' || gate_lost_since, '') || coalesce(': ' || gate_because, '')
         WHEN overall = 'already lost' THEN 'Overall is already lost' || coalesce(' since ' || lost_since, '') || ': ' || because || '; Gate D: ' || gate_d
         WHEN overall = 'passed for good' THEN 'Everything has passed for good' ELSE 'Everything can still pass; Gate D: ' || gate_d END AS line
FROM told;
