-- One row: the fields of checkpoint-Nd.json in the contract's order; _nd stands for the checkpoint's day. Without a
-- checkpoint in scope its day is NULL.
CREATE VIEW checkpoint_report AS
SELECT k.checkpoint_day AS day,
       k.t0 AS window_start,
       to_timestamp(k.t0_unix + k.checkpoint_day * k.day_seconds) AS window_end,
       k.as_of,
       k.as_of >= to_timestamp(k.t0_unix + k.checkpoint_day * k.day_seconds) AS complete,
       f.rehearsal, f.cp_mode, f.total_rounds, f.healthy_rounds, f.interrupted_rounds, f.missed_rounds, f.uptime_pct,
       f.total_creates,
       f.agg_rollback_rate AS rollback_rate_nd,
       f.total_recovery_attempts AS recovery_attempts_nd,
       f.total_recovery_attempts,
       f.recoveries_refuted, f.rollback_rate_by_exit_code,
       f.max_p99_ms AS p99_ms_nd,
       f.pooled_p99_ms AS pooled_p99_ms_nd
FROM soak k, figures f;
