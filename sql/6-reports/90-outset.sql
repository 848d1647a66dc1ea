-- One row per sentence on what the settings alone have decided before the first round, for setup. Checks that are lost
-- already speak for themselves; the rest is what a soak of these settings runs into.
CREATE TABLE outset AS
WITH failing AS (
  SELECT o.cause, j.id, j.kind, j.for_gate_d FROM check_outset_cause o JOIN judged_row j USING (id)
), by_cause AS (
  SELECT min(id) AS id, cause || ' ' || shown_list(list(id ORDER BY kind, id)
    || CASE WHEN count(for_gate_d) > 0 THEN ['Gate D'] ELSE [] END)
           || CASE WHEN count(*) + count(for_gate_d) = 1 THEN ' fails' ELSE ' fail' END AS sentence
  FROM failing GROUP BY cause
), told AS (
  SELECT id, id || ' ' || name || ' is lost before the first round: ' || margin AS sentence FROM margin_row
    WHERE outlook = 'already lost'
  UNION ALL
  SELECT id, sentence FROM check_outset
  UNION ALL
  SELECT id, sentence FROM by_cause
  UNION ALL
  SELECT 'Gate D', key || '=' || is_now || ' asks for less than Gate D does (' || plan_value
    || '): Gate D will be NOT ASSESSED, whatever comes of the soak' FROM gate_softened
)
-- Of a soak that is over nothing else needs to be said.
SELECT id, sentence FROM told WHERE NOT (SELECT has_ended FROM soak)
UNION ALL
SELECT 'Gate D', 'SOAK_STARTED_AT=' || setting('SOAK_STARTED_AT') || ': the soak ends at ' || shown_instant(end_at)
  || ', before its first round, so every check is lost: leave the key out, and setup writes the moment of its start'
FROM soak WHERE has_ended
ORDER BY id, sentence;
