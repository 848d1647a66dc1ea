-- Verdicts: NULL is "not measured", and that is never a pass.
CREATE MACRO verdict_word(passes, pending) AS CASE WHEN pending THEN 'PENDING' WHEN passes THEN 'PASS' ELSE 'FAIL' END;

-- A share, NULL where there is nothing to share (0/0 must not look like a good rate).
CREATE MACRO share(part, whole) AS CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0);

CREATE MACRO percentage(part, whole) AS 100 * CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0);

-- Whether part/whole reaches a target, in exact decimals: a double could round 98.9999… up to it.
CREATE MACRO share_reaches(part, whole, target) AS
  whole > 0 AND CAST(part AS DECIMAL(19, 0)) >= CAST(target AS DECIMAL(19, 9)) * CAST(whole AS DECIMAL(19, 0));

CREATE MACRO percentage_reaches(part, whole, target) AS
  whole > 0 AND 100 * CAST(part AS DECIMAL(19, 0)) >= CAST(target AS DECIMAL(19, 9)) * CAST(whole AS DECIMAL(19, 0));

-- What later evidence can still make of a verdict: 'on track' can still pass and has what it claims so far, 'behind'
-- can still pass and is below its target now.
CREATE MACRO outlook_word(can_pass, can_fail, measured, is_behind := false) AS
  CASE WHEN can_pass IS NOT TRUE THEN 'already lost' WHEN can_fail = false THEN 'passed for good'
  WHEN NOT measured OR measured IS NULL THEN 'not yet measured' WHEN is_behind THEN 'behind' ELSE 'on track' END;

-- How many of n may fail without missing the target, in exact decimals.
CREATE MACRO failures_allowed(n, target) AS
  CAST(floor(CAST(n AS DECIMAL(19, 0)) - CAST(target AS DECIMAL(19, 9)) * CAST(n AS DECIMAL(19, 0))) AS BIGINT);
CREATE MACRO failures_allowed_pct(n, target_pct) AS
  CAST(floor(100 * CAST(n AS DECIMAL(19, 0)) - CAST(target_pct AS DECIMAL(19, 9))
    * CAST(n AS DECIMAL(19, 0))) AS BIGINT) // 100;

-- How many more successes in a row bring ok of n up to the target, in whole numbers: the smallest m of (ok + m) / (n +
-- m) >= target. NULL where none do: a target of 1, and a failure.
CREATE MACRO successes_missing(ok, n, target) AS CAST(CASE WHEN share_reaches(ok, n, target) THEN 0
  ELSE (CAST(CAST(target AS DECIMAL(19, 9)) * 1000000000 AS HUGEINT) * n - 1000000000 * CAST(ok AS HUGEINT)
    + 999999999 - CAST(CAST(target AS DECIMAL(19, 9)) * 1000000000 AS HUGEINT))
    // nullif(1000000000 - CAST(CAST(target AS DECIMAL(19, 9)) * 1000000000 AS HUGEINT), 0) END AS BIGINT);

CREATE MACRO shown_allowed(allowed) AS
  CASE WHEN allowed = 0 THEN 'none allowed' ELSE allowed || ' allowed' END;

-- How many went wrong, and how many may.
CREATE MACRO shown_budget(used, allowed, things) AS shown_number_of(used, things) || ', ' || shown_allowed(allowed);

CREATE MACRO shown_rate_margin(ok, n, target, target_text, none_left) AS CASE
  WHEN n = 0 THEN CASE WHEN none_left THEN 'no recovery ran' ELSE 'no recovery yet' END
  ELSE CASE WHEN n = ok THEN 'none' ELSE CAST(n - ok AS VARCHAR) END || ' of ' || shown_number_of(n, 'recoveries')
    || ' failed, '
    || CASE WHEN share_reaches(ok, n, target) OR none_left
      OR successes_missing(ok, n, target) IS NULL THEN shown_allowed(failures_allowed(n, target))
         ELSE shown_number_of(successes_missing(ok, n, target), 'more recoveries')
           || ' without a failure needed to reach ' || target_text END END;
