-- Two causes overrule a check or claim, whatever its figures. Done once, here, so that no check can forget it:
-- a setting that it rests on was edited after the soak began (restoring it heals the verdict), and a latency that it speaks of
-- was not measured though plans were created.
CREATE TABLE overruled AS
WITH edited AS (
  SELECT unnest(rests) AS id, key, 'config.env says ' || key || '=' || is_now || ', the soak began with ' || begun_with || ' (recorded in ' || recorded_in || '): restore '
    || key || '=' || begun_with AS reason
  FROM setting_now WHERE edited
), unmeasured AS (
  SELECT u.id, count(*) AS rounds, min(r.round_id) AS first_round_id
  FROM round_row r, soak k, (VALUES ('VAL12-07', true), ('C3', false)) u(id, is_early)
  WHERE r.counted AND r.create_ok > 0 AND r.p99_ms IS NULL AND (NOT u.is_early OR r.soak_day <= k.early_days) GROUP BY u.id
)
SELECT id, true AS always, string_agg(reason, '; ' ORDER BY key) AS reason FROM edited GROUP BY id
UNION ALL
-- One that is FAIL or PENDING needs no second reason.
SELECT id, false, 'not measured in ' || rounds || CASE WHEN rounds = 1 THEN ' round' ELSE ' rounds' END || ' that created plans, first in rounds/' || first_round_id
FROM unmeasured WHERE id NOT IN (SELECT id FROM edited);

UPDATE check_row SET verdict = 'FAIL', detail = o.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END FROM overruled o WHERE o.id = check_row.id AND (o.always OR verdict = 'PASS');

UPDATE claim_row SET verdict = 'FAIL', detail = o.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END FROM overruled o WHERE o.id = claim_row.id AND (o.always OR verdict = 'PASS');
