-- From what a trend is told: one value for each stretch of time, never one for each round, since rounds in a row
-- resemble each other; and of what begins anew with the process, for each stretch of one life of it.

-- One row per measure: its place, its unit, the target that it must not reach, if it has one, and whether it begins
-- anew with the process.
CREATE TABLE trend_series AS
SELECT s.*, CASE s.series WHEN 'p99_ms' THEN t.p99_ms END AS target
FROM (VALUES (1, 'p99_ms', 'ms', false), (2, 'p50_ms', 'ms', false), (3, 'store_bytes', 'bytes', false),
  (4, 'wal_bytes', 'bytes', true),
  (5, 'audit_bytes', 'bytes', false), (6, 'cp_rss_bytes', 'bytes', true),
  (7, 'cp_open_fds', 'descriptors', true)) s(place, series, unit, of_process), targets t;

-- One row: how a trend is told (contract, section 4, "Trends").
CREATE TABLE trend_method AS
SELECT 10 AS enough_days,           -- medians of UTC days from so many on
       21600 AS stretch_seconds,    -- and of 6 hours before
       [7200, 1800] AS shorter_stretches, -- seconds, where lives are short
       4 AS enough_points,          -- so many in a life, or it tells nothing
       5 AS enough_lives,           -- so many allow shorter stretches where lives are short
       3 AS enough_freedom,         -- degrees of freedom; 5 points in one life
       0.01 AS significance,
       -- By how many standard errors the autocorrelation is taken larger than estimated: stretches shorter than a day
       -- see little of what days have in common.
       0.5 AS raised_for_days, 2.0 AS raised_for_hours;

-- One row per counted round, with the life of the control plane's process that it measured. A life ends by a restart
-- that the round made, a boot of the host, another process (program, instance) that listens; where nothing tells which
-- process it is, by a fall of its memory to less than half.
CREATE TABLE process_life AS
WITH told AS (
  SELECT round_id, starts_at, restarted, boot_id, cp_rss_bytes AS memory, cp_identity ->> '$.process' AS process,
         cp_identity ->> '$.program' AS program, cp_identity ->> '$.instance' AS instance
  FROM round_row WHERE counted
), beside AS (
  -- What was known last, not the row before: a round in which the control plane was away knows nothing.
  SELECT *, last_value(boot_id IGNORE NULLS) OVER earlier AS last_boot,
         last_value(memory IGNORE NULLS) OVER earlier AS last_memory,
         last_value(process IGNORE NULLS) OVER earlier AS last_process,
         last_value(program IGNORE NULLS) OVER earlier AS last_program,
         last_value(instance IGNORE NULLS) OVER earlier AS last_instance
  FROM told WINDOW earlier AS (ORDER BY starts_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), begun AS (
  SELECT *, coalesce(restarted, false) OR coalesce(boot_id <> last_boot, false)
    OR coalesce(process <> last_process, false) OR coalesce(program <> last_program, false)
           OR coalesce(instance <> last_instance, false)
             OR ((process IS NULL OR last_process IS NULL) AND coalesce(2 * memory < last_memory, false)) AS begins
  FROM beside
)
SELECT round_id, starts_at, CAST(sum(CAST(begins AS INTEGER)) OVER (ORDER BY starts_at) AS BIGINT) AS life FROM begun;

-- One row per measure and counted round that measured both it and the plans; `life` is 0 throughout for what a restart
-- does not touch.
CREATE TABLE trend_measured AS
SELECT m.series, m.date, m.starts_at, m.plans, m.amount, CASE WHEN s.of_process THEN l.life ELSE 0 END AS life,
       s.of_process
FROM (
  UNPIVOT (SELECT round_id, date, starts_at, CAST(plan_count AS DOUBLE) AS plans, p99_ms, p50_ms,
    CAST(store_bytes AS DOUBLE) AS store_bytes, CAST(wal_bytes AS DOUBLE) AS wal_bytes,
             CAST(audit_bytes AS DOUBLE) AS audit_bytes, CAST(cp_rss_bytes AS DOUBLE) AS cp_rss_bytes,
             CAST(cp_open_fds AS DOUBLE) AS cp_open_fds
           FROM round_row WHERE counted AND plan_count IS NOT NULL)
  ON p99_ms, p50_ms, store_bytes, wal_bytes, audit_bytes, cp_rss_bytes, cp_open_fds INTO NAME series VALUE amount) m
JOIN trend_series s USING (series) JOIN process_life l USING (round_id);

-- One row per measure: how long a stretch is, 0 for a UTC day. Of what begins anew with the process it is the longest
-- of which at least half of the rounds lie in lives of enough stretches; where no such lives are many, 6 hours.
CREATE TABLE trend_stretch AS
WITH of_series AS (
  SELECT series, any_value(of_process) AS of_process, count(DISTINCT date) AS days, count(*) AS rounds
    FROM trend_measured GROUP BY series
), candidate AS (
  SELECT DISTINCT greatest(unnest(list_prepend(m.stretch_seconds, m.shorter_stretches)),
    k.interval_seconds) AS seconds FROM trend_method m, soak k
), of_life AS (
  SELECT series, life, count(*) AS rounds, seconds_of(max(starts_at)) - seconds_of(min(starts_at)) AS lasted_seconds
    FROM trend_measured WHERE of_process GROUP BY series, life
), fitting AS (
  SELECT l.series, c.seconds, count(*) AS lives, sum(l.rounds) AS rounds
  FROM of_life l, candidate c, trend_method m
  WHERE l.lasted_seconds >= (m.enough_points - 1) * c.seconds GROUP BY l.series, c.seconds
), chosen AS (
  SELECT f.series, max(f.seconds) AS seconds FROM fitting f JOIN of_series o USING (series), trend_method m
  WHERE 2 * f.rounds >= o.rounds AND (f.lives >= m.enough_lives OR f.seconds >= m.stretch_seconds) GROUP BY f.series
)
SELECT o.series, CASE WHEN NOT o.of_process AND o.days >= m.enough_days THEN 0
  ELSE coalesce(c.seconds, m.stretch_seconds) END AS seconds
FROM of_series o LEFT JOIN chosen c USING (series), trend_method m;

-- One row per line to be fitted and point of it: the medians of a stretch, and, of what has a target, its largest as
-- well (`is_largest`), since that is what is judged.
CREATE TABLE trend_point AS
WITH placed AS (
  SELECT m.*, t.seconds, CASE WHEN t.seconds = 0 THEN date - DATE '1970-01-01'
           ELSE (seconds_of(m.starts_at) - CASE WHEN m.of_process THEN min(seconds_of(m.starts_at))
             OVER (PARTITION BY m.series, m.life) ELSE 0 END) // t.seconds END AS stretch
  FROM trend_measured m JOIN trend_stretch t USING (series)
), point AS (
  SELECT series, false AS is_largest, of_process, life, stretch, any_value(seconds) AS seconds, median(plans) AS x,
         median(amount) AS y FROM placed GROUP BY series, of_process, life, stretch
  UNION ALL
  SELECT series, true, p.of_process, life, stretch, any_value(seconds), arg_max(plans, amount), max(amount)
    FROM placed p JOIN trend_series s USING (series) WHERE s.target IS NOT NULL GROUP BY series, p.of_process, life,
    stretch
)
SELECT p.series, p.is_largest, p.life, p.seconds, p.x, p.y,
       row_number() OVER (PARTITION BY p.series, p.is_largest, p.life ORDER BY p.stretch) AS place
FROM point p, trend_method m
QUALIFY NOT p.of_process OR count(*) OVER (PARTITION BY p.series, p.is_largest, p.life) >= m.enough_points;
