-- Shares: rounds, slots, recoveries or creates of which some went wrong. An outage makes many rounds in a row fail, and
-- they are not so many failures: the counts are divided by their design effect before they are compared (Rao and Scott,
-- Biometrics 48 (1992)), never below 1. The clusters are the blocks of the common time. The design effect is the pooled
-- one of both soaks: one in which little went wrong shows none of its own, and where nothing did, failures pass for
-- independent.

-- One row per share and what it is a share of.
CREATE TABLE share_kind AS
SELECT * FROM (VALUES
  (1, 'uptime_pct', 'rounds', 'higher'),
  (2, 'scheduled_uptime_pct', 'slots', 'higher'),
  (3, 'restarted_rounds_pct', 'rounds', 'lower'),
  (4, 'failed_scans_pct', 'rounds', 'lower'),
  (5, 'create_errors_pct', 'creates', 'lower'),
  (6, 'rollback_rate_pct', 'recoveries', 'higher')) s(place, figure, trials, better);

-- One row per share, side and block: what went wrong, of how many.
CREATE TABLE share_block AS
SELECT 'uptime_pct' AS figure, side, block, count(*) FILTER (healthy IS NOT TRUE) AS bad, count(*) AS n FROM round_of
  WHERE in_time GROUP BY ALL
UNION ALL
SELECT 'scheduled_uptime_pct', side, block, count(*) FILTER (healthy IS NOT TRUE), count(*) FROM slot_in GROUP BY ALL
UNION ALL
SELECT 'restarted_rounds_pct', side, block, count(*) FILTER (restarted), count(*) FROM round_of WHERE in_time
  GROUP BY ALL
UNION ALL
SELECT 'failed_scans_pct', side, block, count(*) FILTER (scanned IS NOT TRUE), count(*) FROM round_of WHERE in_time
  GROUP BY ALL
UNION ALL
-- Successes whose failures are unknown cannot be counted, nor the other way round: the sum of NULL and a number is
-- NULL.
SELECT 'create_errors_pct', side, block, coalesce(sum(CASE WHEN create_ok IS NOT NULL THEN create_errors
  END), 0)::BIGINT, coalesce(sum(create_ok + create_errors), 0)::BIGINT
FROM round_of WHERE in_time GROUP BY ALL
UNION ALL
-- A refuted recovery failed; the block of the round that found it has it, as far as that block has successes.
SELECT 'rollback_rate_pct', side, block, least(coalesce(sum(CASE WHEN recovery_ok IS NOT NULL THEN recovery_fail
  END), 0) + coalesce(sum(recoveries_refuted), 0), coalesce(sum(recovery_ok + recovery_fail), 0))::BIGINT,
  coalesce(sum(recovery_ok + recovery_fail), 0)::BIGINT
FROM round_of WHERE in_time GROUP BY ALL;

-- One row per share and side.
CREATE TABLE share_side AS
WITH total AS (
  SELECT figure, side, sum(bad)::BIGINT AS bad, sum(n)::BIGINT AS n, count(*) FILTER (n > 0) AS clusters,
         share(sum(bad), sum(n)) AS p FROM share_block GROUP BY figure, side
), spread AS (
  SELECT t.figure, t.side, sum((b.bad - t.p * b.n) ** 2) AS squares FROM total t JOIN share_block b USING (figure, side)
    WHERE t.n > 0 GROUP BY ALL
)
SELECT t.*, s.squares * t.clusters / nullif(t.clusters - 1, 0) AS variance, t.n * t.p * (1 - t.p) AS binomial_variance
FROM total t LEFT JOIN spread s USING (figure, side);

-- One row per share: both sides, and what they are worth as counts of independent failures.
CREATE TABLE share_pair AS
WITH sides AS (
  SELECT k.place, k.figure, k.trials, k.better, coalesce(b.bad, 0) AS bad1, coalesce(b.n, 0) AS n1, b.p AS p1,
         coalesce(t.bad, 0) AS bad2, coalesce(t.n, 0) AS n2, t.p AS p2,
         coalesce(b.clusters, 0) AS clusters1, coalesce(t.clusters, 0) AS clusters2,
         greatest(1,
           coalesce((coalesce(b.variance, 0) + coalesce(t.variance, 0))
             / nullif(coalesce(b.binomial_variance, 0) + coalesce(t.binomial_variance, 0), 0), 1)) AS design_effect
  FROM share_kind k LEFT JOIN share_side b ON b.figure = k.figure AND b.side = 'baseline'
    LEFT JOIN share_side t ON t.figure = k.figure AND t.side = 'this'
)
SELECT s.*, n1 / design_effect AS e1, n2 / design_effect AS e2,
       CAST(round(bad1 / design_effect) AS BIGINT) AS whole_bad1, CAST(round(n1 / design_effect) AS BIGINT) AS whole1,
       CAST(round(bad2 / design_effect) AS BIGINT) AS whole_bad2, CAST(round(n2 / design_effect) AS BIGINT) AS whole2,
       least(clusters1, clusters2) >= r.enough_points AS can_tell,
       -- Where nothing or everything went wrong in both, no result could be more than noise: the figure costs the
       -- others nothing (Tarone, Biometrics 46 (1990)).
       bad1 + bad2 > 0 AND bad1 + bad2 < n1 + n2 AS can_differ
FROM sides s, rules r;

-- One row per share: what the difference is worth.
CREATE TABLE share_figure AS
SELECT place, figure, '%' AS unit, better, 'time' AS compared_over,
       100 * CASE better WHEN 'higher' THEN 1 - p1 ELSE p1 END AS baseline, 100 * CASE better WHEN 'higher' THEN 1 - p2
         ELSE p2 END AS this,
       100 * CASE better WHEN 'higher' THEN p1 - p2 ELSE p2 - p1 END AS difference,
       CASE WHEN can_tell THEN 100 * CASE better WHEN 'higher' THEN -newcombe_high(p1, e1, p2, e2)
         ELSE newcombe_low(p1, e1, p2, e2) END END AS interval_low,
       CASE WHEN can_tell THEN 100 * CASE better WHEN 'higher' THEN -newcombe_low(p1, e1, p2, e2)
         ELSE newcombe_high(p1, e1, p2, e2) END END AS interval_high,
       n1 AS baseline_n, n2 AS this_n, bad1 AS baseline_bad, bad2 AS this_bad, trials AS counted,
       'Fisher''s exact test and Newcombe''s interval' AS method, design_effect AS variance_inflation,
       CASE WHEN can_tell AND can_differ THEN fisher_p(whole_bad1, whole1, whole_bad2, whole2) END AS p_value,
       CASE WHEN n1 = 0 OR n2 = 0 THEN 'no ' || trials || ' in ' || CASE WHEN n1 = 0 AND n2 = 0 THEN 'either'
         WHEN n1 = 0 THEN 'the baseline' ELSE 'this soak' END
         WHEN NOT can_tell THEN 'too short' WHEN NOT can_differ THEN 'no difference' END AS untested
FROM share_pair;
