-- Verdicts: NULL is "not measured", and that is never a pass.
CREATE MACRO verdict_word(passes, pending) AS CASE WHEN pending THEN 'PENDING' WHEN passes THEN 'PASS' ELSE 'FAIL' END;

-- Why what rests on the first days has no answer: they are not over yet, or the soak is too short to have them.
CREATE MACRO no_such_day(soak_days, early_days) AS 'a soak of ' || soak_days || CASE WHEN soak_days = 1 THEN ' day' ELSE ' days' END || ' has no day ' || early_days;
CREATE MACRO early_days_missing(soak_days, early_days, may_pend) AS CASE WHEN may_pend THEN ', ' ELSE ', not measured: ' END
  || CASE WHEN soak_days < early_days THEN no_such_day(soak_days, early_days) ELSE early_days || ' days have not passed' END;

-- A share, NULL where there is nothing to share (0/0 must not look like a good rate).
CREATE MACRO share(part, whole) AS CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0);

CREATE MACRO percentage(part, whole) AS 100 * CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0);

-- Whether part/whole reaches a target, in exact decimals: a double could round 98.9999… up to it.
CREATE MACRO share_reaches(part, whole, target) AS whole > 0 AND CAST(part AS DECIMAL(19, 0)) >= CAST(target AS DECIMAL(19, 9)) * CAST(whole AS DECIMAL(19, 0));

CREATE MACRO percentage_reaches(part, whole, target) AS whole > 0 AND 100 * CAST(part AS DECIMAL(19, 0)) >= CAST(target AS DECIMAL(19, 9)) * CAST(whole AS DECIMAL(19, 0));

-- What later evidence can still make of a verdict; 'on track' says that it can still pass.
CREATE MACRO outlook_word(can_pass, can_fail, measured) AS CASE WHEN can_pass IS NOT TRUE THEN 'already lost' WHEN can_fail = false THEN 'passed for good'
  WHEN measured THEN 'on track' ELSE 'not yet measured' END;

-- How many of n may fail without missing the target, in exact decimals.
CREATE MACRO failures_allowed(n, target) AS CAST(floor(CAST(n AS DECIMAL(19, 0)) - CAST(target AS DECIMAL(19, 9)) * CAST(n AS DECIMAL(19, 0))) AS BIGINT);
CREATE MACRO failures_allowed_pct(n, target_pct) AS CAST(floor(100 * CAST(n AS DECIMAL(19, 0)) - CAST(target_pct AS DECIMAL(19, 9)) * CAST(n AS DECIMAL(19, 0))) AS BIGINT) // 100;

-- How many more successes in a row bring ok of n up to the target; below the last digit that matters.
CREATE MACRO successes_missing(ok, n, target) AS CAST(ceil((CAST(target AS DOUBLE) * n - ok) / nullif(1 - CAST(target AS DOUBLE), 0) - 1e-6) AS BIGINT);

CREATE MACRO shown_budget(used, allowed, things) AS CASE WHEN used > allowed THEN used || ' ' || things || ', ' || allowed || ' allowed' ELSE (allowed - used) || ' of ' || allowed || ' ' || things || ' left' END;

-- Beside a rate that has refuted recoveries in it: how many, and the plan's literal rate.
CREATE MACRO shown_refuted(refuted, by_exit_code) AS CASE WHEN refuted > 0 THEN ', refuted=' || refuted || ', by exit codes ' || shown_rate(by_exit_code, false) ELSE '' END;

CREATE MACRO shown_rate_margin(ok, n, target, target_text, none_left) AS CASE
  WHEN n = 0 THEN CASE WHEN none_left THEN 'no recovery ran' ELSE 'no recovery yet' END
  WHEN share_reaches(ok, n, target) THEN (failures_allowed(n, target) - (n - ok)) || ' of ' || failures_allowed(n, target) || ' failures left at ' || n || ' attempts'
  WHEN none_left THEN (n - ok) || ' of ' || n || ' recoveries failed, ' || failures_allowed(n, target) || ' allowed'
  ELSE coalesce(successes_missing(ok, n, target) || ' more recoveries without a failure reach ' || target_text, (n - ok) || ' failures, none is allowed') END;
