# What the launchers have in common. They read it with "." after "set -uf".

say() { printf '%s\n' "$*"; }
fail() { code=$1; shift; printf '%s\n' "$*" >&2; exit "$code"; }

# What runs in the background is told to stop as it likes best: a trap waits for a command in the foreground.
stopping=0 running='' stop_signal=TERM
stop() { stopping=1; [ -z "$running" ] || kill -"$stop_signal" "$running" 2> /dev/null; }
trap stop TERM INT HUP
leave_if_stopping() { [ $stopping -eq 0 ] || { say 'Stopped before the server was started.'; exit 0; }; }

# Waits for the last command in the background; its exit code is in $code.
await() {
  running=$!
  [ $stopping -eq 0 ] || stop
  # A signal ends wait early with a code above 128; it is gone only when it can no longer be waited for.
  while :; do
    wait "$running"; code=$?
    kill -0 "$running" 2> /dev/null || break
  done
  running=''
}

# Ends with whoever started it, even if that was killed and nobody tells. Not with a parent-death signal: that comes when
# the thread that forked it ends, and the supervisor's may end early. Asked of proc_pid_stat(5), because a killed one that
# nobody waits for keeps its number.
watch='' at_exit=''
end_with_the_supervisor() {
  # shellcheck disable=SC2016 # for the inner shell
  /bin/sh -c 'cd /; trap "kill \$! 2> /dev/null; exit" TERM
    while read -r _ _ _ parent _ < "/proc/$2/stat" && [ "$parent" = "$1" ]; do sleep 1 & wait $!; done
    kill -TERM "$2"' watch "$PPID" $$ < /dev/null > /dev/null 2>&1 &
  watch=$!
}
trap 'eval "$at_exit"; [ -z "$watch" ] || kill "$watch" 2> /dev/null' EXIT

# One launcher at a time uses a folder; the lock is open as 9, and goes with those that have it open.
lock() {
  true 2> /dev/null >> "$1/lock" || fail 66 "The folder $1 cannot be written to. Choose another with the setting Processes:DataRoot."
  exec 9>> "$1/lock"
  tries=0
  # The one before may still be stopping.
  until flock --nonblock 9; do
    leave_if_stopping
    tries=$((tries + 1))
    [ $tries -lt 50 ] || fail 66 "The data in $1 is in use by $(cat "$1/lock"). Stop it first, or give this AppHost a folder of its own with the setting Processes:DataRoot."
    sleep 0.1
  done
  say "$2" 2> /dev/null > "$1/lock"
}

# Why a server that failed may have done so, where its own words do not say what to do.
explain_port() {
  # Columns of proc_net_tcp(5): the local address ends in the port, 0A is a socket that listens, then comes its inode after five more columns.
  socket=$(sed -n "s/^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") [0-9A-F:]* 0A \([^ ]* *\)\{5\}\([0-9]*\) .*/\2/p" /proc/net/tcp /proc/net/tcp6 2> /dev/null | head -n 1)
  [ -n "$socket" ] || return 1
  owner=$(find /proc -maxdepth 3 -path '/proc/[0-9]*/fd/*' -lname "socket:\[$socket\]" 2> /dev/null | head -n 1 | cut -d / -f 3)
  [ -z "$owner" ] || owner="$(cat "/proc/$owner/comm" 2> /dev/null) (process $owner)"
  printf '%s\n' "Port $1 is used by ${owner:-another program}. Stop it, or choose another port with WithHostPort()." >&2
}
explain_disk() {
  free=$(df -k --output=avail "$1" 2> /dev/null | tail -n 1 | tr -d ' ')
  [ -n "$free" ] && [ "$free" -lt "$2" ] || return 1
  printf '%s\n' "The disk that holds $1 is full ($free kB left). Make room on it, or choose another folder with the setting Processes:DataRoot." >&2
}
