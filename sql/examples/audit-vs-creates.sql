-- Does the audit log agree with what was created and recovered?
--
-- One row per date. unaudited_creates: plans that were acknowledged (201) and that no record of the audit store names;
-- unaudited_recoveries: recovered plans without a record of the recovery command (source cli). If the audit store is
-- not in SOAK_DIR, all of them are unaudited; a few on one date mean that records were lost.
WITH named AS (
  SELECT DISTINCT resource AS plan_id, source FROM audit WHERE resource IS NOT NULL
), created AS (
  SELECT c.date, count(*) AS acknowledged, count(*)
    FILTER (NOT EXISTS (SELECT 1 FROM named n WHERE n.plan_id = c.plan_id)) AS unaudited
  FROM creates c WHERE c.http_code = '201' AND c.plan_id IS NOT NULL GROUP BY c.date
), recovered AS (
  SELECT v.date, count(*) AS recoveries, count(*) FILTER (NOT EXISTS (SELECT 1 FROM named n WHERE n.plan_id = v.plan_id
    AND n.source = 'cli')) AS unaudited
  FROM recoveries v GROUP BY v.date
)
SELECT d.date, coalesce(c.acknowledged, 0) AS acknowledged_creates, coalesce(c.unaudited, 0) AS unaudited_creates,
       coalesce(r.recoveries, 0) AS recoveries, coalesce(r.unaudited, 0) AS unaudited_recoveries
FROM daily d LEFT JOIN created c USING (date) LEFT JOIN recovered r USING (date)
ORDER BY d.date;
