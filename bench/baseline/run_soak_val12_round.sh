#!/usr/bin/env bash
# One VAL 12 workload round in bash + curl + jq + python3: the plan's seven steps, the plan's files.
#
#   run_soak_val12_round.sh SOAK_DIR        exit 0: round recorded (whatever it found)
set -uo pipefail
SOAK_DIR=$(cd "${1:?SOAK_DIR}" && pwd) || exit 1
. "$(dirname "$(readlink -f "$0")")/control_plane.sh"

ts=$(date +%s)
round_dir=$SOAK_DIR/rounds/$(date -u -d "@$ts" +%Y-%m-%d/round-%H%M%S)
mkdir -p "$round_dir"

# 1. health, and a restart where the process is dead
health=failed restarted=false v01=FAIL
if [ "${CP_MODE:-}" = attached ] || cp_alive; then
  cp_healthy && health=ok v01=PASS
else
  cp_start 30 && restarted=true
fi

# 2. creates
: >"$round_dir/plans-created.txt"
: >"$round_dir/create-times.txt"
for n in $(seq -w 1 "$PLANS_PER_ROUND"); do
  [ ${#n} -ge 2 ] || n=0$n
  sed "s/{plan_id}/soak-$ts-$n/g" "$SOAK_DIR/plan-template.json" |
    curl -s -m 30 -o /dev/null -w '%{http_code} %{time_total}\n' \
      -H 'Content-Type: application/json' --data-binary @- "$CP_URL/v1/rollouts" |
    while read -r code seconds; do
      echo "$code" >>"$round_dir/plans-created.txt"
      echo "$seconds" >>"$round_dir/create-times.txt"
    done
done
create_ok=$(grep -c '^201$' "$round_dir/plans-created.txt")
create_errors=$(($(wc -l <"$round_dir/plans-created.txt") - create_ok))

# 3. stuck scan
scan_http_code=$(curl -s -m 30 -o "$round_dir/stuck-scan.json" -w '%{http_code}' \
  "$CP_URL/v1/rollouts/stuck?threshold_seconds=${STUCK_THRESHOLD_SECONDS:-3600}")
scan_ok=false stuck_count=0
if [ "$scan_http_code" = 200 ] && jq -e 'type == "object"' "$round_dir/stuck-scan.json" >/dev/null 2>&1; then
  scan_ok=true
  stuck_count=$(jq '.stuck_plans // [] | length' "$round_dir/stuck-scan.json")
fi

# 4. recovery
recovery_ok=0 recovery_fail=0
: >"$round_dir/recovery.txt"
if [ "$stuck_count" -gt 0 ]; then
  while read -r plan; do
    output=$("$AUTONOMY_CLI" rollback execute --target rollout_plan --resource "$plan" --strategy retry \
      --reason soak-auto-recovery --orchestrator-url "$CP_URL" 2>&1)
    code=$?
    printf '%s exit=%s\n%s\n' "$plan" "$code" "$output" >>"$round_dir/recovery.txt"
    if [ $code -eq 0 ]; then recovery_ok=$((recovery_ok + 1)); else recovery_fail=$((recovery_fail + 1)); fi
  done < <(jq -r '.stuck_plans[].plan_id' "$round_dir/stuck-scan.json")
fi

# 5. plan count
plan_count=0 cursor=
while :; do
  page=$(curl -s -m 30 "$CP_URL/v1/rollouts?limit=100${cursor:+&cursor=$cursor}") || break
  read -r count cursor < <(jq -r '"\(.plans | length) \(.next_cursor)"' <<<"$page")
  plan_count=$((plan_count + ${count:-0}))
  [ -n "$cursor" ] || break
done

# 6. metrics
curl -s -m 30 -o "$round_dir/metrics-scrape.prom" "$CP_METRICS_URL"
family() {
  awk -v name="$1" '$1 ~ "^" name "([{]|$)" { sum += $NF; seen = 1 } END { print seen ? sum : "null" }' \
    "$round_dir/metrics-scrape.prom"
}
requests=$(family cp_http_requests_total)
plans=$(family cp_rollout_plans_total)

# 7. summary
p99_ms=$(python3 - "$round_dir/create-times.txt" <<'PY'
import math, sys
times = sorted(float(line) for line in open(sys.argv[1]))
print(round(times[math.ceil(0.99 * len(times)) - 1] * 1000, 3) if times else "null")
PY
)
jq -n --argjson create_ok "$create_ok" --argjson create_errors "$create_errors" --argjson p99_ms "$p99_ms" \
  --argjson stuck_count "$stuck_count" --argjson recovery_ok "$recovery_ok" --argjson recovery_fail "$recovery_fail" \
  --arg health "$health" --argjson restarted "$restarted" --arg v01_health "$v01" --argjson plan_count "$plan_count" \
  --arg scan_http_code "$scan_http_code" --argjson scan_ok "$scan_ok" \
  --argjson cp_http_requests_total "${requests:-null}" --argjson cp_rollout_plans_total "${plans:-null}" \
  '$ARGS.named' >"$round_dir/round-summary.json"
echo "round $(basename "$round_dir"): $create_ok created, p99 $p99_ms ms, $stuck_count stuck, $plan_count plans,\
 health $health"
