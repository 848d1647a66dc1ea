-- What two soaks are compared by. Every p-value is two-sided.

-- The logarithm of n over k.
CREATE MACRO log_choose(n, k) AS lgamma(n + 1.0::DOUBLE) - lgamma(k + 1.0::DOUBLE) - lgamma(n - k + 1.0::DOUBLE);

-- The chance of x among `drawn` ones, drawn from n1 and n2 without putting back.
CREATE MACRO hypergeometric(x, n1, n2, drawn) AS
  exp(log_choose(n1, x) + log_choose(n2, drawn - x) - log_choose(n1 + n2, drawn));

-- Fisher's exact test of k1 of n1 against k2 of n2: the tables with these margins that are no likelier than the one
-- found. The factor lets tables of equal probability count although their doubles differ in the last digits.
CREATE MACRO fisher_p(k1, n1, k2, n2) AS least(1.0::DOUBLE, list_sum(list_filter(
  list_transform(range(CAST(greatest(0, k1 + k2 - n2) AS BIGINT), CAST(least(k1 + k2, n1) AS BIGINT) + 1),
    lambda x: hypergeometric(x, n1, n2, k1 + k2)),
  lambda p: p <= hypergeometric(k1, n1, n2, k1 + k2) * (1 + 1e-7))));

-- Wilson's score interval (1927) of a share p of n; n need not be whole.
CREATE MACRO wilson_low(p, n) AS
  (p + z_95() ** 2 / (2 * n) - z_95() * sqrt(greatest(0,
    p * (1 - p) / n + z_95() ** 2 / (4 * n * n)))) / (1 + z_95() ** 2 / n);
CREATE MACRO wilson_high(p, n) AS
  (p + z_95() ** 2 / (2 * n) + z_95() * sqrt(greatest(0,
    p * (1 - p) / n + z_95() ** 2 / (4 * n * n)))) / (1 + z_95() ** 2 / n);

-- Interval of the difference p2 - p1 of two shares: Newcombe, Statistics in Medicine 17 (1998), method 10.
CREATE MACRO newcombe_low(p1, n1, p2, n2) AS
  p2 - p1 - sqrt((p2 - wilson_low(p2, n2)) ** 2 + (wilson_high(p1, n1) - p1) ** 2);
CREATE MACRO newcombe_high(p1, n1, p2, n2) AS
  p2 - p1 + sqrt((wilson_high(p2, n2) - p2) ** 2 + (p1 - wilson_low(p1, n1)) ** 2);

-- The lag-1 autocorrelation that is reckoned with, of r found beside a straight line in `n` values a soak, `pooled` of
-- both; at most 0.95. What comes of that is measured: bench/calibration.
CREATE MACRO reckoned_autocorrelation(r, n, pooled) AS
  least(0.95, raised_autocorrelation(greatest(0, least(0.95, unbiased_autocorrelation(r, n, 1))), pooled, 0.5));

-- By how much a variance grows where each value resembles the one before.
CREATE MACRO inflation(r) AS (1 + r) / (1 - r);

-- Degrees of freedom of a difference of two means whose variances v1 and v2 have df degrees each: Welch, Biometrika 34
-- (1947).
CREATE MACRO welch_df(v1, df1, v2, df2) AS (v1 + v2) ** 2 / nullif(v1 * v1 / df1 + v2 * v2 / df2, 0);

-- Two-sided p of a difference d with standard error se; where nothing varies at all, every difference is one.
CREATE MACRO difference_p(d, se, df) AS
  CASE WHEN se IS NULL THEN NULL WHEN d = 0 THEN 1.0::DOUBLE WHEN se = 0 THEN 0.0::DOUBLE ELSE student_p(d / se, df)
    END;
