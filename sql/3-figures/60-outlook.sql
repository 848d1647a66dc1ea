-- What can still come. Each slot that has no round yet may bring one, good or bad; what is there stays as it reads now,
-- and a round beyond the schedule is not reckoned with.

-- One row per slot of the soak: the rounds that can still come in it; is_new where the first of them would be the
-- slot's first.
CREATE TABLE slot_to_come AS
WITH held AS (
  SELECT slot, bool_or(counted) AS is_decided, count(*) FILTER (kind = 'in_progress') AS running,
         bool_or(counted AND plan_count IS NOT NULL) AS plans_counted,
         arg_max(round_id, starts_at) FILTER (counted) AS last_round_id
  FROM round_row WHERE in_soak GROUP BY slot
)
SELECT s.slot, s.slot * k.interval_seconds // k.day_seconds + 1 AS soak_day,
       s.slot < k.early_days * k.day_seconds // k.interval_seconds AS is_early,
       h.is_decided IS NOT TRUE AS is_new, CASE WHEN h.is_decided THEN h.running WHEN e.slot IS NULL THEN 1
         ELSE 0 END AS rounds, h.plans_counted IS NOT TRUE AS is_uncounted, h.last_round_id
FROM soak k, range(k.total_slots) s(slot) LEFT JOIN slot_row e USING (slot) LEFT JOIN held h USING (slot);

-- One row: the rounds to come, of the soak and of its first 7 days, the slots that have none yet, and those in which
-- the plans may yet be counted; closing_round_id is the round that left none to come, NULL where time did.
CREATE TABLE to_come AS
SELECT CAST(sum(rounds) AS BIGINT) AS rounds, CAST(coalesce(sum(rounds) FILTER (is_early), 0) AS BIGINT) AS rounds_7d,
       CAST(coalesce(sum(rounds) FILTER (is_new), 0) AS BIGINT) AS slots,
       count(*) FILTER (rounds > 0 AND is_uncounted) AS slots_to_count,
       CASE WHEN sum(rounds) = 0 THEN nullif(arg_max(coalesce(last_round_id, ''), slot), '') END AS closing_round_id,
       CASE WHEN sum(rounds) FILTER (is_early) = 0 THEN nullif(arg_max(coalesce(last_round_id, ''), slot)
         FILTER (is_early), '') END AS closing_round_id_7d
FROM slot_to_come;

-- One row per counted round, for finding the one that decided: what stood before it and after it, and how many slots
-- are left then. before_slots holds its own slot where it is that slot's first.
CREATE TABLE round_course AS
WITH placed AS (
  SELECT r.*, r.kind = 'recorded' AND r.healthy AS asked, r.kind = 'recorded' AND r.healthy
    AND (r.lost_plans IS NULL OR r.duplicate_plans IS NULL) AS unchecked,
         row_number() OVER slot_upto = 1 AS is_first, NOT r.healthy
           AND count_if(NOT r.healthy) OVER slot_upto = 1 AS spoils
  FROM round_row r WHERE r.counted WINDOW slot_upto AS (PARTITION BY r.slot ORDER BY r.round)
)
SELECT r.round_id, r.starts_at, r.round, r.healthy, r.unchecked, k.total_slots - r.slot - 1 AS after_slots,
       k.total_slots - r.slot - 1 + CASE WHEN r.is_first THEN 1 ELSE 0 END AS before_slots,
       count_if(NOT r.healthy) OVER upto AS unhealthy,
       count_if(NOT r.healthy) OVER upto - CASE WHEN r.healthy THEN 0 ELSE 1 END AS unhealthy_before,
       count_if(r.is_first) OVER upto AS slots, count_if(r.spoils) OVER upto AS bad_slots,
       count_if(r.unchecked) OVER upto AS unchecked_rounds, count_if(r.asked) OVER upto AS asked_rounds,
       count_if(r.asked) OVER upto - CASE WHEN r.asked THEN 1 ELSE 0 END AS asked_before,
       r.is_first, r.spoils,
       CAST(coalesce(sum(r.create_ok) OVER upto, 0) AS BIGINT) AS creates,
       CAST(coalesce(sum(r.create_ok) OVER upto, 0) - coalesce(r.create_ok, 0) AS BIGINT) AS creates_before
FROM placed r, soak k
WINDOW upto AS (ORDER BY r.round);
