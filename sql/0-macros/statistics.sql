-- What a trend is told by.

-- erfc(x) for x >= 0 by formula 7.1.26 of Abramowitz and Stegun, Handbook of Mathematical Functions (1964), there given for
-- erf with an absolute error of at most 1.5e-7.
CREATE MACRO erfc_by(x, t) AS exp(-x * x) * t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
CREATE MACRO erfc_of(x) AS erfc_by(CAST(x AS DOUBLE), 1 / (1 + 0.3275911 * CAST(x AS DOUBLE)));

-- The two-sided p-value of a standard normal deviate; the formula misses 1 at z = 0 by 1e-9.
CREATE MACRO two_sided_p(z) AS CASE WHEN z = 0 THEN 1.0::DOUBLE ELSE erfc_of(abs(z) / sqrt(2)) END;

-- Rounded to so many significant digits; +0.6 for 0.6, 310000 for 310234.
CREATE MACRO significant(x, digits) AS CASE WHEN x = 0 THEN 0.0::DOUBLE ELSE round(CAST(x AS DOUBLE), CAST(digits - 1 - floor(log10(abs(x))) AS INTEGER)) END;

-- A signed change: three significant digits, thousands parted as in the plan's "14,400".
CREATE MACRO shown_change(x) AS CASE WHEN x IS NULL THEN NULL WHEN x < 0 THEN '-' ELSE '+' END
  || CASE WHEN abs(significant(x, 3)) >= 1000 THEN format('{:,}', CAST(abs(significant(x, 3)) AS BIGINT))
       ELSE coalesce(nullif(without_trailing_zeros(CAST(CAST(abs(significant(x, 3)) AS DECIMAL(18, 9)) AS VARCHAR)), ''), '0') END;

CREATE MACRO shown_p(p) AS CASE WHEN p < 0.001 THEN 'p<0.001' WHEN p < 0.1 THEN 'p=' || CAST(CAST(p AS DECIMAL(6, 3)) AS VARCHAR) ELSE 'p=' || CAST(CAST(p AS DECIMAL(6, 2)) AS VARCHAR) END;
