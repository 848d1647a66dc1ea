-- Everything counted over the whole soak as of as_of (contract, section 4).

-- One row: what the rounds add up to.
CREATE TABLE round_figures AS
SELECT count(*) FILTER (counted) AS total_rounds,
       count(*) FILTER (counted AND is_recorded) AS recorded_rounds,
       count(*) FILTER (counted AND kind = 'legacy') AS legacy_rounds,
       count(*) FILTER (counted AND healthy) AS healthy_rounds,
       count(*) FILTER (counted AND is_recorded AND NOT healthy) AS failed_rounds,
       count(*) FILTER (counted AND kind = 'interrupted') AS interrupted_rounds,
       count(*) FILTER (kind = 'in_progress') AS in_progress_rounds,
       count(*) FILTER (after_end) AS rounds_after_end,
       count(*) FILTER (counted AND restarted) AS restarted_rounds,
       -- Wherever it is said: one mark that was taken out, or one round that was mixed in, must not make real evidence
       -- of it.
       coalesce(bool_or(rehearsal), false) OR coalesce(setting('SOAK_REHEARSAL') = 'true', false)
         OR coalesce(setup_value('rehearsal') = 'true', false) AS rehearsal,
       coalesce(bool_or(cp_mode = 'embedded') FILTER (counted), false) AS any_embedded,
       arg_max(cp_mode, starts_at) FILTER (counted AND cp_mode IS NOT NULL) AS last_cp_mode,
       coalesce(sum(create_ok) FILTER (counted), 0)::BIGINT AS total_creates,
       coalesce(sum(create_errors) FILTER (counted), 0)::BIGINT AS total_create_errors,
       max(plan_count) FILTER (counted) AS max_plan_count,
       arg_max(plan_count, starts_at) FILTER (counted AND plan_count IS NOT NULL) AS final_plan_count,
       arg_max(store_bytes, starts_at) FILTER (counted AND store_bytes IS NOT NULL) AS store_bytes_final,
       coalesce(sum(counted_recovery_ok) FILTER (counted), 0)::BIGINT AS total_recovery_ok,
       coalesce(sum(recovery_fail) FILTER (counted), 0)::BIGINT AS total_recovery_fail,
       coalesce(sum(recovery_deferred) FILTER (counted), 0)::BIGINT AS total_recovery_deferred,
       coalesce(sum(drill_recoveries) FILTER (counted), 0)::BIGINT AS drill_recoveries,
       -- By the rounds that found them; never more than there were successes.
       least(coalesce(sum(recoveries_refuted) FILTER (counted), 0),
         coalesce(sum(counted_recovery_ok) FILTER (counted), 0))::BIGINT AS recoveries_refuted,
       least(coalesce(sum(recoveries_refuted) FILTER (counted AND soak_day <= early_days), 0),
         coalesce(sum(counted_recovery_ok) FILTER (counted
         AND soak_day <= early_days), 0))::BIGINT AS recoveries_refuted_7d,
       coalesce(sum(counted_recovery_ok) FILTER (counted AND soak_day <= early_days), 0)::BIGINT AS recovery_ok_7d,
       coalesce(sum(recovery_fail) FILTER (counted AND soak_day <= early_days), 0)::BIGINT AS recovery_fail_7d,
       (sum(stuck_count) FILTER (counted))::BIGINT AS total_stuck_plans,
       count(*) FILTER (counted AND NOT scanned) AS scan_failures,
       max(p99_ms) FILTER (counted AND soak_day = early_days) AS day7_p99_ms,
       max(p99_ms) FILTER (counted AND soak_day = soak_days) AS day30_p99_ms,
       max(p99_ms) FILTER (counted AND soak_day <= early_days) AS p99_ms_7d,
       max(p99_ms) FILTER (counted) AS max_p99_ms,
       quantile_disc(p99_ms, 0.95) FILTER (counted) AS p95_of_p99_ms,
       max(starts_at) FILTER (counted) AS last_round_at,
       -- A folder alone shows no soak that went on to its end.
       max(soak_day) FILTER (counted AND is_recorded) AS last_round_day,
       coalesce(bool_or(counted AND is_recorded AND starts_at >= end_at - to_hours(recent_hours)),
         false) AS last_24h_hold_a_round
FROM (SELECT r.*, k.early_days, k.soak_days, k.end_at, p.recent_hours FROM round_row r, soak k, raw_plan p);

-- One row, or none: round 1. The first folder is not it where its summary does not say so. Rounds before the start have
-- numbers too, but neither what was copied there later, nor what says that it ran later, while the clock stood behind.
CREATE TABLE round_one AS
WITH r AS (SELECT * FROM round_row WHERE round = 1), earlier AS (
  SELECT count(*) FILTER (b.said_round < r.said_round) AS ran_before, count(*) FILTER (b.said_round IS NULL) AS untold
  FROM r JOIN round_row b ON b.starts_at < r.starts_at AND NOT b.is_strange
)
SELECT r.* FROM r, earlier e
WHERE r.kind <> 'recorded' OR r.said_round BETWEEN 1 + e.ran_before AND 1 + e.ran_before + e.untold;

-- One row: latencies over all counted creates, each weighing the same.
CREATE TABLE create_pool AS
SELECT quantile_disc(c.latency_ms, 0.99) AS pooled_p99_ms,
       quantile_disc(c.latency_ms, 0.99) FILTER (r.soak_day <= k.early_days) AS pooled_p99_ms_7d
FROM create_row c JOIN round_row r USING (round_id), soak k
WHERE c.counted AND r.counted;

-- One row: the slots in which rounds ran, the worst of several standing for its slot.
CREATE TABLE round_slots AS
SELECT count(*) AS slots_with_rounds, count(*) FILTER (healthy) AS healthy_slots_with_rounds,
       count(*) FILTER (recorded) AS recorded_slots, count(*) FILTER (plans_counted) AS plan_counted_slots
FROM (SELECT slot, bool_and(healthy) AS healthy, bool_or(is_recorded) AS recorded,
        bool_or(plan_count IS NOT NULL) AS plans_counted
      FROM round_row WHERE counted GROUP BY slot);

-- One row: the schedule's figures.
CREATE TABLE slot_figures AS
SELECT count(*) AS scheduled_rounds, count(*) FILTER (status = 'missed') AS missed_rounds,
       count(*) FILTER (healthy) AS healthy_slots, count(*) FILTER (covered) AS covered_slots FROM slot_row;

-- One row: the set check over all rounds (contract, section 5): distinct ids, at least as many as any one summary
-- tells; NULL where no round measured it.
CREATE TABLE set_check AS
WITH ids AS (
  SELECT count(DISTINCT plan_id) FILTER (finding = 'lost') AS lost,
         count(DISTINCT plan_id) FILTER (finding = 'duplicate') AS duplicate,
         count(DISTINCT plan_id) FILTER (finding = 'revived') AS revived
  FROM integrity_id i JOIN round_row r USING (round_id) WHERE r.counted
), told AS (
  SELECT max(lost_plans) AS lost, max(duplicate_plans) AS duplicate, max(revived_plans) AS revived,
         count(*) FILTER (lost_plans IS NOT NULL AND duplicate_plans IS NOT NULL) AS rounds,
         max(starts_at) FILTER (lost_plans IS NOT NULL AND duplicate_plans IS NOT NULL) AS last_at
  FROM round_row WHERE counted
), stranger AS (
  -- While a stranger answers in the control plane's place nobody sees the plans: what was seen before says nothing
  -- about them now.
  SELECT arg_min(r.round_id, r.starts_at) AS round_id FROM round_row r, told t WHERE r.counted AND r.port_conflict
    AND (t.last_at IS NULL OR r.starts_at > t.last_at)
)
SELECT t.rounds AS set_checked_rounds, s.round_id AS stranger_since_round_id,
       CASE WHEN t.lost IS NOT NULL OR i.lost > 0 THEN greatest(t.lost, i.lost) END AS lost_plans,
       CASE WHEN t.duplicate IS NOT NULL OR i.duplicate > 0
         THEN greatest(t.duplicate, i.duplicate) END AS duplicate_plans,
       CASE WHEN t.revived IS NOT NULL OR i.revived > 0 THEN greatest(t.revived, i.revived) END AS revived_plans
FROM ids i, told t, stranger s;

-- One row: the first round that saw the fleet reach the target, in order of time, and the lowest number that any such
-- round gave itself; NULL where none did.
CREATE TABLE fleet_reached AS
SELECT min(r.round) AS round, min(r.said_round) AS said_round FROM round_row r, targets t
WHERE r.counted AND r.plan_count >= t.plan_count;

-- One row per round whose fleet was below the target again after it had reached it. A round that ran before that, by
-- its own number, stands behind where the clock was set back between them: it saw no fleet that shrank.
CREATE TABLE below_again AS
SELECT r.round_id FROM round_row r, targets t, fleet_reached f
WHERE r.counted AND r.plan_count < t.plan_count AND r.round >= f.round
  AND NOT coalesce(r.said_round BETWEEN 1 AND f.said_round - 1, false);

-- One row: the fleet's size from the first round on that reached the target.
CREATE TABLE fleet AS
SELECT any_value(f.round) AS reached_in_round,
       max(r.plan_count) FILTER (r.round >= t.fleet_round) AS plan_count_from_round_10,
       (SELECT count(*) FROM below_again) AS rounds_below_again,
       count(*) FILTER (r.round >= f.round AND r.plan_count IS NULL) AS rounds_uncounted
FROM (SELECT * FROM round_row WHERE counted) r, targets t, fleet_reached f;

-- One row: all of these figures, and the rates and shares that are made of them.
CREATE TABLE figures AS
WITH of_slots AS MATERIALIZED (
  SELECT *, percentage(covered_slots, scheduled_rounds) AS coverage_pct,
         percentage(healthy_slots_with_rounds, slots_with_rounds) AS slot_uptime_pct,
         percentage(healthy_slots, scheduled_rounds) AS scheduled_uptime_pct
  FROM slot_figures, round_slots, downtime, create_pool
), starts AS (
  SELECT r.restarted_rounds + (SELECT count(*) FROM resume, soak k WHERE control_plane = 'started'
    AND resume.logged_at < k.as_of) AS restarts FROM round_figures r
)
SELECT r.*, s.*,
       c.set_checked_rounds, c.stranger_since_round_id, c.lost_plans, c.duplicate_plans, c.revived_plans,
       f.reached_in_round, f.plan_count_from_round_10, f.rounds_below_again, f.rounds_uncounted,
       o.p99_ms AS round1_p99_ms,
       r.total_recovery_ok + r.total_recovery_fail AS total_recovery_attempts,
       r.recovery_ok_7d + r.recovery_fail_7d AS recovery_attempts_7d,
       -- What counts as a success: exit code 0, and not refuted.
       r.total_recovery_ok - r.recoveries_refuted AS recoveries_held,
       r.recovery_ok_7d - r.recoveries_refuted_7d AS recoveries_held_7d,
       share(r.total_recovery_ok - r.recoveries_refuted,
         r.total_recovery_ok + r.total_recovery_fail) AS agg_rollback_rate,
       share(r.recovery_ok_7d - r.recoveries_refuted_7d, r.recovery_ok_7d + r.recovery_fail_7d) AS rollback_rate_7d,
       share(r.total_recovery_ok, r.total_recovery_ok + r.total_recovery_fail) AS rollback_rate_by_exit_code,
       share(r.recovery_ok_7d, r.recovery_ok_7d + r.recovery_fail_7d) AS rollback_rate_7d_by_exit_code,
       percentage(r.healthy_rounds, r.total_rounds) AS uptime_pct,
       -- Whoever runs an attached control plane restarts it too, and no round sees that.
       CASE WHEN q.restarts > 0 OR NOT (SELECT is_attached FROM first_setup) THEN q.restarts END AS cp_restart_count,
       -- Bash rounds do not say what they ran against, and a default must not say it for them.
       CASE WHEN r.any_embedded THEN 'embedded'
         ELSE coalesce(r.last_cp_mode, (SELECT value FROM raw_config WHERE key = 'CP_MODE'
           AND (is_written OR r.legacy_rounds = 0))) END AS cp_mode
FROM round_figures r, of_slots s, set_check c, fleet f, starts q
  LEFT JOIN round_one o ON true;
