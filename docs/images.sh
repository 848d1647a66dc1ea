#!/bin/bash
# Makes the pictures of docs/screenshots: three rehearsals of 30 days, and Chromium without a screen.
#
#   docs/screenshots.sh [FOLDER]     FOLDER keeps the rehearsals (default: a temporary folder); those that are there already are
#                                    only reported on again. A rehearsal takes some minutes.
#
# Needs Debian's chromium; fonts-inter makes the pictures look as they do here.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
folder=${1:-$(mktemp -d)}
out=docs/screenshots
mkdir -p "$folder" "$out"

for scenario in clean degrading one-bad-night; do
  if [ ! -e "$folder/$scenario/final-report.json" ]; then
    ./rehearse.java "$folder/$scenario" --scenario "$scenario" >/dev/null
  else
    ./report.java "$folder/$scenario" --type final >/dev/null || [ $? -eq 10 ]
  fi
done

# NAME PAGE WIDTH HEIGHT [dark]
picture() {
  local dark=()
  [ "${5:-}" = dark ] && dark=(--force-dark-mode --blink-settings=preferredColorScheme=0)
  chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --force-device-scale-factor=0.66 "${dark[@]}" \
    --window-size="$3,$4" --screenshot="$out/$1.png" "file://$(readlink -f "$folder/$2")" 2>/dev/null
}
for scenario in clean degrading one-bad-night; do
  picture "$scenario" "$scenario/final-report.html" 1120 3850
done
ls -l "$out"
