-- The alerts as reports list them: all of a hundred; of more, the first three of a kind, how many more there are, and
-- how to see them all. Alerts are of one kind if they have level and key in common.

-- One row per alert: its place among its like.
CREATE TABLE placed_alert AS
SELECT a.*, row_number() OVER (PARTITION BY level, key ORDER BY line_no) AS place_in_kind,
       CASE WHEN count(*) OVER () <= 100 THEN count(*) OVER () ELSE 3 END AS shown
FROM alerts a;

-- One row per line of the list, in the order of alerts.log; what stands for others last.
CREATE TABLE alert_list AS
WITH line AS (
  SELECT 0 AS part, line_no, line FROM placed_alert WHERE place_in_kind <= shown
  UNION ALL
  SELECT 1, min(line_no), shown_thousands(count(*)) || ' more ' || level || ' ' || coalesce(key, 'without a key')
    || ', the last at ' || shown_instant(max(logged_at)) || ': --sql "FROM alerts WHERE level = ''' || level
    || ''' AND key ' || coalesce('= ''' || replace(key, '''', '''''') || '''', 'IS NULL') || '"'
  FROM placed_alert WHERE place_in_kind > shown GROUP BY level, key
)
SELECT line FROM line ORDER BY part, line_no;

-- One row per alert that JSON holds.
CREATE TABLE alert_kept AS SELECT line FROM placed_alert WHERE place_in_kind <= most_of_a_kind() ORDER BY line_no;

-- One row per kind of which it holds a part: how many more there are.
CREATE TABLE alert_left_out AS
SELECT level, key, count(*) - most_of_a_kind() AS alerts FROM placed_alert GROUP BY level, key
HAVING count(*) > most_of_a_kind() ORDER BY min(line_no);
