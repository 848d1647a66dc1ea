-- So many of a thing named in the plural; none of them, where there is none.
CREATE MACRO shown_things(n, things) AS CASE WHEN n = 1
    AND contains(things, 's with ') THEN replace(things, 's with ', ' with ')
    WHEN n = 1 THEN regexp_replace(regexp_replace(things, 'ies$', 'y'), 's$', '') ELSE things END;
-- so does 1 more round; so do 2 more rounds
CREATE MACRO shown_others(n) AS
  CASE WHEN n = 1 THEN 'so does ' ELSE 'so do ' END || n || ' more ' || shown_things(n, 'rounds');
CREATE MACRO shown_number_of(n, things) AS
  CASE WHEN n = 0 THEN 'no' ELSE CAST(n AS VARCHAR) END || ' ' || shown_things(n, things);
