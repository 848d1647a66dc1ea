-- Daily summaries were written when their date had ended: what they say and the evidence no longer gives was altered
-- since, in one place or the other. Dates that the bash scripts summed up are not ours to judge, nor what was told of a
-- date on its way.

-- One row per daily summary that is there.
CREATE TABLE daily_file AS
SELECT d.*, 'daily/' || d.date || '-summary.json' AS file, TRY_CAST(d.date AS DATE) AS day_date FROM raw_daily d;

-- One row per readable daily summary of a date that is over and that this tool alone summed up.
CREATE TABLE finished_daily AS
SELECT o.file, o.day_date, o.object FROM (SELECT * REPLACE (CASE WHEN json_valid(object) THEN object END AS object)
  FROM daily_file) o, soak k
WHERE o.object IS NOT NULL AND CAST(json_extract(o.object, '$.complete') AS VARCHAR) IS DISTINCT FROM 'false'
  AND CAST(o.day_date + 1 AS TIMESTAMP) AT TIME ZONE 'UTC' <= k.as_of
  AND NOT EXISTS (FROM round_row r WHERE r.date = o.day_date AND r.kind = 'legacy');

-- One row per alert of a finished summary that neither alerts.log nor what was rotated out of it has.
CREATE TABLE unlogged_alert AS
SELECT a.file, a.line FROM (
  SELECT file, unnest(CAST(json_extract(object, '$.alerts') AS VARCHAR[])) AS line FROM finished_daily
  WHERE json_type(json_extract(object, '$.alerts')) = 'ARRAY'
) a
WHERE a.line IS NOT NULL AND a.line NOT IN (SELECT l.line FROM raw_log_line l WHERE starts_with(l.file, 'alerts.log'));

INSERT INTO problem_row BY NAME
WITH given AS (
  UNPIVOT (SELECT date, CAST(COLUMNS(* EXCLUDE (date, store_check)) AS DOUBLE) FROM daily_row)
    ON COLUMNS(* EXCLUDE (date)) INTO NAME field VALUE amount
), told AS (
  SELECT r.file, r.day_date AS date, e.key AS field, json_measure(e.value) AS amount
  FROM finished_daily r, json_each(r.object) e WHERE e.type <> 'NULL' AND e.key IN (SELECT DISTINCT field FROM given)
), compared AS (
  SELECT s.file, s.field || '=' || coalesce(shown_target(s.amount), 'null') || ', but the evidence gives '
    || coalesce(shown_target(g.amount), 'null') AS difference, s.field
  FROM told s LEFT JOIN given g USING (date, field) WHERE (abs(s.amount - g.amount) <= 1e-9) IS NOT TRUE
  UNION ALL
  -- What was null then and is measured now.
  SELECT r.file, g.field || ' is null, but the evidence gives ' || shown_target(g.amount), g.field
  FROM given g JOIN finished_daily r ON r.day_date = g.date
  WHERE json_type(json_extract(r.object, '$.' || g.field)) = 'NULL'
), found AS (
  SELECT file, 6 AS place, problem AS reason FROM daily_file WHERE problem IS NOT NULL
  UNION ALL
  SELECT file, 6, 'says ' || string_agg(difference, '; ' ORDER BY field)
    || ': this file or its rounds were changed afterwards'
    FROM compared GROUP BY file
  UNION ALL
  -- Cron sums up each date once it is over: between two that are there one is missing.
  SELECT 'daily/' || w.date || '-summary.json', 6, 'is missing, but dates before and after it have one'
  FROM daily_row w,
         (SELECT min(day_date) AS first_date, max(day_date) AS last_date FROM finished_daily) d
  WHERE w.total_rounds > 0 AND w.date > d.first_date AND w.date < d.last_date
    AND w.date NOT IN (SELECT day_date FROM daily_file WHERE day_date IS NOT NULL)
  UNION ALL
  SELECT r.file, 6, 'lacks ' || string_agg(f.field, ', ' ORDER BY f.field) FROM finished_daily r,
         (VALUES ('total_rounds'), ('healthy_rounds'), ('create_ok'), ('recovery_ok'), ('recovery_fail')) f(field)
  WHERE NOT list_contains(json_keys(r.object), f.field) GROUP BY r.file
  UNION ALL
  -- A round raises these as it ends, by its own figures.
  SELECT 'alerts.log', 6, 'line ' || a.line_no || ' reports ' || a.key || ' for day ' || a.day
    || ', but no round of that date does: ' || left(a.line, 60)
  FROM alert_line a, soak k WHERE a.key IN ('lost_plans', 'duplicate_plans', 'recoveries_refuted', 'cp_health_failed')
    AND a.logged_at < k.as_of
    AND EXISTS (FROM round_row r WHERE r.day = a.day)
      AND NOT EXISTS (FROM round_row r WHERE r.day BETWEEN a.day - 1 AND a.day
      AND CASE a.key WHEN 'lost_plans' THEN r.lost_plans > 0 WHEN 'duplicate_plans' THEN r.duplicate_plans > 0
        WHEN 'recoveries_refuted' THEN r.recoveries_refuted > 0 ELSE NOT r.healthy END)
  UNION ALL
  SELECT 'alerts.log', 6, 'lacks a line that ' || file || ' has: ' || line FROM unlogged_alert
)
SELECT file, reason, place FROM found;
