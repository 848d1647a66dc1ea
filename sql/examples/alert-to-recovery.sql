-- How long did it take from each alert until recovery?
--
-- One row per alert that can end: a health alert ends with the next healthy round, a stuck-plans alert with the next
-- round whose scan found none. NULL: not yet. The resolution is the interval between rounds. An alert is written once
-- per date.
WITH ended AS (
  SELECT a.logged_at, a.key, a.day, a.line,
         (SELECT min(r.starts_at) FROM rounds r
          WHERE r.counted AND r.starts_at > a.logged_at
            AND CASE a.key WHEN 'cp_health_failed' THEN r.healthy ELSE r.scanned AND r.stuck_count = 0 END) AS well_at
  FROM alerts a
  WHERE a.level = 'ALERT' AND a.key IN ('cp_health_failed', 'stuck_plans')
)
SELECT logged_at, key, day, well_at, round(epoch(well_at - logged_at) / 60, 1) AS minutes, line
FROM ended
ORDER BY logged_at, key;
