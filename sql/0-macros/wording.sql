-- The words of checks: their details (contract, section 4) and margins.

-- Behind a detail whose figure was not measured, or is a share of nothing.
CREATE MACRO unless_measured(figure) AS CASE WHEN figure IS NULL THEN ', not measured' ELSE '' END;
CREATE MACRO unless_any(n) AS CASE WHEN n = 0 THEN ', not measured' ELSE '' END;
-- Where no round ran and none is to come, a budget that nobody used is no reason.
CREATE MACRO unless_none_ran(rounds, words) AS CASE WHEN rounds = 0 THEN 'no round ran' ELSE words END;
CREATE MACRO not_yet(may_pend) AS CASE WHEN may_pend THEN ', ' ELSE ', not measured: ' END;

-- Why what rests on the first days has no answer: they are not over yet, or the soak is too short to have them.
CREATE MACRO no_such_day(soak_days, early_days) AS
  'a soak of ' || soak_days || CASE WHEN soak_days = 1 THEN ' day' ELSE ' days' END || ' has no day ' || early_days;
CREATE MACRO early_days_missing(soak_days, early_days, may_pend) AS
  not_yet(may_pend)
  || CASE WHEN soak_days < early_days THEN no_such_day(soak_days, early_days) ELSE early_days || ' days have not passed'
    END;

CREATE MACRO to_come_words(rounds) AS
  CASE WHEN rounds > 0 THEN ', ' || shown_number_of(rounds, 'rounds') || ' to come' ELSE '' END;

-- p99=12.5ms, target=500ms
CREATE MACRO p99_words(label, ms, target) AS label || '=' || shown_ms_unit(ms, ms > target);
CREATE MACRO latency_words(label, ms, target) AS
  p99_words(label, ms, target) || ', target=' || shown_target(target) || 'ms';
CREATE MACRO worst_round_words(ms, target) AS
  'worst round ' || shown_ms_of(ms, ms > target, target);

-- What a round shows, where a check depends on it.
CREATE MACRO says_p99(ms, failed) AS 'p99 ' || shown_ms(ms, failed) || ' ms';
-- How many succeeded may not be known.
CREATE MACRO says_failed_recoveries(ok, failed) AS
  failed || coalesce(' of ' || (ok + failed), '') || ' recoveries failed';
CREATE MACRO says_refuted_recoveries(n) AS
  'its stuck scan refutes ' || n
  || CASE WHEN n = 1 THEN ' recovery of an earlier round' ELSE ' recoveries of earlier rounds' END;
CREATE MACRO says_unhealthy(kind, health, restarted, hung) AS CASE WHEN kind = 'interrupted' THEN 'interrupted'
  ELSE 'health=' || coalesce(health, 'n/a') || CASE WHEN restarted THEN ', restarted' ELSE '' END
    || CASE WHEN hung THEN ', hung' ELSE '' END END;

-- healthy 7 of 8 slots; a soak's first slot passes with its end, and none of none says nothing.
CREATE MACRO slots_words(what, n, slots) AS
  CASE WHEN slots = 0 THEN 'no slot has passed yet' ELSE what || ' ' || n || ' of ' || slots || ' slots' END;

-- How many more rounds it takes to create so many plans more.
CREATE MACRO creates_missing_words(missing, plans_per_round, rounds_to_come) AS
  ', ' || shown_number_of(CAST(ceil(missing / plans_per_round) AS BIGINT), 'more rounds') || ' needed, '
  || rounds_to_come || ' to come';

-- Why settings fail several checks before the first round (check_outset_cause).
CREATE MACRO no_create_is_that_fast() AS 'TARGET_P99_MS=0: no create takes 0 ms, so';
CREATE MACRO drill_comes_too_late(drill_every, slots) AS 'the first recovery drill is in round ' || drill_every
  || ' and is recovered in a later one, but days 1-7 have ' || slots
    || ' rounds: unless plans get stuck on their own,';
CREATE MACRO nothing_gets_stuck(stuck_seconds, soak_seconds) AS
  'STUCK_THRESHOLD_SECONDS=' || stuck_seconds || ' is at least the length of the soak, '
  || soak_seconds || ' s: none of its plans is ever reported stuck, nothing is recovered, and';

-- The detail of a check that has no words of its own. A check may judge without a value: what it passes was measured.
CREATE MACRO plain_detail(value, comparison, target) AS
  CASE WHEN value IS NULL THEN 'no value' ELSE 'value ' || shown_figure(value)
  || CASE WHEN target IS NULL THEN '' ELSE ', target ' || coalesce(comparison || ' ', '') || shown_figure(target) END
    END;

-- That the fleet was held from some round on, and whether later rounds were below it or did not count.
CREATE MACRO held_fleet_words(plans, reached_in_round, rounds_below, rounds_uncounted, may_pend) AS CASE
  WHEN reached_in_round IS NULL
    THEN CASE WHEN may_pend THEN ', plan_count has not reached ' || shown_target(plans) || ' yet'
      ELSE ', plan_count never reached ' || shown_target(plans) END
  ELSE ', plan_count >= ' || shown_target(plans) || ' from round ' || reached_in_round
    || CASE WHEN rounds_below > 0 THEN ', later rounds below it: ' || rounds_below ELSE '' END
    || CASE WHEN rounds_uncounted > 0 THEN ', later rounds without a count: ' || rounds_uncounted ELSE '' END END;

CREATE MACRO store_checked_words(days_checked, days, checks, first_check, last_check) AS
  ', store checked ok on ' || days_checked || ' of ' || days || ' days ('
  || checks || CASE WHEN checks = 1 THEN ' check, in ' || first_check ELSE ' checks, first in ' || first_check
    || ', last in ' || last_check END || ')';
