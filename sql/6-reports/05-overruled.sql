-- What holds for all checks and claims alike is done once, here, so that none can forget it.

-- One row per check or claim that rests on a setting which was edited after the soak began: FAIL whatever its figures, until the
-- setting is restored.
CREATE TABLE edited_verdict AS
SELECT id, string_agg(reason, '; ' ORDER BY key) AS reason FROM (SELECT unnest(rests) AS id, key, reason FROM setting_now WHERE edited) GROUP BY id;

UPDATE check_row SET verdict = 'FAIL', detail = e.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END FROM edited_verdict e WHERE e.id = check_row.id;

UPDATE claim_row SET verdict = 'FAIL', detail = e.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END FROM edited_verdict e WHERE e.id = claim_row.id;

-- One row per check or claim with gaps in what it rests on (3-figures/62-gaps.sql): later evidence does not bring what is not there, so its
-- outlook is lost whatever the verdict may say as yet, and no PASS rests on it.
CREATE TABLE unmeasured_verdict AS
SELECT id, string_agg(reason, '; ' ORDER BY lost_at, reason) AS reason, min(lost_at) AS lost_at, nullif(arg_min(coalesce(lost_since_round_id, ''), (lost_at, lost_since_round_id IS NULL)), '') AS lost_since_round_id
FROM measurement_gap GROUP BY id;

-- Where it was lost before that, or is no loss of a round (a soak without a day 7), the older reason has the margin.
CREATE MACRO is_lost_before(outlook, round_id, id, gap_at) AS outlook IS NOT DISTINCT FROM 'already lost'
  AND CASE WHEN round_id IS NULL THEN starts_with(id, 'VAL12-') ELSE round_time(round_id) < gap_at END;

UPDATE check_row SET verdict = CASE WHEN verdict = 'PASS' THEN 'FAIL' ELSE verdict END, detail = u.reason || '; ' || detail, outlook = 'already lost',
  margin = CASE WHEN is_lost_before(outlook, check_row.lost_since_round_id, check_row.id, u.lost_at) THEN margin ELSE u.reason END,
  lost_since_round_id = CASE WHEN is_lost_before(outlook, check_row.lost_since_round_id, check_row.id, u.lost_at) THEN check_row.lost_since_round_id ELSE u.lost_since_round_id END
FROM unmeasured_verdict u WHERE u.id = check_row.id;

UPDATE claim_row SET verdict = CASE WHEN verdict = 'PASS' THEN 'FAIL' ELSE verdict END, detail = u.reason || '; ' || detail, outlook = 'already lost',
  margin = CASE WHEN is_lost_before(outlook, claim_row.lost_since_round_id, claim_row.id, u.lost_at) THEN margin ELSE u.reason END,
  lost_since_round_id = CASE WHEN is_lost_before(outlook, claim_row.lost_since_round_id, claim_row.id, u.lost_at) THEN claim_row.lost_since_round_id ELSE u.lost_since_round_id END
FROM unmeasured_verdict u WHERE u.id = claim_row.id;

-- No PASS stands beside "already lost": a bad round of a slot that has not passed yet is lost before its share is counted.
UPDATE check_row SET verdict = 'FAIL', detail = 'already lost: ' || coalesce(margin, detail) WHERE verdict = 'PASS' AND outlook = 'already lost';

UPDATE claim_row SET verdict = 'FAIL', detail = 'already lost: ' || coalesce(margin, detail) WHERE verdict = 'PASS' AND outlook = 'already lost';

-- A checkpoint or a status that says PASS says it for good: what a later round can still fail is PENDING, as the final report may have to say FAIL.
UPDATE check_row SET verdict = 'PENDING' FROM soak k, to_come c WHERE k.may_pend AND verdict = 'PASS' AND coalesce(outlook <> 'passed for good', c.rounds > 0);

UPDATE claim_row SET verdict = 'PENDING' FROM soak k, to_come c WHERE k.may_pend AND verdict = 'PASS' AND coalesce(outlook <> 'passed for good', c.rounds > 0);

-- One row per FAIL that has a round to look at: the recovery that failed first, or the round that lost it.
CREATE TABLE culprit AS
WITH recovery AS (
  SELECT u.id, 'first failure in rounds/' || min(r.round_id) || CASE WHEN arg_min(coalesce(r.counted_recovery_fail, 0), r.starts_at) > 0 THEN '/recovery.txt' ELSE '/refuted.txt' END AS place FROM round_row r, soak k, (VALUES ('VAL12-06', true), ('VAL12-10', false), ('C2', false)) u(id, is_early)
  WHERE r.counted AND (r.counted_recovery_fail > 0 OR r.recoveries_refuted > 0) AND (NOT u.is_early OR r.soak_day <= k.early_days) GROUP BY u.id
), failed AS (
  SELECT id, outlook, lost_since_round_id, detail FROM check_row WHERE verdict = 'FAIL' UNION ALL SELECT id, outlook, lost_since_round_id, detail FROM claim_row WHERE verdict = 'FAIL'
)
SELECT f.id, coalesce(r.place, 'lost since rounds/' || f.lost_since_round_id) AS place
FROM failed f LEFT JOIN recovery r USING (id)
WHERE r.place IS NOT NULL OR f.outlook = 'already lost' AND f.lost_since_round_id IS NOT NULL AND f.id NOT IN (SELECT id FROM edited_verdict) AND NOT contains(f.detail, f.lost_since_round_id);

UPDATE check_row SET detail = CASE WHEN detail = '' THEN '' ELSE detail || ', ' END || c.place FROM culprit c WHERE c.id = check_row.id;

UPDATE claim_row SET detail = CASE WHEN detail = '' THEN '' ELSE detail || ', ' END || c.place FROM culprit c WHERE c.id = claim_row.id;
