-- How rates and percentages look beside their targets (contract, section 4 "Percentiles").

SET VARIABLE shown_target_rate = (SELECT rollback_rate FROM targets);
SET VARIABLE rate_decimals = (SELECT decimals_of(rollback_rate_text, 3) FROM targets);
SET VARIABLE pct_decimals = (SELECT decimals_of(uptime_pct_text, 1) FROM targets);

-- 0.989 for 0.98951 that had to reach 0.990; a rate below the target of the soak failed whether or not that is said.
CREATE MACRO shown_rate(rate, failed) AS
  coalesce(shown_share(rate, failed OR TRY_CAST(rate AS DECIMAL(28, 12)) < getvariable('shown_target_rate'), 1,
    getvariable('rate_decimals')), 'n/a');

CREATE MACRO shown_pct(pct, failed) AS coalesce(shown_share(pct, failed, 100, getvariable('pct_decimals')), 'n/a');

-- Beside a rate that has refuted recoveries in it: how many, and the plan's literal rate.
CREATE MACRO shown_refuted(refuted, by_exit_code) AS
  CASE WHEN refuted > 0 THEN ', refuted=' || refuted || ', by exit codes ' || shown_rate(by_exit_code, false) ELSE ''
    END;

-- 99.9%, n/a of nothing.
CREATE MACRO pct_words(pct, n, reaches) AS CASE WHEN n = 0 THEN 'n/a' ELSE shown_pct(pct, NOT reaches) || '%' END;

-- attempts=30, rate=0.967, target=0.990
CREATE MACRO rate_words(attempts, rate, reaches, target_text, refuted, by_exit_code) AS
  'attempts=' || attempts || ', rate='
  || shown_rate(rate, attempts > 0 AND NOT reaches) || ', target=' || target_text
    || shown_refuted(refuted, by_exit_code);
