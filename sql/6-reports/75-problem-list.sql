-- The problems as reports list them: of many that are alike three, how many more there are, and how to see them all.

-- One row per problem, in the order of the list: its place among its like, and its kind's among the kinds.
CREATE TABLE placed_problem AS
WITH listed AS (
  SELECT *, row_number() OVER (PARTITION BY kind ORDER BY place) AS place_in_kind,
         count(*) OVER (PARTITION BY kind) AS like_it, min(place) OVER (PARTITION BY kind) AS kind_begins,
         count(*) OVER () AS problems
  FROM problem_in_order
)
SELECT * EXCLUDE (kind_begins), dense_rank() OVER (ORDER BY kind_begins) AS kind_place,
       CASE WHEN problems <= 100 AND like_it <= 5 THEN like_it ELSE 3 END AS shown
FROM listed;

CREATE MACRO most_kinds_listed() AS 60;

-- One row per line: what stands for others last, kind by kind. file is NULL where a line is about several.
CREATE TABLE problem_list AS
WITH told AS (
  SELECT *, CASE WHEN like_it > shown THEN kind_place ELSE 0 END AS crowd FROM placed_problem
    WHERE kind_place <= most_kinds_listed()
), line AS (
  SELECT crowd, place, file, reason FROM told WHERE place_in_kind <= shown
  UNION ALL
  SELECT crowd, max(place), NULL, shown_thousands(any_value(like_it - shown)) || ' more like these, the last in '
    || arg_max(file, place) || ': --sql "FROM problems WHERE kind = ''' || kind || '''"'
  FROM told WHERE crowd > 0 GROUP BY crowd, kind
  UNION ALL
  SELECT most_kinds_listed() + 1, 0, NULL, shown_thousands(count(*)) || ' more of ' || count(DISTINCT kind)
    || ' other kinds: --sql "FROM problems"'
  FROM placed_problem WHERE kind_place > most_kinds_listed() HAVING count(*) > 0
)
SELECT file, reason FROM line ORDER BY crowd, place, file NULLS LAST;

CREATE MACRO most_of_a_kind() AS 1000;

-- One row per problem that JSON holds.
CREATE TABLE problem_kept AS
SELECT file, reason FROM placed_problem WHERE place_in_kind <= most_of_a_kind() ORDER BY place;

-- One row per kind of which it holds a part: how many more there are.
CREATE TABLE problem_left_out AS
SELECT kind, count(*) - most_of_a_kind() AS problems FROM placed_problem GROUP BY kind
HAVING count(*) > most_of_a_kind() ORDER BY min(place);
