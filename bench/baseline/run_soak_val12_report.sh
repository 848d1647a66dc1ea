#!/usr/bin/env bash
# VAL 12 reports in bash + jq + python3: all summaries through one jq, the text by a here-document.
#
#   run_soak_val12_report.sh SOAK_DIR --type daily [--date YYYY-MM-DD] | --type checkpoint [--day N] | --type final
set -euo pipefail
SOAK_DIR=$(cd "${1:?SOAK_DIR}" && pwd)
shift
type= date=$(date -u -d yesterday +%F) day=7
while [ $# -gt 0 ]; do
  case $1 in
    --type) type=$2 ;; --date) date=$2 ;; --day) day=$2 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
. "$SOAK_DIR/config.env"
first_date=$(ls "$SOAK_DIR/rounds" | sort | head -n 1)

summaries() { # FROM TO (dates): one array, in the order of time
  find "$SOAK_DIR/rounds" -name round-summary.json | sort |
    awk -F/ -v from="$1" -v to="$2" '$(NF-2) >= from && $(NF-2) <= to' | tr '\n' '\0' | xargs -0 -r cat | jq -s .
}

# Figures of an array of summaries.
figures='
  def rank(p): sort | if length == 0 then null else .[((length * p) | ceil) - 1] end;
  def streak(f): reduce .[] as $r ({now: 0, most: 0};
    if ($r | f) then .now += 1 | .most = ([.most, .now] | max) else .now = 0 end) | .most;
  {total_rounds: length,
   healthy_rounds: map(select(.health == "ok" and .restarted != true)) | length,
   restarts: map(select(.restarted == true)) | length,
   create_ok: map(.create_ok) | add, create_errors: map(.create_errors) | add,
   recovery_ok: map(.recovery_ok) | add, recovery_fail: map(.recovery_fail) | add,
   round1_p99_ms: .[0].p99_ms, max_p99_ms: map(.p99_ms) | max, p95_of_p99_ms: map(.p99_ms) | rank(0.95),
   scan_failures: map(select(.scan_http_code != "200" or .scan_ok != true)) | length,
   max_plan_count: map(.plan_count) | max, final_plan_count: .[-1].plan_count,
   fleet: ([.[9:][].plan_count] | max), round1_errors: .[0].create_errors,
   total_stuck_plans: map(.stuck_count) | add,
   stuck_streak: streak(.stuck_count > 0), longest_downtime_rounds: streak(.health != "ok" or .restarted == true)}
  | .attempts = .recovery_ok + .recovery_fail
  | .rate = (if .attempts > 0 then .recovery_ok / .attempts else null end)
  | .uptime_pct = (if .total_rounds > 0 then .healthy_rounds / .total_rounds * 100 else null end)'

alert() { echo "$(date -u +%FT%TZ) $*" >>"$SOAK_DIR/alerts.log"; }

case $type in
  daily)
    f=$(summaries "$date" "$date" | jq "$figures")
    n=$((($(date -u -d "$date" +%s) - $(date -u -d "$first_date" +%s)) / 86400 + 1))
    jq --arg date "$date" --argjson day $n '{date: $date, day: $day, total_rounds, healthy_rounds,
      daily_create_errors: .create_errors,
      daily_rollback_rate: .rate, daily_p99_ms: .max_p99_ms, daily_uptime_pct: .uptime_pct,
      daily_stuck_rounds: .stuck_streak, plan_count: .final_plan_count}' \
      <<<"$f" >"$SOAK_DIR/daily/$date-summary.json"
    [ "$(jq '.create_errors > 0' <<<"$f")" = false ] ||
      alert "WARN daily_create_errors=$(jq .create_errors <<<"$f") threshold=0 day=$n"
    [ "$(jq '.rate != null and .rate < 0.990' <<<"$f")" = false ] ||
      alert "ALERT daily_rollback_rate=$(jq .rate <<<"$f") threshold=0.990 day=$n"
    [ "$(jq '.max_p99_ms > 1000' <<<"$f")" = false ] ||
      alert "WARN daily_p99_ms=$(jq .max_p99_ms <<<"$f")ms threshold=1000ms day=$n"
    [ "$(jq '.uptime_pct < 99.9' <<<"$f")" = false ] ||
      alert "ALERT daily_uptime_pct=$(jq .uptime_pct <<<"$f") threshold=99.9 day=$n"
    ;;
  checkpoint)
    last=$(date -u -d "$first_date +$((day - 1)) days" +%F)
    summaries "$first_date" "$last" | jq "$figures" | jq --argjson day "$day" '{
      day: $day, total_rounds, healthy_rounds, uptime_pct, total_creates: .create_ok,
      ("rollback_rate_\($day)d"): .rate, ("recovery_attempts_\($day)d"): .attempts,
      total_recovery_attempts: .attempts, ("p99_ms_\($day)d"): .max_p99_ms}' \
      >"$SOAK_DIR/checkpoints/checkpoint-${day}d.json"
    ;;
  final)
    all=$(summaries 0000 9999 | jq "$figures")
    week=$(summaries "$first_date" "$(date -u -d "$first_date +6 days" +%F)" | jq "$figures")
    setup=$(grep -qx 'result: PASS' "$SOAK_DIR/setup-summary.txt" 2>/dev/null && echo true || echo false)
    report=$(jq -n --argjson f "$all" --argjson w "$week" --argjson setup "$setup" '
      def verdict: if . then "PASS" else "FAIL" end;
      $f + {total_creates: $f.create_ok, agg_rollback_rate: $f.rate,
        total_recovery_attempts: $f.attempts, rollback_rate_7d: $w.rate,
        p99_ms_7d: $w.max_p99_ms,
        checks: {
          "VAL12-01 framework_provisioned": ($setup | verdict),
          "VAL12-02 initial_round_success": ($f.round1_errors == 0 | verdict),
          "VAL12-03 fleet_target_reached": ($f.fleet != null and $f.fleet >= 100 | verdict),
          "VAL12-04 latency_baseline": ($f.round1_p99_ms <= 500 | verdict),
          "VAL12-05 stuck_detection_ops": ($f.scan_failures == 0 | verdict),
          "VAL12-06 rollback_rate_7d": ($w.attempts > 0 and $w.rate >= 0.990 | verdict),
          "VAL12-07 latency_maintained_7d": ($w.max_p99_ms <= 500 | verdict),
          "VAL12-08 cp_availability": ($f.uptime_pct >= 99.9 | verdict),
          "VAL12-09 total_creates": ($f.create_ok >= 4000 | verdict),
          "VAL12-10 agg_rollback_rate": ($f.attempts > 0 and $f.rate >= 0.990 | verdict)}}
      | .passed_checks = ([.checks[] | select(. == "PASS")] | length)
      | .overall = (.passed_checks == 10 | verdict)
      | .gate_d = (.checks["VAL12-03 fleet_target_reached"] == "PASS"
          and .checks["VAL12-10 agg_rollback_rate"] == "PASS" | verdict)')
    echo "$report" >"$SOAK_DIR/final-report.json"
    jq -r --arg alerts "$(cat "$SOAK_DIR/alerts.log" 2>/dev/null || echo none)" \
      '"# VAL 12 — Fleet Rollout 30-Day Soak Final Report
Total rounds: \(.total_rounds) (scheduled: 1440)
Healthy rounds: \(.healthy_rounds)
CP restart count: \(.restarts)

## Fleet Coverage
Total plans created: \(.total_creates) (target ≥ 4,000 | expected ~14,400)
Max concurrent plans: \(.max_plan_count) (target ≥ 100)
Plan store final size: \(.final_plan_count)

## Rollback Reliability
Total recovery attempts: \(.total_recovery_attempts)
Total recovery successes: \(.recovery_ok)
Total recovery failures: \(.recovery_fail)
Aggregate rollback rate: \(.agg_rollback_rate) (target ≥ 0.990)
7-day window rate: \(.rollback_rate_7d)

## Latency (create P99 across all rounds)
Round 1 p99_ms: \(.round1_p99_ms) (baseline)
All-time max p99_ms: \(.max_p99_ms) (target ≤ 500ms)
All-time 95th pct of p99: \(.p95_of_p99_ms)

## Availability
Uptime %: \(.uptime_pct) (target ≥ 99.9%)
Longest downtime streak: \(.longest_downtime_rounds) rounds

## Stuck Detection
Total stuck plans detected: \(.total_stuck_plans)

## Alerts Issued
\($alerts)

## VAL12 Check Results
\([.checks | to_entries[] | "\(.key): \(.value)"] | join("\n"))

Overall: \(.overall) (\(.passed_checks)/10 checks)
Gate D: \(.gate_d)"' <<<"$report" | tee "$SOAK_DIR/final-report.txt"
    ;;
  *) echo "--type daily, checkpoint or final" >&2; exit 2 ;;
esac
