-- How a written value becomes a typed one, one rule for all evidence: a number may be written as a string, any other
-- wrong type is NULL, "not measured" (contract, section 3).

-- A decimal number as text; not NaN, not Infinity, not hexadecimal.
CREATE MACRO is_number(txt) AS regexp_full_match(txt, '\s*[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?\s*');

CREATE MACRO text_number(txt) AS CASE WHEN is_number(txt) AND isfinite(TRY_CAST(txt AS DOUBLE)) THEN TRY_CAST(txt AS DOUBLE) END;

CREATE MACRO json_number(j) AS CASE WHEN json_type(j) IN ('UBIGINT', 'BIGINT', 'DOUBLE', 'VARCHAR') THEN text_number(j ->> '$') END;

-- A duration, a size, a percentile: never below zero.
CREATE MACRO json_measure(j) AS CASE WHEN json_number(j) >= 0 THEN json_number(j) END;

-- A number of things: whole and not below zero.
CREATE MACRO json_count(j) AS CASE WHEN json_measure(j) = floor(json_measure(j)) AND json_measure(j) < 9e15 THEN CAST(json_measure(j) AS BIGINT) END;

CREATE MACRO json_text(j) AS CASE WHEN json_type(j) = 'VARCHAR' THEN j ->> '$' END;

CREATE MACRO json_flag(j) AS CASE WHEN json_type(j) = 'BOOLEAN' THEN (j ->> '$') = 'true' END;

CREATE MACRO json_instant(j) AS TRY_CAST(json_text(j) AS TIMESTAMPTZ);

-- The lines of a text, each with its place from 1 on; the line end of the last line begins no new one.
CREATE MACRO text_lines(txt) AS string_split(replace(regexp_replace(txt, '\r?\n$', ''), chr(13), ''), chr(10));

CREATE MACRO round_time(round_id) AS try_strptime(round_id, '%Y-%m-%d/round-%H%M%S') AT TIME ZONE 'UTC';

CREATE MACRO seconds_of(instant) AS CAST(floor(epoch(instant)) AS BIGINT);
