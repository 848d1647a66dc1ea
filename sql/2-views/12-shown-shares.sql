-- How rates and percentages look beside their targets (contract, section 4 "Numbers").

-- 0.989 for 0.98951 that had to reach 0.990; a rate below the target of the soak failed whether or not that is said.
CREATE MACRO shown_rate(rate, failed) AS (SELECT coalesce(shown_share(rate, failed OR TRY_CAST(rate AS DECIMAL(28, 12)) < t.rollback_rate, 1, decimals_of(t.rollback_rate_text, 3)), 'n/a') FROM targets t);

CREATE MACRO shown_pct(pct, failed) AS (SELECT coalesce(shown_share(pct, failed, 100, decimals_of(t.uptime_pct_text, 1)), 'n/a') FROM targets t);
