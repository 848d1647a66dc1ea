-- Confidence bounds, beside the plan's point rules and never in place of them. All rest on the incomplete beta
-- function, so that numbers of trials need not be whole: what dependent rounds are worth is a fraction of their number.

-- The continued fraction of the incomplete beta function (DLMF 8.17.22), from its tail on; good to the last digits of a
-- double for x below (a + 1) / (a + b + 2). The terms that this takes grow with the smaller of a and b: a rate of a
-- billion trials takes no more of them than one of a thousand.
CREATE MACRO beta_terms(a, b) AS
  CAST(least(40 + 3 * ceil(sqrt(a + b)), 100 + 3 * ceil(sqrt(least(a, b)))) AS BIGINT);
CREATE MACRO beta_fraction(x, a, b) AS
  list_reduce(list_prepend(1.0::DOUBLE, list_transform(range(beta_terms(a, b), 0, -1),
    lambda i:
  CASE WHEN i % 2 = 0 THEN (i / 2) * (b - i / 2) * x / ((a + i - 1) * (a + i))
    ELSE -(a + (i - 1) / 2) * (a + b + (i - 1) / 2) * x / ((a + i - 1) * (a + i)) END)), lambda f, d: 1 + d / f);

CREATE MACRO beta_front(x, a, b) AS
  exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * ln(nullif(x, 0)) + b * ln(nullif(1 - x, 0)))
    / (a * beta_fraction(x, a, b));

-- I_x(a, b), the incomplete beta function over the whole one, a and b above 0. The fraction is good on one side of
-- (a + 1) / (a + b + 2); beyond it the other tail is taken from 1. The lambda's list holds x, a, b and that side, 1 or
-- -1. It is computed once, whereas a macro computes an argument wherever it names it.
CREATE MACRO beta_part(x, a, b) AS list_transform(
  [CASE WHEN x < (a + 1) / (a + b + 2) THEN [x::DOUBLE, a, b, 1] ELSE [1 - x::DOUBLE, b, a, -1] END],
  lambda q: (1 - q[4]) / 2 + CASE WHEN q[1] <= 0 THEN 0 ELSE q[4] * beta_front(q[1], q[2], q[3]) END)[1];

-- The x at which I_x(a, b) is level, where it is below (a + 1) / (a + b + 2), as far as the fraction is good: Newton's
-- steps in ln I over ln x, whose slope is a * beta_fraction / (1 - x). Where b >= 1 that curve is concave, so every
-- step but the first comes from below. 12 steps give all digits that the logarithms of gamma leave.
CREATE MACRO beta_low_quantile(level, a, b) AS
  list_reduce(list_transform(range(13), lambda i: least(a / (a + b), (a + 1) / (a + b + 2))), lambda x, unused:
  list_transform([beta_fraction(x, a, b)], lambda f: least((1 + x) / 2, x * exp((1 - x) / (a * f)
    * (ln(level * a * f) - a * ln(x) - b * ln(1 - x) - lgamma(a + b) + lgamma(a) + lgamma(b)))))[1]);
CREATE MACRO beta_quantile(level, a, b) AS list_transform(
  [CASE WHEN level <= beta_part((a + 1) / (a + b + 2), a, b) THEN [level::DOUBLE, a, b, 1]
    ELSE [1 - level::DOUBLE, b, a, -1] END],
  lambda q: (1 - q[4]) / 2 + q[4] * beta_low_quantile(q[1], q[2], q[3]))[1];

-- The two-sided p-value of Student's t, and the t that has a two-sided p-value; df need not be whole.
CREATE MACRO student_p(t, df) AS beta_part(df / (df + CAST(t AS DOUBLE) ** 2), df / 2.0, 0.5::DOUBLE);
CREATE MACRO student_quantile(p, df) AS sqrt(df * (1 / beta_quantile(p, df / 2.0, 0.5::DOUBLE) - 1));

-- P(X <= k) for X of Binomial(n, p).
CREATE MACRO binomial_cdf(k, n, p) AS
  CASE WHEN k < 0 THEN 0.0::DOUBLE WHEN k >= n THEN 1.0::DOUBLE ELSE beta_part(1 - p, n - k, k + 1.0::DOUBLE) END;

-- The two-sided 95 % interval of Clopper and Pearson (Biometrika 26, 1934) for k of n; NULL where n is 0.
CREATE MACRO clopper_pearson_low(k, n) AS
  CASE WHEN n > 0 THEN CASE WHEN k <= 0 THEN 0.0::DOUBLE ELSE beta_quantile(0.025, k, n - k + 1.0::DOUBLE) END END;
CREATE MACRO clopper_pearson_high(k, n) AS
  CASE WHEN n > 0 THEN CASE WHEN k >= n THEN 1.0::DOUBLE ELSE beta_quantile(0.975, k + 1.0::DOUBLE, n - k) END END;

-- A range [low, high] as often as it takes to halve it down to one step, for list_reduce.
CREATE MACRO halvings_of(bounds) AS
  list_transform(range(2 + CAST(ceil(log2(greatest(1, bounds[2] - bounds[1]))) AS BIGINT)), lambda i: bounds);

-- How many more successes in a row demonstrate that the true share reaches the target, at one-sided 95 %: 299 where
-- none of none failed and the target is 0.99. NULL for a target of 1, which nothing demonstrates.
CREATE MACRO trials_that_show(failed, target) AS
  list_reduce(halvings_of([failed, ceil(4 * (failed + 3) / nullif(1 - target, 0))::BIGINT]),
    lambda b, unused: list_transform([(b[1] + b[2]) // 2], lambda middle: CASE WHEN b[2] - b[1] <= 1 THEN b
      WHEN binomial_cdf(failed, middle, 1 - target) > 0.05 THEN [middle, b[2]] ELSE [b[1], middle] END)[1])[2];

-- The smallest k at which P(X <= k) for X of Binomial(n, p) reaches level, which is from 0.01 to 0.99: by Chebyshev it
-- lies within ten standard deviations of the mean.
CREATE MACRO binomial_rank(n, p, level) AS
  list_reduce(halvings_of([greatest(-1, floor(n * p - 10 * sqrt(n * p * (1 - p))) - 1)::BIGINT,
    least(n, ceil(n * p + 10 * sqrt(n * p * (1 - p))) + 1)::BIGINT]),
    lambda b, unused: list_transform([(b[1] + b[2]) // 2], lambda middle: CASE WHEN b[2] - b[1] <= 1 THEN b
      WHEN binomial_cdf(middle, n, p) >= level THEN [b[1], middle] ELSE [middle, b[2]] END)[1])[2];

-- The 97.5 % quantile of the standard normal distribution.
CREATE MACRO z_95() AS 1.959963984540054::DOUBLE;

-- One row per kind of `points` (kind, cluster, bad, n): how many independent trials all of its n are worth to an
-- interval of bad / n. Failures that come together are fewer than they look: n is divided by the design effect of the
-- clusters, at least 1, and by what so few clusters leave unsure of that (Korn and Graubard, Survey Methodology 24
-- (1998)). NULL where it cannot be told: fewer than 5 clusters or 2 failures; then an interval holds if trials are
-- independent, and must say so.
CREATE MACRO cluster_worth(points) AS TABLE
WITH total AS (
  SELECT kind, sum(bad)::DOUBLE AS bad, sum(n)::DOUBLE AS n, count(*) AS clusters FROM query_table(points) WHERE n > 0
    GROUP BY kind
), spread AS (
  SELECT t.*, (SELECT sum((p.bad - t.bad / t.n * p.n) ** 2) FROM query_table(points) p WHERE p.kind = t.kind
    AND p.n > 0) AS squares FROM total t
), effect AS (
  SELECT *, CASE WHEN clusters >= 5 AND bad >= 2 AND bad < n
    THEN greatest(1, squares * clusters / (clusters - 1) / (bad * (1 - bad / n))) END AS design_effect FROM spread
)
SELECT kind, bad, n, clusters, design_effect, CASE WHEN design_effect IS NOT NULL
  THEN n / design_effect * (z_95() / student_quantile(0.05, clusters - 1.0)) ** 2 END AS worth FROM effect;

-- The two-sided 95 % interval of a 99th percentile by order statistics: which places of n values, the largest being
-- place 1, where they are worth so many independent ones; NULL `worth` for all of them. NULL where even the largest
-- value is no bound: that takes 368.
CREATE MACRO p99_trials(n, worth) AS CAST(greatest(1, floor(coalesce(worth, n))) AS BIGINT);
CREATE MACRO p99_low_place(n, worth := NULL) AS list_transform([p99_trials(n, worth)], lambda trials:
  CASE WHEN n > 0 THEN least(n, CAST(ceil((binomial_rank(trials, 0.01::DOUBLE, 0.975) + 1) * (n / trials)) AS BIGINT))
    END)[1];
CREATE MACRO p99_high_place(n, worth := NULL) AS list_transform([p99_trials(n, worth)], lambda trials:
  CASE WHEN n > 0
    THEN nullif(CAST(floor(binomial_rank(trials, 0.01::DOUBLE, 0.025) * (n / trials)) AS BIGINT), 0) END)[1];

-- Bounds are shown wider rather than narrower.
CREATE MACRO shown_interval(low, high, decimals) AS
  format('{:.' || decimals || 'f} to {:.' || decimals || 'f}', floor(low * pow(10, decimals)) / pow(10, decimals),
    ceil(high * pow(10, decimals)) / pow(10, decimals));

-- What an interval takes for granted, in the same line as it.
CREATE MACRO shown_assumption(worth, things) AS
  CASE WHEN worth IS NULL THEN ', assuming independent ' || things
    ELSE ', assuming independent days (equivalent to ' || CAST(floor(worth) AS BIGINT) || ' independent '
      || shown_things(CAST(floor(worth) AS BIGINT), things) || ')' END;

-- What a rate's interval says, and what is missing until the target itself is demonstrated; no more than `most` of them
-- can come, if that is known.
CREATE MACRO shown_confidence(low, high, decimals, unit, failed, n, worth, more, most, target_text, things) AS
  CASE WHEN n > 0 THEN '95 % confidence interval ' || shown_interval(low, high, decimals) || unit || ' from '
    || shown_number_of(n, things) || shown_assumption(worth, things) || '; ' ELSE '' END
  || CASE WHEN more IS NULL THEN 'no number of ' || things || ' can demonstrate ' || target_text
       WHEN more <= 0 THEN target_text || ' is demonstrated at 95 % confidence (one-sided)'
       WHEN n + more > most THEN target_text || ' cannot be demonstrated at 95 % confidence (one-sided): that needs '
         || shown_number_of(n + more, things) || CASE WHEN failed = 0 THEN ' without a failure'
         ELSE ' with no more failures' END || CASE WHEN things IN ('rounds', 'slots') THEN '; the soak has ' || most
         WHEN n = 1 THEN '; there is 1' ELSE '; there are ' || n END
       ELSE more || CASE WHEN n > 0 THEN ' more ' ELSE ' ' END || shown_things(more, things)
         || ' without a failure would demonstrate ' || target_text || ' at 95 % confidence (one-sided)' END;

CREATE MACRO shown_p99_confidence(low_ms, high_ms, n, worth) AS
  CASE WHEN n > 0 THEN 'p99 of ' || n || CASE WHEN n = 1 THEN ' create' ELSE ' creates' END
  || ': 95 % confidence interval from '
  || shown_ms(low_ms, false)
  || CASE WHEN high_ms IS NULL THEN ' ms up (an upper bound takes 368 independent creates)'
    ELSE ' to ' || shown_ms(high_ms, true) || ' ms' END || shown_assumption(worth, 'creates') END;
