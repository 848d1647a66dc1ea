-- Confidence bounds, beside the plan's point rules and never in place of them. All are exact: binomial probabilities, summed
-- term by term in logarithms, and solved by halving.

-- P(X <= k) for X of Binomial(n, p), 0 < p < 1; NULL terms outside, where a logarithm would be an error.
CREATE MACRO binomial_cdf(k, n, p) AS coalesce(list_sum(list_transform(range(0, CAST(least(k, n) AS BIGINT) + 1), lambda i:
  exp(lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * ln(nullif(p, 0)) + (n - i) * ln(nullif(1 - p, 0))))), 0);

-- The p at which P(X <= k) is level; it falls as p rises. 52 halvings are as fine as a double.
CREATE MACRO binomial_share(k, n, level) AS list_reduce(list_transform(range(53), lambda i: [0.0::DOUBLE, 1.0::DOUBLE]), lambda b, unused:
  CASE WHEN binomial_cdf(k, n, (b[1] + b[2]) / 2) > level THEN [(b[1] + b[2]) / 2, b[2]] ELSE [b[1], (b[1] + b[2]) / 2] END)[1];

-- The two-sided 95 % interval of Clopper and Pearson (Biometrika 26, 1934) for k of n; NULL where n is 0. The sum has k terms, so
-- the rarer kind is the one to ask for: of failures, where those are few.
CREATE MACRO clopper_pearson_low(k, n) AS CASE WHEN n > 0 THEN CASE WHEN k = 0 THEN 0.0::DOUBLE ELSE binomial_share(k - 1, n, 0.975) END END;
CREATE MACRO clopper_pearson_high(k, n) AS CASE WHEN n > 0 THEN CASE WHEN k = n THEN 1.0::DOUBLE ELSE binomial_share(k, n, 0.025) END END;

-- How many more successes in a row demonstrate that the true share reaches the target, at one-sided 95 %: 299 where none of none
-- failed and the target is 0.99. NULL for a target of 1, which nothing demonstrates.
CREATE MACRO trials_that_show(failed, target) AS list_reduce(list_transform(range(41), lambda i: [failed, ceil(4 * (failed + 3) / nullif(1 - target, 0))::BIGINT]), lambda b, unused:
  CASE WHEN b[2] - b[1] <= 1 THEN b WHEN binomial_cdf(failed, (b[1] + b[2]) // 2, 1 - target) > 0.05 THEN [(b[1] + b[2]) // 2, b[2]] ELSE [b[1], (b[1] + b[2]) // 2] END)[2];

-- The smallest k at which P(X <= k) for X of Binomial(n, p) reaches level.
CREATE MACRO binomial_rank(n, p, level) AS list_reduce(list_transform(range(41), lambda i: [-1, n]), lambda b, unused:
  CASE WHEN b[2] - b[1] <= 1 THEN b WHEN binomial_cdf((b[1] + b[2]) // 2, n, p) >= level THEN [b[1], (b[1] + b[2]) // 2] ELSE [(b[1] + b[2]) // 2, b[2]] END)[2];

-- The two-sided 95 % interval of a 99th percentile by order statistics: which places of n values, the largest being place 1. NULL
-- where even the largest value is no bound: that takes 368 values.
CREATE MACRO p99_low_place(n) AS CASE WHEN n > 0 THEN binomial_rank(n, 0.01::DOUBLE, 0.975) + 1 END;
CREATE MACRO p99_high_place(n) AS CASE WHEN n > 0 THEN nullif(binomial_rank(n, 0.01::DOUBLE, 0.025), 0) END;

-- Bounds are shown wider rather than narrower.
CREATE MACRO shown_interval(low, high, decimals) AS format('{:.' || decimals || 'f} to {:.' || decimals || 'f}', floor(low * pow(10, decimals)) / pow(10, decimals), ceil(high * pow(10, decimals)) / pow(10, decimals));

-- What a rate's interval says, and what is missing until the target itself is demonstrated.
CREATE MACRO shown_confidence(low, high, decimals, n, more, target_text, things) AS
  CASE WHEN n > 0 THEN '95 % interval ' || shown_interval(low, high, decimals) || ' of ' || n || ' ' || things || '; ' ELSE '' END
  || CASE WHEN more IS NULL THEN 'no number of ' || things || ' shows ' || target_text WHEN more <= 0 THEN target_text || ' is shown at 95 % confidence (one-sided)'
       ELSE more || CASE WHEN n > 0 THEN ' more ' ELSE ' ' END || things || ' without a failure to show ' || target_text || ' at 95 % confidence (one-sided)' END;

CREATE MACRO shown_p99_confidence(low_ms, high_ms, n) AS CASE WHEN n > 0 THEN 'p99 of ' || n || ' creates: 95 % interval '
  || shown_ms(low_ms, false) || ' to ' || CASE WHEN high_ms IS NULL THEN 'open above (368 creates bound it)' ELSE shown_ms(high_ms, true) || ' ms' END END;
