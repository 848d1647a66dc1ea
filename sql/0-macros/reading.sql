-- How a written value becomes a typed one, one rule for all evidence: a number may be written as a string; any other
-- wrong type is NULL, and counts as bad where a verdict rests on it (2-views/22-bad-values.sql; contract, section 3).

-- Numbers in a text: decimal and finite; not NaN, not Infinity, not hexadecimal. One regular expression each, because a
-- macro repeats its argument, and there are 50 fields a round.
CREATE MACRO text_number(txt) AS
  TRY_CAST(regexp_extract(txt, '^\s*([-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?)\s*$', 1) AS DOUBLE);

-- The number in a JSON number, or in one in quotes (the JSON text of a string begins with its quote), exactly: 12,
-- 1.2e1, " +12.0 ".
CREATE MACRO json_decimal(j) AS
  TRY_CAST(regexp_extract(CAST(j AS VARCHAR),
    '^"?\s*\+?(-?[0-9]{1,18}(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?)\s*"?$', 1) AS DECIMAL(33, 15));

-- A whole number, however it is written; what has a fraction is none. Nearly all are plain digits: only what is not
-- takes the long way.
CREATE MACRO json_integer(j) AS coalesce(TRY_CAST(regexp_extract(CAST(j AS VARCHAR), '^-?[0-9]{1,18}$') AS BIGINT),
  TRY_CAST(regexp_extract(CAST(json_decimal(j) AS VARCHAR), '^(-?[0-9]+)\.0+$', 1) AS BIGINT));

-- A number of things: whole and not below zero; what is beyond 10^15 counts nothing that there is, and sums of it would
-- overflow.
CREATE MACRO json_count(j) AS coalesce(TRY_CAST(regexp_extract(CAST(j AS VARCHAR), '^[0-9]{1,15}$') AS BIGINT),
  TRY_CAST(regexp_extract(CAST(json_decimal(j) AS VARCHAR), '^([0-9]{1,15})\.0+$', 1) AS BIGINT));

-- A duration, a size, a percentile: not below zero.
CREATE MACRO json_measure(j) AS
  TRY_CAST(regexp_extract(CAST(j AS VARCHAR),
    '^"?\s*\+?([0-9]{1,15}(?:\.[0-9]+)?(?:[eE](?:-[0-9]{1,2}|\+?0?[0-9]))?)\s*"?$', 1) AS DOUBLE);

CREATE MACRO json_text(j) AS CASE WHEN starts_with(CAST(j AS VARCHAR), '"') THEN j ->> '$' END;

CREATE MACRO json_flag(j) AS CASE CAST(j AS VARCHAR) WHEN 'true' THEN true WHEN 'false' THEN false END;

-- A moment; infinity is none.
CREATE MACRO json_instant(j) AS
  TRY_CAST(CASE WHEN NOT contains(lower(CAST(j AS VARCHAR)), 'inf') THEN json_text(j) END AS TIMESTAMPTZ);

-- The lines of a text, each with its place from 1 on; the line end of the last line begins no new one.
CREATE MACRO text_lines(txt) AS string_split(replace(regexp_replace(txt, '\r?\n$', ''), chr(13), ''), chr(10));

CREATE MACRO round_time(round_id) AS try_strptime(round_id, '%Y-%m-%d/round-%H%M%S') AT TIME ZONE 'UTC';

CREATE MACRO seconds_of(instant) AS CAST(floor(epoch(instant)) AS BIGINT);
