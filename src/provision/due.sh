# due STEP EVERY AT: succeeds if the UTC step of STEP seconds that lies now begins AT seconds after a multiple of EVERY.
# A crontab's hours are those of the machine's zone; this lets a line that fires every hour keep to UTC.
if [ $# -ne 3 ]; then
  echo "due: give STEP, EVERY and AT in seconds, as the lines of setup's crontab do" >&2
  exit 64
fi
[ $(($(date +%s) / $1 * $1 % $2)) -eq "$3" ]
