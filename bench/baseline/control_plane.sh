# Sourced by the scripts beside it: the configuration of SOAK_DIR, and whether and how its control plane runs.
set -a
. "$SOAK_DIR/config.env"
set +a

cp_alive() { [ -s "$SOAK_DIR/cp.pid" ] && kill -0 "$(head -n 1 "$SOAK_DIR/cp.pid")" 2>/dev/null; }

cp_healthy() { [ "$(curl -s -m 10 -o /dev/null -w '%{http_code}' "$CP_URL/v1/health")" = 200 ]; }

cp_start() { # SECONDS to become healthy in
  local listen=${CP_URL#http://} metrics=${CP_METRICS_URL#http://} command=$CP_COMMAND deadline
  metrics=${metrics%%/*}
  command=${command//\{listen\}/$listen}
  command=${command//\{metrics_listen\}/$metrics}
  command=${command//\{data_dir\}/$SOAK_DIR/cp-data}
  command=${command//\{audit_dir\}/$SOAK_DIR/audit-store}
  setsid sh -c "exec $command" </dev/null >>"$SOAK_DIR/cp.log" 2>&1 &
  echo $! >"$SOAK_DIR/cp.pid"
  deadline=$(($(date +%s) + $1))
  until cp_healthy; do
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}
