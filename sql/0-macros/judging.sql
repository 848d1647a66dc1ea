-- Verdicts: NULL is "not measured", and that is never a pass.
CREATE MACRO verdict_word(passes, pending) AS CASE WHEN pending THEN 'PENDING' WHEN passes THEN 'PASS' ELSE 'FAIL' END;

-- A share, NULL where there is nothing to share (0/0 must not look like a good rate).
CREATE MACRO share(part, whole) AS CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0);

CREATE MACRO percentage(part, whole) AS 100 * CAST(part AS DOUBLE) / nullif(CAST(whole AS DOUBLE), 0);

-- Whether part/whole reaches a target, in exact decimals: a double could round 98.9999… up to it.
CREATE MACRO share_reaches(part, whole, target) AS whole > 0 AND CAST(part AS DECIMAL(19, 0)) >= CAST(target AS DECIMAL(19, 9)) * CAST(whole AS DECIMAL(19, 0));

CREATE MACRO percentage_reaches(part, whole, target) AS whole > 0 AND 100 * CAST(part AS DECIMAL(19, 0)) >= CAST(target AS DECIMAL(19, 9)) * CAST(whole AS DECIMAL(19, 0));
