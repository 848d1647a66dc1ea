-- What holds for all checks and claims alike is done once, here, so that none can forget it.

-- One row per check or claim that is overruled, whatever its figures: a setting that it rests on was edited after the soak began
-- (restoring it heals the verdict), or a latency that it speaks of was not measured though plans were created.
CREATE TABLE overruled AS
WITH edited AS (
  SELECT unnest(rests) AS id, key, 'config.env says ' || key || '=' || is_now || ', the soak began with ' || begun_with || ' (recorded in ' || recorded_in || '): restore '
    || key || '=' || begun_with AS reason, 'restore ' || key || '=' || begun_with || ' in config.env' AS remedy
  FROM setting_now WHERE edited
), unmeasured AS (
  SELECT u.id, count(*) AS rounds, min(r.round_id) AS first_round_id
  FROM round_row r, soak k, (VALUES ('VAL12-07', true), ('C3', false)) u(id, is_early)
  WHERE r.counted AND r.create_ok > 0 AND r.p99_ms IS NULL AND (NOT u.is_early OR r.soak_day <= k.early_days) GROUP BY u.id
)
SELECT id, true AS always, string_agg(reason, '; ' ORDER BY key) AS reason, string_agg(remedy, '; ' ORDER BY key) AS margin, 'not yet measured' AS outlook, NULL::VARCHAR AS lost_since_round_id
FROM edited GROUP BY id
UNION ALL
-- One that is FAIL or PENDING needs no second reason.
SELECT id, false, 'not measured in ' || rounds || CASE WHEN rounds = 1 THEN ' round' ELSE ' rounds' END || ' that created plans, first in rounds/' || first_round_id, 'rounds not measured: ' || rounds, 'already lost', first_round_id
FROM unmeasured WHERE id NOT IN (SELECT id FROM edited);

UPDATE check_row SET verdict = 'FAIL', detail = o.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END, margin = o.margin, outlook = o.outlook, lost_since_round_id = o.lost_since_round_id
FROM overruled o WHERE o.id = check_row.id AND (o.always OR verdict = 'PASS');

UPDATE claim_row SET verdict = 'FAIL', detail = o.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END, margin = o.margin, outlook = o.outlook, lost_since_round_id = o.lost_since_round_id
FROM overruled o WHERE o.id = claim_row.id AND (o.always OR verdict = 'PASS');

-- One row per FAIL that has a round to look at: the recovery that failed first, or the round that lost it.
CREATE TABLE culprit AS
WITH recovery AS (
  SELECT u.id, 'first failure in rounds/' || min(r.round_id) || '/recovery.txt' AS place FROM round_row r, soak k, (VALUES ('VAL12-06', true), ('VAL12-10', false), ('C2', false)) u(id, is_early)
  WHERE r.counted AND r.counted_recovery_fail > 0 AND (NOT u.is_early OR r.soak_day <= k.early_days) GROUP BY u.id
), failed AS (
  SELECT id, outlook, lost_since_round_id, detail FROM check_row WHERE verdict = 'FAIL' UNION ALL SELECT id, outlook, lost_since_round_id, detail FROM claim_row WHERE verdict = 'FAIL'
)
SELECT f.id, coalesce(r.place, 'lost since rounds/' || f.lost_since_round_id) AS place
FROM failed f LEFT JOIN recovery r USING (id)
WHERE r.place IS NOT NULL OR f.outlook = 'already lost' AND f.lost_since_round_id IS NOT NULL AND NOT contains(f.detail, f.lost_since_round_id);

UPDATE check_row SET detail = CASE WHEN detail = '' THEN '' ELSE detail || ', ' END || c.place FROM culprit c WHERE c.id = check_row.id;

UPDATE claim_row SET detail = CASE WHEN detail = '' THEN '' ELSE detail || ', ' END || c.place FROM culprit c WHERE c.id = claim_row.id;
