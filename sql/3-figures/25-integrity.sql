-- One row: whether the plans and the store were checked over the whole soak, and what was found.
CREATE TABLE integrity_of_soak AS
WITH store AS (
  SELECT count(DISTINCT date) FILTER (store_check IS NOT NULL) AS days_checked, count(store_check) AS store_checks,
         min(round_id) FILTER (store_check IS NOT NULL) AS first_check,
         max(round_id) FILTER (store_check IS NOT NULL) AS last_check,
         count(DISTINCT date) FILTER (store_check <> 'ok') AS days_damaged,
         arg_min(round_id, starts_at) FILTER (store_check <> 'ok') AS first_damaged,
         arg_min(store_check, starts_at) FILTER (store_check <> 'ok') AS first_finding,
         count(store_unchecked) AS rounds_unchecked, max(round_id)
           FILTER (store_unchecked IS NOT NULL) AS last_unchecked,
         arg_max(store_unchecked, starts_at) FILTER (store_unchecked IS NOT NULL) AS why_unchecked
  FROM round_row WHERE counted
)
SELECT s.*, coalesce(f.lost_plans, 0) + coalesce(f.duplicate_plans, 0) > 0 OR f.rounds_below_again > 0
  OR s.days_damaged > 0 AS is_violated,
       -- Bash rounds know no set check: then the plan's own figure, the count, decides alone.
       f.set_checked_rounds > 0 OR (f.total_rounds > 0 AND f.legacy_rounds = f.recorded_rounds
         AND f.legacy_rounds > 0) AS is_measured
FROM figures f, store s;
