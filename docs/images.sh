#!/bin/bash
# Makes the pictures of docs/images: rehearsals of 30 days, and Chromium without a screen.
#
#   docs/images.sh [FOLDER]     FOLDER keeps the rehearsals (default: a temporary folder); one that is there already is
#                               only reported on again. One takes some minutes.
#
# Needs Debian's chromium; fonts-inter makes the pictures look as they do here.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
folder=${1:-$(mktemp -d)}
out=docs/images
mkdir -p "$folder" "$out"

for scenario in clean degrading one-bad-night one-bad-round; do
  if [ ! -e "$folder/$scenario/final-report.json" ]; then
    ./rehearse.java "$folder/$scenario" --scenario "$scenario" >/dev/null
  else
    ./report.java "$folder/$scenario" --type final >/dev/null || [ $? -eq 10 ]
  fi
done

# NAME SCENARIO WIDTH HEIGHT SCALE
picture() {
  chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars \
    --force-device-scale-factor="$5" \
    --window-size="$3,$4" --screenshot="$out/$1.png" "file://$(readlink -f "$folder/$2/final-report.html")" 2>/dev/null
}
for scenario in clean degrading one-bad-night; do
  picture "$scenario" "$scenario" 1120 3850 0.66
done
picture report one-bad-round 1200 890 1 # the README's: a test holds it below 300 KB
ls -l "$out"
