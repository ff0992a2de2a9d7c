#!/bin/sh
# Runs redis-server, or Garnet with the same options, in the foreground until told to stop.
#
#   run-redis.sh --server redis-server|PATH --data DIR [--or-data DIR] --port N [--for NAME] [-- server arguments]
#   run-redis.sh --fail MESSAGE         prints the message and fails: shows in the resource's log why it cannot run
#
#   --server   redis-server, or the path of Trellis' Garnet
#   --data     folder of the snapshots; --or-data the one to take when that cannot be written
#   --for      who runs the server, to be named to others that want the same data
#
# The password comes in REDIS_PASSWORD, as in the container image, and stays out of the process list. The server dies with
# this launcher, even if that is killed (parent-death signal; the launcher does not become the server with exec, because that
# signal comes when the thread that forked it ends, and the supervisor's may end early). Exit codes: 64 wrong usage, 66 data unusable, 69 something is missing, else the
# server's own.
set -uf

. "$(dirname "$0")/launcher.sh"

server='' data='' or_data='' port='' holder="process $$"
while [ $# -gt 0 ]; do
  case $1 in
    --server) server=$2; shift 2 ;;
    --data) data=$2; shift 2 ;;
    --or-data) or_data=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    --for) holder=$2; shift 2 ;;
    --fail) fail 69 "$2" ;;
    --) shift; break ;;
    *) fail 64 "Unknown argument $1." ;;
  esac
done
[ -n "$server" ] && [ -n "$data" ] && [ -n "$port" ] || fail 64 'Usage: run-redis.sh --server redis-server|PATH --data DIR [--or-data DIR] --port N [--for NAME] [-- server arguments]'
command -v setpriv > /dev/null || fail 69 'setpriv is missing. Install the package util-linux.'
end_with_the_supervisor
command -v "$server" > /dev/null || fail 69 "$server cannot be found."

umask 077
# The folders above may be readable, the server's own never is.
usable() { { [ -d "$1" ] || { (umask 022; mkdir -p "$1" 2> /dev/null) && chmod 700 "$1"; }; } && [ -w "$1" ]; }
usable "$data" || { [ -n "$or_data" ] && usable "$or_data" && data=$or_data; } ||
  fail 66 "The data folder $data cannot be written to. Choose another with the setting Processes:DataRoot."

# Nothing is saved unless asked for; redis-server alone would write a snapshot now and then.
saves=no keeps=no before=''
for argument in "$@"; do
  case $before in --save) [ -z "$argument" ] || keeps=yes ;; --appendonly) [ "$argument" != yes ] || keeps=yes ;; esac
  [ "$argument" != --save ] || saves=yes
  before=$argument
done
[ $saves = yes ] || set -- --save '' "$@"
if [ $keeps = yes ]; then
  # Two servers would save over each other's data.
  lock "$data" "$holder"
  # One that was killed while it saved left this.
  find "$data" -mindepth 1 -maxdepth 1 -name 'temp-[0-9]*.rdb' -delete
fi
# Garnet says by itself what is wrong with its data.
explain_data() {
  explain_disk "$data" 1024 && return
  [ "$server" = redis-server ] || return
  for kept in "$data/dump.rdb" "$data/appendonlydir/appendonly.aof.manifest"; do
    [ -e "$kept" ] || continue
    case $kept in *.rdb) check=redis-check-rdb repair='' ;; *) check=redis-check-aof repair="Repair it (redis-check-aof --fix $kept), restore it from a backup" ;; esac
    [ -r "$kept" ] || { printf '%s\n' "Redis runs as $(id -un), who cannot read $kept. Give it to $(id -un) (chown) or move it away to start empty." >&2; return; }
    command -v $check > /dev/null && ! $check "$kept" < /dev/null > /dev/null 2>&1 || continue
    printf '%s\n' "The data in $kept is damaged. ${repair:-Restore it from a backup}, or move it away to start empty." >&2
  done
}
say "Running $server on 127.0.0.1:$port, data in $data"

if [ "$server" = redis-server ]; then
  password=${REDIS_PASSWORD:-}
  unset REDIS_PASSWORD
  case $password in *'
'*) fail 64 'The password of Redis must not contain a line break.' ;; esac
  [ -z "$password" ] || password="requirepass \"$(printf '%s' "$password" | sed 's/[\\"]/\\&/g')\""
  # A configuration on standard input: an argument could be read by every user of this machine.
  setpriv --no-new-privs --pdeathsig TERM -- redis-server - --bind 127.0.0.1 --port "$port" --dir "$data" "$@" <<END 9>&- &
$password
END
else
  setpriv --no-new-privs --pdeathsig TERM -- "$server" --port "$port" --dir "$data" "$@" < /dev/null 9>&- &
fi
await
[ $code -eq 0 ] || [ $stopping -eq 1 ] || explain_port "$port" || explain_data
[ $code -le 128 ] || [ $stopping -eq 1 ] || printf 'The server was ended by signal %s.\n' $((code - 128)) >&2
exit $code
