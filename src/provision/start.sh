set -euf
self=$(readlink -f -- "$0")
bin=${self%/*}
lib=$bin/lib
soak=${bin%/*}
[ -n "$(pwd -P 2>/dev/null)" ] || cd / # no Java starts in a folder that is gone

say() { # with its time, as cron.log has a program's own lines
  printf '%s%s: %s\n' "$([ -t 2 ] || date -u '+%Y-%m-%dT%H:%M:%SZ ' 2>/dev/null || :)" "$program" "$1" >&2
}

if [ ! -f "$lib/${jars%%:*}" ]; then # 127 as a shell has it, which is no round's: another build may yet run one
  say "the program is not in $lib, for an archive holds none of it: in the public source, $checkout,\
 and start ./$program.java there"
  exit 127
fi

# Java takes file names from the locale: cron's is empty, and one that is named need not be on this machine.
SOAK_LOCALE=${SOAK_LOCALE:-${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}}
LC_ALL=C.UTF-8
export SOAK_LOCALE LC_ALL

java=
if [ -r "$bin/build.txt" ]; then # it names what this machine has; all else in here is the same wherever it is built
  while IFS= read -r line; do
    case $line in "java_home: "*) java=${line#java_home: }/bin/java ;; esac
  done <"$bin/build.txt"
fi
if [ ! -x "$java" ]; then # gone with an update of the machine; 127: another build may yet find a Java
  gone="the Java of the setup, $java, no longer exists and"
  remedy="install Java 17 or newer, or set JAVA_HOME"
  java=${JAVA_HOME:+$JAVA_HOME/bin/java}
  [ -x "$java" ] || java=$(command -v java) || {
    say "$gone there is no other: $remedy"
    exit 127
  }
  java_version=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
  [ "${java_version:-0}" -ge 17 ] || {
    say "$gone $java is version ${java_version:-unknown}: $remedy"
    exit 127
  }
fi

too_low() { # WHAT LIMIT NEED: unlimited, or unknown, is enough
  case $2 in '' | *[!0-9]*) return 0 ;; esac
  [ "$2" -ge "$3" ] || say "warning: $1 is $2, and Java may need $3: if it fails below, this is why; raise the limit\
 where this is started"
}

# Neither is for the control plane, which runs for days and whose memory is measured.
classes=
if [ "$program" != controlplane ]; then
  # Java that is refused memory or files at its start says neither when nor which limit, and its exit code is 1: this
  # line stands before its own.
  limits=$(ulimit -Hn 2>/dev/null && ulimit -v 2>/dev/null) || limits=
  too_low 'ulimit -n' "${limits%%[!0-9]*}" 64
  too_low 'ulimit -v' "${limits##*[!0-9]}" 4000000

  # The archive of classes is a cache: used where it was made, by the Java that made it, and if it has its size, for to
  # Java one that was cut is a SIGBUS. The rest Java checks itself, and goes on without it and without a word where it
  # is not what it was.
  made=
  size=
  if [ -f "$bin/classes.txt" ] && [ -r "$bin/classes.txt" ]; then
    { IFS= read -r made && IFS= read -r size; } <"$bin/classes.txt" || :
  fi
  if [ "$made" = "$java in $lib" ] && [ -f "$bin/classes.jsa" ] && [ -r "$bin/classes.jsa" ] &&
    [ "$size" = "$(wc -c <"$bin/classes.jsa" 2>/dev/null)" ]; then
    classes=$bin/classes.jsa
  fi
fi

# Without a SOAK_DIR, here or as the argument, this build's own soak is meant.
[ -n "${SOAK_DIR:-}" ] || [ -f config.env ] || { SOAK_DIR=$soak; export SOAK_DIR; }

# Libraries are unpacked here; someone who may only read the soak unpacks them elsewhere.
tmp=$soak/tmp
mkdir -p "$tmp" 2>/dev/null || :
[ -d "$tmp" ] && [ -w "$tmp" ] || tmp=${TMPDIR:-/tmp}
case "${JAVA_TOOL_OPTIONS:-}" in # what the command line says would override it
  *-Djava.io.tmpdir=*) tmp=${JAVA_TOOL_OPTIONS#*-Djava.io.tmpdir=} tmp=${tmp%% *} ;;
esac

class_path=
IFS=:
for jar in $jars; do
  class_path=$class_path${class_path:+:}$lib/$jar
done
unset IFS
# Without the check of its sums an archive of classes whose bytes changed would end the JVM by a signal.
exec "$java" $options \
  ${classes:+"-XX:SharedArchiveFile=$classes" -XX:+VerifySharedSpaces "-Xlog:cds*=off"} \
  "-Djava.library.path=$lib" "-Djava.io.tmpdir=$tmp" "-Dsoak.version=$version" -cp "$class_path" \
  "$program" $arguments "$@"
