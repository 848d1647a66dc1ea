-- A check or claim that rests on a setting which was edited after the soak began is FAIL, whatever its figures: restoring
-- the setting heals it. Done once, here, so that no check can forget it.
CREATE TABLE edited_verdict AS
WITH resting AS (
  SELECT unnest(rests) AS id, key, 'config.env says ' || key || '=' || is_now || ', the soak began with ' || begun_with || ' (recorded in ' || recorded_in || '): restore '
    || key || '=' || begun_with AS reason
  FROM setting_now WHERE edited
)
SELECT id, string_agg(reason, '; ' ORDER BY key) AS reason FROM resting GROUP BY id;

UPDATE check_row SET verdict = 'FAIL', detail = e.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END FROM edited_verdict e WHERE e.id = check_row.id;

UPDATE claim_row SET verdict = 'FAIL', detail = e.reason || CASE WHEN detail = '' THEN '' ELSE '; ' || detail END FROM edited_verdict e WHERE e.id = claim_row.id;
