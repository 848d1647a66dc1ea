-- What two soaks are compared by. Every p-value is two-sided.

-- The 97.5 % quantile of the standard normal distribution.
CREATE MACRO z_95() AS 1.959963984540054::DOUBLE;

CREATE MACRO log_choose(n, k) AS lgamma(n + 1.0::DOUBLE) - lgamma(k + 1.0::DOUBLE) - lgamma(n - k + 1.0::DOUBLE);

CREATE MACRO hypergeometric(x, n1, n2, drawn) AS exp(log_choose(n1, x) + log_choose(n2, drawn - x) - log_choose(n1 + n2, drawn));

-- Fisher's exact test of k1 of n1 against k2 of n2: the tables with these margins that are no likelier than the one found.
-- The factor lets tables of equal probability count although their doubles differ in the last digits.
CREATE MACRO fisher_p(k1, n1, k2, n2) AS least(1.0::DOUBLE, list_sum(list_filter(
  list_transform(range(CAST(greatest(0, k1 + k2 - n2) AS BIGINT), CAST(least(k1 + k2, n1) AS BIGINT) + 1), lambda x: hypergeometric(x, n1, n2, k1 + k2)),
  lambda p: p <= hypergeometric(k1, n1, n2, k1 + k2) * (1 + 1e-7))));

-- Wilson's score interval (1927) of a share p of n; n need not be whole.
CREATE MACRO wilson_low(p, n) AS (p + z_95() ** 2 / (2 * n) - z_95() * sqrt(greatest(0, p * (1 - p) / n + z_95() ** 2 / (4 * n * n)))) / (1 + z_95() ** 2 / n);
CREATE MACRO wilson_high(p, n) AS (p + z_95() ** 2 / (2 * n) + z_95() * sqrt(greatest(0, p * (1 - p) / n + z_95() ** 2 / (4 * n * n)))) / (1 + z_95() ** 2 / n);

-- Interval of the difference p2 - p1 of two shares: Newcombe, Statistics in Medicine 17 (1998), method 10.
CREATE MACRO newcombe_low(p1, n1, p2, n2) AS p2 - p1 - sqrt((p2 - wilson_low(p2, n2)) ** 2 + (wilson_high(p1, n1) - p1) ** 2);
CREATE MACRO newcombe_high(p1, n1, p2, n2) AS p2 - p1 + sqrt((wilson_high(p2, n2) - p2) ** 2 + (p1 - wilson_low(p1, n1)) ** 2);

-- By how much a variance grows where each value resembles the one before: lag-1 autocorrelation r, cut to [0, 0.9].
CREATE MACRO inflation(r) AS (1 + greatest(0, least(0.9, coalesce(r, 0)))) / (1 - greatest(0, least(0.9, coalesce(r, 0))));

-- A normal deviate with the continuity correction of a statistic that moves in steps of 1; NULL where nothing can vary.
CREATE MACRO corrected_z(statistic, expected, variance) AS CASE WHEN statistic = expected THEN 0.0::DOUBLE
  ELSE sign(statistic - expected) * greatest(0, abs(statistic - expected) - 0.5) / nullif(sqrt(greatest(0, variance)), 0) END;

-- The rank, among `n` ordered candidates for a difference or slope, of the lower limit of its 95 % interval: those values
-- that the test with its continuity correction would not refuse. The variance is that of the number of candidates below the
-- truth. NULL where the sample is too small for an interval.
CREATE MACRO limit_rank(n, variance) AS CASE WHEN n / 2.0 - z_95() * sqrt(variance) + 0.5 >= 1 THEN CAST(floor(n / 2.0 - z_95() * sqrt(variance) + 0.5) AS BIGINT) END;
