-- What a trend is told by, and what bounds and tests of two soaks need as well. Each macro is held against Apache
-- Commons Statistics by StatisticsReferenceTest, whose table says how far they differ.

-- The lag-1 autocorrelation r that n residuals show is smaller than that of the noise, since the line took its share of
-- it: by (2 + 4r)/n beside one line (Kendall, Biometrika 41, 1954; Marriott and Pope, the same), by (1 + 3r) more for
-- each further mean (strata means in all) that was fitted. Corrected for that, and then taken larger by so many of its
-- standard errors: it is itself an estimate, and the error that costs a false word is the one below. From 0 to 0.999;
-- where n does not suffice to tell it, 0.999.
CREATE MACRO unbiased_autocorrelation(r, n, strata) AS
  CASE WHEN n - 3 * strata - 1 > 0 THEN greatest(-0.999, least(0.999, (n * r + strata + 1) / (n - 3 * strata - 1)))
    ELSE 0.999::DOUBLE END;
CREATE MACRO raised_autocorrelation(r, n, standard_errors) AS
  greatest(0, least(0.999::DOUBLE, r + standard_errors * sqrt((1 - r * r) / n)));
CREATE MACRO careful_autocorrelation(r, n, strata, standard_errors) AS
  raised_autocorrelation(unbiased_autocorrelation(r, n, strata), n, standard_errors);

-- Rounded to so many significant digits; +0.6 for 0.6, 310000 for 310234.
CREATE MACRO significant(x, digits) AS
  CASE WHEN x = 0 THEN 0.0::DOUBLE ELSE round(CAST(x AS DOUBLE), CAST(digits - 1 - floor(log10(abs(x))) AS INTEGER))
    END;

-- A signed change: three significant digits, thousands parted as in the plan's "14,400".
CREATE MACRO shown_change(x) AS CASE WHEN x IS NULL THEN NULL WHEN x < 0 THEN '-' ELSE '+' END
  || CASE WHEN abs(significant(x, 3)) >= 1000 THEN format('{:,}', CAST(abs(significant(x, 3)) AS BIGINT))
       ELSE coalesce(nullif(without_trailing_zeros(CAST(CAST(abs(significant(x, 3)) AS DECIMAL(18, 9)) AS VARCHAR)),
         ''), '0') END;

CREATE MACRO shown_p(p) AS
  CASE WHEN p < 0.001 THEN 'p<0.001' WHEN p < 0.1 THEN 'p=' || CAST(CAST(p AS DECIMAL(6, 3)) AS VARCHAR) ELSE 'p='
    || CAST(CAST(p AS DECIMAL(6, 2)) AS VARCHAR) END;

-- A number of plans, cut to three digits, not rounded: the earlier plan is the careful word.
CREATE MACRO shown_plan(plans) AS CASE WHEN plans >= 1e12 THEN 'beyond 1,000,000,000,000'
  ELSE format('{:,}', CAST(CASE WHEN plans < 1000 THEN floor(plans)
    ELSE floor(plans / pow(10, floor(log10(plans)) - 2)) * pow(10, floor(log10(plans)) - 2) END AS BIGINT)) END;
