-- The problems as reports list them: of many that are alike three, how many more there are, and how to see them all.

-- One row per problem, in the order of the list: its place among its like, and its kind's among the kinds.
CREATE TABLE placed_problem AS
WITH listed AS (
  SELECT *, row_number() OVER () AS place, row_number() OVER (PARTITION BY kind) AS place_in_kind,
         count(*) OVER (PARTITION BY kind) AS like_it, count(*) OVER () AS problems
  FROM problems
), of_kinds AS (
  SELECT *, min(place) OVER (PARTITION BY kind) AS kind_begins FROM listed
)
SELECT * EXCLUDE (kind_begins), dense_rank() OVER (ORDER BY kind_begins) AS kind_place,
       CASE WHEN problems <= 100 AND like_it <= 5 THEN like_it ELSE 3 END AS shown
FROM of_kinds;

CREATE MACRO most_kinds_listed() AS 60;

-- One row per line. file is NULL where a line is about several.
CREATE TABLE problem_list AS
WITH line AS (
  SELECT place, 0 AS after, file, reason FROM placed_problem
    WHERE place_in_kind <= shown AND kind_place <= most_kinds_listed()
  UNION ALL
  SELECT max(place) FILTER (place_in_kind <= shown), 1, NULL, shown_thousands(any_value(like_it - shown))
    || ' more like ' || CASE WHEN any_value(shown) = 1 THEN 'this' ELSE 'these' END || ', the last in '
    || arg_max(file, place) || ': --sql "FROM problems WHERE kind = ''' || kind || '''"'
  FROM placed_problem WHERE kind_place <= most_kinds_listed() GROUP BY kind HAVING any_value(like_it > shown)
  UNION ALL
  SELECT max(place), 2, NULL, shown_thousands(count(*)) || ' more of ' || count(DISTINCT kind)
    || ' other kinds: --sql "FROM problems"'
  FROM placed_problem WHERE kind_place > most_kinds_listed() HAVING count(*) > 0
)
SELECT file, reason FROM line ORDER BY place, after;

-- What JSON holds of them, and how many more of a kind there are.
CREATE MACRO most_of_a_kind() AS 1000;
CREATE TABLE problem_kept AS
SELECT file, reason FROM placed_problem WHERE place_in_kind <= most_of_a_kind() ORDER BY place;
CREATE TABLE problem_left_out AS
SELECT kind, count(*) - most_of_a_kind() AS problems FROM placed_problem GROUP BY kind
HAVING count(*) > most_of_a_kind() ORDER BY min(place);
