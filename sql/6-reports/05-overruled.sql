-- What holds for all checks and claims alike is done once, here, so that none can forget it.

-- One row per check or claim that rests on a setting which was edited after the soak began: FAIL whatever its figures, until the
-- setting is restored.
CREATE TABLE edited_verdict AS
WITH resting AS (
  SELECT unnest(rests) AS id, key, 'config.env says ' || key || '=' || is_now || ', the soak began with ' || begun_with || ' (recorded in ' || recorded_in || '): restore '
    || key || '=' || begun_with AS reason
  FROM setting_now WHERE edited
)
SELECT id, string_agg(reason, '; ' ORDER BY key) AS reason FROM resting GROUP BY id;

UPDATE check_row SET verdict = 'FAIL', detail = e.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END FROM edited_verdict e WHERE e.id = check_row.id;

UPDATE claim_row SET verdict = 'FAIL', detail = e.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END FROM edited_verdict e WHERE e.id = claim_row.id;

-- One row per check or claim on latencies of which some were not measured, though plans were created: no PASS rests on them.
CREATE TABLE unmeasured_verdict AS
SELECT u.id, min(r.round_id) AS first_round_id,
       'not measured in ' || count(*) || CASE WHEN count(*) = 1 THEN ' round' ELSE ' rounds' END || ' that created plans, first in rounds/' || min(r.round_id) AS reason
FROM round_row r LEFT JOIN create_figures c USING (round_id), soak k, (VALUES ('VAL12-07', true), ('C3', false)) u(id, is_early)
-- A p99 of a few of its latencies, where the summary tells none, is none: the missing ones may be the slow ones.
WHERE r.counted AND greatest(coalesce(r.create_ok, 0), coalesce(c.create_ok, 0)) > 0 AND (r.p99_ms IS NULL OR r.kind = 'recorded' AND r.said_p99_ms IS NULL AND c.times < c.answers) AND (NOT u.is_early OR r.soak_day <= k.early_days) GROUP BY u.id;

-- Later evidence does not bring them, so the outlook is lost whatever the verdict may say as yet.
UPDATE check_row SET verdict = CASE WHEN verdict = 'PASS' THEN 'FAIL' ELSE verdict END, detail = u.reason || '; ' || detail, outlook = 'already lost', margin = u.reason, lost_since_round_id = u.first_round_id
FROM unmeasured_verdict u WHERE u.id = check_row.id AND (outlook IS DISTINCT FROM 'already lost' OR lost_since_round_id > u.first_round_id);

UPDATE claim_row SET verdict = CASE WHEN verdict = 'PASS' THEN 'FAIL' ELSE verdict END, detail = u.reason || '; ' || detail, outlook = 'already lost', margin = u.reason, lost_since_round_id = u.first_round_id
FROM unmeasured_verdict u WHERE u.id = claim_row.id AND (outlook IS DISTINCT FROM 'already lost' OR lost_since_round_id > u.first_round_id);

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
