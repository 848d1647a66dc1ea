-- What the files of this folder and of 5-claims fill. Each file says all there is to say of one check, in this order:
-- the rule, what later evidence can still change, the words, the rounds it turns on. Only the first is required
-- (sql/README.md).

-- One row per check: the rule. A check of the plan's scenario matrix has the kind 'check', a claim under test 'claim',
-- a file of the user's 'site check'. question is what it asks, in plain words; comparison (≤, = or ≥) stands between
-- value and target; unit is ms, count, rate or pct. rests_on are the keys of config.env by whose edit in mid-soak it
-- fails. for_gate_d is 'pass' where Gate D needs it to pass, 'losses' where the losses that it counts fail Gate D.
-- key_figure is the figure of a page's strip that has its colour; a check of the user's has neither of the two. A short
-- check may give its detail here. A verdict or a comparison of any other word would be counted by nobody.
CREATE TABLE check_row (id VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, kind VARCHAR NOT NULL DEFAULT 'check',
  question VARCHAR,
  verdict VARCHAR NOT NULL, value DOUBLE, comparison VARCHAR, target DOUBLE, unit VARCHAR, rests_on VARCHAR[],
  for_gate_d VARCHAR,
  key_figure VARCHAR, is_of_first_setup BOOLEAN DEFAULT false, detail VARCHAR,
  CHECK (verdict IN ('PASS', 'FAIL', 'PENDING')), CHECK (comparison IN ('≤', '=', '≥')),
  CHECK (kind <> 'site check' OR for_gate_d IS NULL AND key_figure IS NULL),
  CHECK (kind <> 'site check' OR coalesce(isfinite(value), true) AND coalesce(isfinite(target), true)));

-- Whether the id of a row of the user's stands for nothing else in any report: it ends the report otherwise.
CREATE MACRO is_site_id(asked) AS CASE
  WHEN asked = '' OR regexp_matches(asked, '^[\s\p{Z}]|[\s\p{Z}]$')
    THEN error('an id is empty or begins or ends with a blank: give the check an id such as SITE-1')
  WHEN regexp_matches(asked, '[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]')
    THEN error('an id has a control character or a line end in it: give the check an id such as SITE-1')
  WHEN lower(asked) IN ('overall', 'gate d')
    THEN error('the id ' || asked || ' is a word of the plan''s verdict: give the check an id such as SITE-1')
  WHEN lower(asked) IN (SELECT lower(id) FROM check_row WHERE kind <> 'site check')
    THEN error('the id ' || asked || ' is one of the plan''s checks: give the check an id such as SITE-1')
  ELSE true END;

-- Whether a check of the user's has that id, as what is said of one must: it ends the report otherwise.
CREATE MACRO is_of_site_check(asked) AS CASE
  WHEN is_site_id(asked) AND asked NOT IN (SELECT id FROM check_row)
    THEN error('no check above has the id ' || asked || ': give the row of check_row that id, or put it first')
  ELSE true END;

-- One row per check that says what can still come (outlook_word) and which round lost it; of how many things
-- (recoveries, rounds, slots) how many were good in which span (the soak, or 'days 1-7'), or of which span of rounds
-- the p99 is, so that margins can tell how sure that is. Without a row time alone decides. No verdict rests on the
-- confidence.
CREATE TABLE check_outlook (id VARCHAR PRIMARY KEY, outlook VARCHAR NOT NULL, lost_since_round_id VARCHAR,
  first_failure VARCHAR,
  rate_ok BIGINT, rate_of BIGINT, rate_things VARCHAR, rate_span VARCHAR, p99_span VARCHAR);

-- One row per check that has words of its own: the detail behind its verdict, the margin that is left, the files it was
-- made from.
CREATE TABLE check_words (id VARCHAR PRIMARY KEY, detail VARCHAR NOT NULL, margin VARCHAR, files VARCHAR);

-- One row per check and round that it turns on: the file to look at, and what it says; the lightest is named first.
CREATE TABLE check_round (id VARCHAR NOT NULL, round_id VARCHAR NOT NULL, file VARCHAR NOT NULL, says VARCHAR NOT NULL,
  weight DOUBLE DEFAULT 0);

-- One row per check and kind of gap in what it rests on: later evidence does not bring what is not there. fails_gate_d
-- where Gate D fails by it (a missed day is coverage's to judge).
CREATE TABLE check_gap (id VARCHAR NOT NULL, reason VARCHAR NOT NULL, lost_at TIMESTAMPTZ, lost_since_round_id VARCHAR,
  fails_gate_d BOOLEAN DEFAULT false);

-- One row per check and sentence on what the settings alone decide before the first round, for setup.
CREATE TABLE check_outset (id VARCHAR NOT NULL, sentence VARCHAR NOT NULL);

-- One row per check that fails before the first round and cause of it, which other checks may share.
CREATE TABLE check_outset_cause (id VARCHAR NOT NULL, cause VARCHAR NOT NULL);

-- A target of 1 and one failure: nothing that comes can heal it.
CREATE MACRO failed_for_good(ok, n, target) AS target >= 1 AND ok < n;

-- The first round of the soak's first days that failed a recovery or refuted one; and where to look at it.
CREATE MACRO first_failed_recovery(last_day) AS (SELECT arg_min(round_id, round) FROM round_row
  WHERE counted AND (recovery_fail > 0 OR recoveries_refuted > 0) AND soak_day <= last_day);
CREATE MACRO place_of_first_failed_recovery(last_day) AS (
  SELECT 'first failure in rounds/' || min(round_id)
    || CASE WHEN arg_min(coalesce(recovery_fail, 0), starts_at) > 0 THEN '/recovery.txt' ELSE '/refuted.txt' END
  FROM round_row WHERE counted AND (recovery_fail > 0 OR recoveries_refuted > 0) AND soak_day <= last_day);

-- One row per round that failed a recovery, and one that refuted one, of the soak or of its early days, as check_round
-- has them.
CREATE MACRO failed_recovery_rounds(is_early) AS TABLE
SELECT round_id, 'recovery.txt' AS file, says_failed_recoveries(counted_recovery_ok, recovery_fail) AS says,
       -recovery_fail AS weight
FROM round_row, soak k WHERE counted AND recovery_fail > 0 AND (soak_day <= k.early_days OR NOT is_early)
UNION ALL
SELECT round_id, 'refuted.txt', says_refuted_recoveries(recoveries_refuted), -recoveries_refuted
FROM round_row, soak k WHERE counted AND recoveries_refuted > 0 AND (soak_day <= k.early_days OR NOT is_early);

-- One row per round whose p99 is beyond the target, of the soak or of its early days; the slowest is named in any case.
CREATE MACRO slow_rounds(is_early) AS TABLE
SELECT r.round_id, 'create-times.txt' AS file, says_p99(r.p99_ms, r.p99_ms > t.p99_ms) AS says, -r.p99_ms AS weight
FROM round_row r, targets t, soak k WHERE r.counted AND r.p99_ms IS NOT NULL
  AND (r.soak_day <= k.early_days OR NOT is_early)
QUALIFY r.p99_ms > t.p99_ms OR row_number() OVER (ORDER BY r.p99_ms DESC, r.starts_at) = 1;

-- The first round of the soak's first days whose p99 is beyond the target.
CREATE MACRO first_slow_round(last_day) AS (SELECT arg_min(r.round_id, r.round) FROM round_row r, targets t
  WHERE r.counted AND r.soak_day <= last_day AND r.p99_ms > t.p99_ms);

-- One row per round that was not healthy.
CREATE MACRO unhealthy_rounds() AS TABLE
SELECT round_id, CASE kind WHEN 'interrupted' THEN '' ELSE 'round-summary.json' END AS file,
       says_unhealthy(kind, health, restarted, hung) AS says
FROM round_row WHERE counted AND NOT healthy;

-- One row: what can still come of the recoveries of the whole soak, by which a check of the plan and a claim judge. A
-- round may recover any number of plans, so while one is to come everything can turn, but for a target of 1.
CREATE TABLE recoveries_to_come AS
WITH judged AS (
  SELECT f.recoveries_held AS ok, f.total_recovery_attempts AS n, t.rollback_rate AS target,
         share_reaches(f.recoveries_held, f.total_recovery_attempts, t.rollback_rate) IS TRUE AS reaches
  FROM figures f, targets t
)
SELECT outlook_word(j.reaches OR c.rounds > 0 AND NOT failed_for_good(j.ok, j.n, j.target), c.rounds > 0
  OR NOT j.reaches, j.n > 0,
         is_behind := NOT j.reaches) AS outlook,
       CASE WHEN NOT j.reaches
         THEN coalesce(CASE WHEN failed_for_good(j.ok, j.n, j.target) THEN first_failed_recovery(k.soak_days) END,
           c.closing_round_id) END AS lost_since_round_id,
       place_of_first_failed_recovery(k.soak_days) AS first_failure, j.ok AS rate_ok, j.n AS rate_of,
       'recoveries' AS rate_things
FROM judged j, soak k, to_come c;

-- One row: the recoveries of the whole soak in words, for the same two.
CREATE TABLE recoveries_in_words AS
SELECT rate_words(f.total_recovery_attempts, f.agg_rollback_rate,
  share_reaches(f.recoveries_held, f.total_recovery_attempts, t.rollback_rate),
         t.rollback_rate_text, f.recoveries_refuted, f.rollback_rate_by_exit_code)
           || unless_any(f.total_recovery_attempts) AS detail,
       shown_rate_margin(f.recoveries_held, f.total_recovery_attempts, t.rollback_rate, t.rollback_rate_text,
         c.rounds = 0) AS margin,
       shown_thousands_of(f.total_recovery_attempts, 'recoveries') || ' in the rounds’ recovery.txt, '
         || shown_thousands(f.recoveries_refuted)
         || ' refuted by refuted.txt' AS files
FROM figures f, targets t, to_come c;

-- One row per cause by which the settings alone leave the soak without a recovery.
CREATE TABLE no_recovery_at_all AS
SELECT drill_comes_too_late(drill_every, early_slots) AS cause FROM reach WHERE drill_every > 0
  AND drill_every >= total_slots
UNION ALL
SELECT nothing_gets_stuck(stuck_seconds, soak_seconds) FROM reach WHERE stuck_seconds >= soak_seconds;
