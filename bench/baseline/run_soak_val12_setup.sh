#!/usr/bin/env bash
# VAL 12 setup in bash: folders, config.env, a running control plane, setup-summary.txt. A re-run keeps what is there.
#
#   CP_COMMAND='… serve --listen {listen} …' AUTONOMY_CLI=… run_soak_val12_setup.sh SOAK_DIR
set -euo pipefail
SOAK_DIR=$(mkdir -p "${1:?SOAK_DIR}" && cd "$1" && pwd)
mkdir -p "$SOAK_DIR"/{cp-data,audit-store,rounds,daily,checkpoints}
if [ ! -e "$SOAK_DIR/config.env" ]; then
  cat >"$SOAK_DIR/config.env" <<CONFIG
CP_URL=${CP_URL:-http://127.0.0.1:19000}
CP_METRICS_URL=${CP_METRICS_URL:-http://127.0.0.1:19100/metrics}
CP_COMMAND='${CP_COMMAND:?how to start the control plane}'
AUTONOMY_CLI='${AUTONOMY_CLI:?the autonomy binary}'
AUTONOMY_OPERATOR=${AUTONOMY_OPERATOR:-soak-val12}
AUTONOMY_AUDIT_DIR='$SOAK_DIR/audit-store'
AUTONOMY_RBAC_ENFORCEMENT=0
PLANS_PER_ROUND=${PLANS_PER_ROUND:-10}
STUCK_THRESHOLD_SECONDS=${STUCK_THRESHOLD_SECONDS:-3600}
CONFIG
fi
[ -e "$SOAK_DIR/plan-template.json" ] ||
  printf '%s,%s\n' '{"plan_id":"{plan_id}","artifact_ref":"registry.example/soak@sha256:12"' \
    '"stages":[{"stage_id":"canary"}],"stuck_after_seconds":259200}' >"$SOAK_DIR/plan-template.json"

. "$(dirname "$(readlink -f "$0")")/control_plane.sh"
began=$(date +%s%3N)
cp_alive || cp_start 10 || {
  echo "result: FAIL" >"$SOAK_DIR/setup-summary.txt"
  echo "control plane not healthy within 10 s" >&2
  exit 1
}
{
  echo "cp_start_ms: $(($(date +%s%3N) - began))"
  echo "health_http_code: $(curl -s -o /dev/null -w '%{http_code}' "$CP_URL/v1/health")"
  echo "result: PASS"
} >"$SOAK_DIR/setup-summary.txt"
