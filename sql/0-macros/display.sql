-- How figures look in a text (contract, section 4 "Percentiles"): rounded, but a value that failed its target is cut
-- toward the failing side; NULL is n/a. Texts are made here so that no locale and no template can round again.

-- Decimals of a target as it is written, at least so many: a figure is shown with as many, or it could look like its
-- target.
CREATE MACRO decimals_of(txt, fewest) AS
  CAST(greatest(fewest, least(9, len(regexp_extract(coalesce(txt, ''), '\.([0-9]*?)0*$', 1)))) AS INTEGER);

-- A share to so many decimals: cut, after half of the last one was added to round it. Nothing is added where it failed,
-- or where that would make all of less than all; decimals are exact, so that 0.989 itself does not become 0.988.
CREATE MACRO half_of_last(decimals) AS CAST(0.5 / pow(10, decimals) AS DECIMAL(13, 12));
CREATE MACRO shown_share(x, failed, whole, decimals) AS left(CAST(TRY_CAST(x AS DECIMAL(15, 12))
  + CASE WHEN failed OR x < whole AND TRY_CAST(x AS DECIMAL(15, 12)) + half_of_last(decimals) >= whole THEN 0
    ELSE half_of_last(decimals) END AS VARCHAR), decimals - 12);

CREATE MACRO without_trailing_zeros(txt) AS regexp_replace(txt, '\.?0+$', '');

-- Up to three decimals; latency fails upwards.
CREATE MACRO shown_ms(ms, failed) AS coalesce(without_trailing_zeros(CAST(TRY_CAST(
  CASE WHEN failed THEN ceil(TRY_CAST(ms AS DECIMAL(28, 9)) * 1000) / 1000
    ELSE round(TRY_CAST(ms AS DECIMAL(28, 9)), 3) END
  AS DECIMAL(18, 3)) AS VARCHAR)), CAST(ms AS VARCHAR), 'n/a');

CREATE MACRO shown_ms_unit(ms, failed) AS CASE WHEN ms IS NULL THEN 'n/a' ELSE shown_ms(ms, failed) || 'ms' END;

-- A figure that is a text already, with its unit; what was not measured has none.
CREATE MACRO with_unit(figure, unit) AS CASE WHEN figure = 'n/a' THEN figure ELSE figure || unit END;

CREATE MACRO shown_count(n) AS coalesce(CAST(n AS VARCHAR), 'n/a');

-- In how many rounds a check could look; nothing where it was every one.
CREATE MACRO shown_checked_in(checked, rounds) AS
  CASE WHEN checked < rounds THEN ', checked in ' || checked || ' of ' || rounds || ' rounds' ELSE '' END;

-- The first three of some dates.
CREATE MACRO shown_dates(dates) AS
  array_to_string(dates[1:3], ', ') || CASE WHEN len(dates) > 3 THEN ' and ' || (len(dates) - 3) || ' more' ELSE '' END;

-- A target as a person would write it: 500, 0.5, 99.9.
CREATE MACRO shown_target(target) AS
  CASE WHEN CAST(target AS VARCHAR) LIKE '%.%' THEN without_trailing_zeros(CAST(target AS VARCHAR))
    ELSE CAST(target AS VARCHAR) END;

-- 4.9 ms, 500 ms allowed
CREATE MACRO shown_ms_of(ms, failed, target) AS
  CASE WHEN ms IS NULL THEN 'n/a' ELSE shown_ms(ms, failed) || ' ms' END || ', ' || shown_target(target)
    || ' ms allowed';

CREATE MACRO shown_instant(instant) AS coalesce(strftime(instant AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), 'n/a');

-- a; a and b; a, b and c
CREATE MACRO shown_list(names) AS
  CASE WHEN len(names) < 2 THEN array_to_string(names, '') ELSE array_to_string(names[:-2], ', ') || ' and '
    || names[-1] END;

-- 1,234
CREATE MACRO shown_thousands(n) AS coalesce(format('{:,}', TRY_CAST(n AS BIGINT)), CAST(n AS VARCHAR), 'n/a');
CREATE MACRO shown_thousands_of(n, things) AS shown_thousands(n) || ' ' || shown_things(n, things);

-- A figure of no known unit: 12, 0.5; one beyond whole numbers of 64 bits as 1e+300.
CREATE MACRO shown_figure(x) AS coalesce(CASE WHEN x = floor(x) THEN CAST(TRY_CAST(x AS BIGINT) AS VARCHAR) END,
  CAST(x AS VARCHAR));
