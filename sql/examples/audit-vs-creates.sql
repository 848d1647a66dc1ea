-- Does the audit log agree with what was created and recovered?
--
-- One row per date. unaudited_creates: plans that were acknowledged (201) and that no record of the audit store names;
-- unaudited_recoveries: recoveries without a record of the recovery command (source cli) from between their round and
-- the plan's next recovery. If the audit store is not in SOAK_DIR, all of them are unaudited; a few on one date mean
-- that records were lost, or that the command did nothing.
WITH named AS (
  SELECT DISTINCT resource AS plan_id FROM audit WHERE resource IS NOT NULL
), created AS (
  SELECT c.date, count(*) AS acknowledged, count(*)
    FILTER (NOT EXISTS (SELECT 1 FROM named n WHERE n.plan_id = c.plan_id)) AS unaudited
  FROM creates c WHERE c.http_code = '201' AND c.plan_id IS NOT NULL GROUP BY c.date
), ordered AS (
  SELECT v.date, v.round_id, v.line_no, v.plan_id, r.starts_at,
         lead(r.starts_at, 1, 'infinity') OVER (PARTITION BY v.plan_id ORDER BY r.starts_at, v.line_no) AS next_at
  FROM recoveries v JOIN rounds r USING (round_id)
), recorded AS (
  SELECT DISTINCT o.round_id, o.line_no FROM ordered o JOIN audit a ON a.resource = o.plan_id AND a.source = 'cli'
    AND (a.logged_at IS NULL OR a.logged_at >= o.starts_at AND a.logged_at < o.next_at)
), recovered AS (
  SELECT o.date, count(*) AS recoveries, count(*) FILTER (a.round_id IS NULL) AS unaudited
  FROM ordered o LEFT JOIN recorded a USING (round_id, line_no) GROUP BY o.date
)
SELECT d.date, coalesce(c.acknowledged, 0) AS acknowledged_creates, coalesce(c.unaudited, 0) AS unaudited_creates,
       coalesce(r.recoveries, 0) AS recoveries, coalesce(r.unaudited, 0) AS unaudited_recoveries
FROM daily d LEFT JOIN created c USING (date) LEFT JOIN recovered r USING (date)
ORDER BY d.date;
