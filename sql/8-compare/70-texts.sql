-- The comparison as its JSON and its text show it.

-- Four digits; what was not measured is n/a, and no 0.
CREATE MACRO shown_amount(x) AS CASE WHEN x IS NULL THEN 'n/a'
  ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || CASE WHEN abs(significant(x, 4)) >= 10000
    THEN format('{:,}', CAST(abs(significant(x, 4)) AS BIGINT))
  ELSE coalesce(nullif(without_trailing_zeros(CAST(CAST(abs(significant(x, 4)) AS DECIMAL(18, 6)) AS VARCHAR)),
    ''), '0') END END;
-- As that with its unit in mind: less than all is not rounded up to all.
CREATE MACRO shown_measure(x, unit) AS
  CASE WHEN unit = '%' AND x < 100 AND significant(x, 4) >= 100 THEN '99.99' ELSE shown_amount(x) END;

CREATE MACRO shown_days(seconds, day_seconds) AS
  without_trailing_zeros(CAST(CAST(seconds / day_seconds AS DECIMAL(12, 2)) AS VARCHAR));

-- One row: what was compared, and how it came out.
CREATE VIEW comparison AS
WITH counted AS (
  SELECT count(*) FILTER (p_value IS NOT NULL) AS tested, count(*) FILTER (result = 'worse') AS worse,
         count(*) FILTER (result = 'better') AS better,
         count(*) FILTER (result = 'not told') AS not_told FROM figure_row
), rounds_of AS (
  SELECT count(*) FILTER (side = 'baseline' AND in_time) AS baseline,
         count(*) FILTER (side = 'this' AND in_time) AS this,
         count(*) FILTER (side = 'baseline' AND NOT in_time) AS baseline_left_out,
         count(*) FILTER (side = 'this' AND NOT in_time) AS this_left_out FROM round_of
)
SELECT (SELECT bool_or(rehearsal) FROM final_report) AS rehearsal, i.same_evidence, n.tested, n.worse, n.better,
       n.not_told, r.family_error, r.tested_below, r.negligible,
       t.seconds / t.day_seconds AS common_days, t.block_seconds, t.blocks, r.enough_points AS enough_blocks,
       c.baseline AS baseline_rounds, c.this AS this_rounds, c.baseline_left_out AS baseline_rounds_left_out,
       c.this_left_out AS this_rounds_left_out,
       CASE WHEN p.bins > 0 THEN p.fewest END AS fewest_plans, CASE WHEN p.bins > 0 THEN p.most END AS most_plans,
       p.bins AS plan_bins
FROM identity i, counted n, rules r, common_time t, rounds_of c, common_plans p;

-- One row per figure, in the order in which they are shown.
CREATE VIEW compared_figures AS
SELECT figure, unit, better, compared_over, baseline, this, difference, interval_low, interval_high, relative,
       baseline_low, baseline_high, this_low, this_high,
       baseline_n, this_n, baseline_bad, this_bad, counted, method, variance_inflation, p_value, p_holm, smallest_shown,
       result,
       CASE WHEN result = 'not told' THEN untold END AS reason
FROM figure_row ORDER BY place;

-- One row per check, claim and overall verdict.
CREATE VIEW compared_verdicts AS SELECT id, name, baseline, this, change, baseline_value, this_value FROM verdict_pair
  ORDER BY place, id;

-- One row per figure of a whole soak, as the final report shows it. Lengths may differ, so nothing is judged here.
CREATE VIEW whole_soaks AS
WITH shown AS (
  SELECT side, unnest(['soak_id', 'soak_start', 'as_of', 'complete', 'rehearsal', 'cp_mode', 'duration_days',
    'total_rounds', 'healthy_rounds', 'interrupted_rounds', 'missed_rounds', 'cp_restart_count',
           'total_creates', 'total_create_errors', 'max_plan_count', 'total_recovery_attempts', 'recoveries_refuted',
           'max_p99_ms', 'pooled_p99_ms', 'store_bytes_final']) AS figure,
         unnest([soak_id, soak_start, as_of, complete, rehearsal, cp_mode, duration_days, total_rounds, healthy_rounds,
           interrupted_rounds, missed_rounds, cp_restart_count,
           total_creates, total_create_errors, max_plan_count, total_recovery_attempts, recoveries_refuted, max_p99_ms,
           pooled_p99_ms, store_bytes_final]) AS value,
         generate_subscripts([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20], 1) AS place
  FROM final_text
)
SELECT figure, max(value) FILTER (side = 'baseline') AS baseline, max(value) FILTER (side = 'this') AS this FROM shown
  GROUP BY place, figure ORDER BY place;

-- One row per figure, as the table of the text shows it.
CREATE VIEW figures_text AS
SELECT figure, unit, shown_measure(baseline, unit) AS baseline, shown_measure(this, unit) AS this,
       coalesce(shown_change(difference), 'n/a') AS difference,
       coalesce(shown_change(100 * relative) || ' %', '') AS relative,
       CASE WHEN interval_low IS NULL THEN '' ELSE shown_change(interval_low) || ' to '
         || shown_change(interval_high) END AS "95 % interval",
       CASE WHEN baseline_n = this_n THEN CAST(this_n AS VARCHAR) ELSE baseline_n || ' / ' || this_n END || ' '
         || shown_things(this_n, counted) AS n,
       coalesce(regexp_replace(shown_p(p_holm), '^p=?', ''), '') AS "p (Holm)",
       -- As a share of the baseline, where that says more than its own unit.
       CASE WHEN result = 'within noise' AND smallest_shown IS NOT NULL THEN shown_amount(smallest_shown)
         || CASE WHEN is_amount AND baseline <> 0 AND over_range IS NULL THEN ' ('
           || shown_amount(significant(100 * smallest_shown / abs(baseline), 2)) || ' %)' ELSE '' END
         ELSE '' END AS "shown from",
       CASE WHEN result = 'not told' THEN 'inconclusive (' || untold || ')' ELSE result END AS result
FROM figure_row ORDER BY place;

-- One row per line under the headline.
CREATE VIEW comparison_lines AS
WITH line AS (
  SELECT 1 AS place, place AS number, result || ': ' || figure || ' ' || shown_measure(baseline, unit) || ' -> '
    || shown_measure(this, unit) || ' ' || unit || ' (' || coalesce(shown_change(difference), 'n/a')
           || CASE WHEN interval_low IS NULL THEN ''
             ELSE '; 95 % confidence interval ' || shown_change(interval_low) || ' to '
               || shown_change(interval_high) END
           || CASE WHEN p_holm IS NULL THEN '' ELSE '; ' || shown_p(p_holm) END || ')' AS line
  FROM figure_row WHERE result IN ('worse', 'better')
  UNION ALL
  SELECT 2, 0, 'verdict ' || change || ': ' || id || CASE WHEN name = id THEN '' ELSE ' ' || name END || ' ' || baseline
    || ' -> ' || this FROM verdict_pair WHERE change IN ('worse', 'better')
  UNION ALL
  SELECT 3, 0, 'both have the same rounds: one soak was compared with itself' FROM identity WHERE same_evidence
  UNION ALL
  SELECT 4, 0, 'too short to compare: the common time has ' || blocks
    || CASE WHEN blocks = 1 THEN ' block' ELSE ' blocks' END
    || ' of ' || block_seconds // 3600 || ' hours; telling a difference from noise needs ' || enough_points
    || ' (two days)'
  FROM common_time, rules WHERE blocks < enough_points
  UNION ALL
  -- A difference from what was altered, or from what was played, is no finding about a control plane.
  SELECT 5, CASE side WHEN 'baseline' THEN 0 ELSE 1 END,
         CASE side WHEN 'baseline' THEN 'the baseline' ELSE 'this soak' END
    || ' was altered after its rounds sealed it, and proves nothing: ' || gate_d
  FROM final_report WHERE gate_d LIKE 'NOT PROVEN (evidence altered%'
  UNION ALL
  SELECT 6, 0, CASE side WHEN 'baseline' THEN 'the baseline' ELSE 'this soak' END
    || ' is a rehearsal, and the other is not: their differences say nothing about a control plane'
  FROM final_report WHERE rehearsal AND (SELECT count(*) FROM final_report o WHERE o.rehearsal) = 1
  UNION ALL
  SELECT 7, CASE side WHEN 'baseline' THEN 0 ELSE 1 END,
         CASE side WHEN 'baseline' THEN 'the baseline' ELSE 'this soak' END
    || ' is not over: a FAIL of its verdicts may only say that something is not measured yet;'
    || ' --type status says which are lost'
  FROM final_report WHERE NOT complete
  UNION ALL
  SELECT 8, 0, CASE side WHEN 'baseline' THEN 'the baseline' ELSE 'this soak' END
    || ' has fewer than 7 days: the checks of days 1-7 fail, whatever it measured'
  FROM final_report WHERE duration_days < 7 AND (SELECT count(*) FROM final_report o WHERE o.duration_days < 7) = 1
)
SELECT line FROM line ORDER BY place, number, line;

-- One row: the sentences of the text.
CREATE VIEW comparison_text AS
SELECT CAST(rehearsal AS VARCHAR) AS rehearsal,
       CASE WHEN worse = 0 AND better = 0 THEN 'no difference shown' ELSE
         CASE WHEN worse > 0 THEN worse || CASE WHEN worse = 1 THEN ' figure' ELSE ' figures' END || ' worse'
           ELSE 'no figure worse' END || CASE WHEN better > 0 THEN ', ' || better || ' better' ELSE '' END
           || ' beyond noise' END
         || ' (' || tested || ' tested' || CASE WHEN not_told > 0 THEN ', ' || not_told || ' inconclusive' ELSE '' END
           || ')' AS outcome,
       'the first ' || CASE WHEN common_days < 0.01 THEN 'minutes' ELSE shown_days(common_days, 1) || ' days' END
         || ' of each, in ' || blocks
         || CASE WHEN blocks = 1 THEN ' block' ELSE ' blocks' END || ' of ' || block_seconds // 3600
         || ' hours (baseline ' || baseline_rounds || ', this ' || this_rounds || ' rounds'
         || CASE WHEN baseline_rounds_left_out + this_rounds_left_out > 0 THEN '; later rounds, left out: '
           || baseline_rounds_left_out || ' and ' || this_rounds_left_out ELSE '' END || ')' AS common_time,
       CASE WHEN plan_bins > 0 THEN format('{:,}', fewest_plans) || ' to ' || format('{:,}', most_plans) || ', in '
         || plan_bins || ' bins'
         ELSE 'none: too few rounds of the two soaks had similar plan counts' END AS common_plans,
       CAST(family_error * 100 AS INTEGER) || ' %' AS family_error, CAST(tested_below AS VARCHAR) AS tested_below,
       CAST(negligible * 100 AS INTEGER) || ' %' AS negligible
FROM comparison;
