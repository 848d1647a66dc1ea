-- How figures look in a text (contract, section 4 "Numbers"): rounded, but a value that failed its target is cut toward
-- the failing side; NULL is n/a. Texts are made here so that no locale and no template can round again.

-- 0.989 for 0.98951 that had to reach 0.990; decimals are exact, so that 0.989 itself does not become 0.988.
CREATE MACRO shown_rate(rate, failed) AS coalesce(CAST(CAST(
  CASE WHEN failed THEN floor(CAST(rate AS DECIMAL(28, 12)) * 1000) / 1000 ELSE round(CAST(rate AS DECIMAL(28, 12)), 3) END
  AS DECIMAL(18, 3)) AS VARCHAR), 'n/a');

CREATE MACRO shown_pct(pct, failed) AS coalesce(CAST(CAST(
  CASE WHEN failed THEN floor(CAST(pct AS DECIMAL(28, 12)) * 10) / 10 ELSE round(CAST(pct AS DECIMAL(28, 12)), 1) END
  AS DECIMAL(18, 1)) AS VARCHAR), 'n/a');

CREATE MACRO without_trailing_zeros(txt) AS regexp_replace(txt, '\.?0+$', '');

-- Up to three decimals; latency fails upwards.
CREATE MACRO shown_ms(ms, failed) AS coalesce(without_trailing_zeros(CAST(CAST(
  CASE WHEN failed THEN ceil(CAST(ms AS DECIMAL(28, 9)) * 1000) / 1000 ELSE round(CAST(ms AS DECIMAL(28, 9)), 3) END
  AS DECIMAL(18, 3)) AS VARCHAR)), 'n/a');

CREATE MACRO shown_ms_unit(ms, failed) AS CASE WHEN ms IS NULL THEN 'n/a' ELSE shown_ms(ms, failed) || 'ms' END;

CREATE MACRO shown_count(n) AS coalesce(CAST(n AS VARCHAR), 'n/a');

-- In how many rounds a check could look; nothing where it was every one.
CREATE MACRO shown_checked_in(checked, rounds) AS CASE WHEN checked < rounds THEN ', checked in ' || checked || ' of ' || rounds || ' rounds' ELSE '' END;

-- The first three of some dates.
CREATE MACRO shown_dates(dates) AS array_to_string(dates[1:3], ', ') || CASE WHEN len(dates) > 3 THEN ' and ' || (len(dates) - 3) || ' more' ELSE '' END;

-- A target as a person would write it: 500, 0.5, 99.9.
CREATE MACRO shown_target(target) AS CASE WHEN CAST(target AS VARCHAR) LIKE '%.%' THEN without_trailing_zeros(CAST(target AS VARCHAR)) ELSE CAST(target AS VARCHAR) END;

CREATE MACRO shown_instant(instant) AS coalesce(strftime(instant AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ'), 'n/a');
