#!/bin/sh
# Runs redis-server, or Garnet with the same options, in the foreground until told to stop.
#
#   run-redis.sh --server redis-server|PATH --data DIR [--or-data DIR] --port N [-- server arguments]
#   run-redis.sh --fail MESSAGE         prints the message and fails: shows in the resource's log why it cannot run
#
#   --server   redis-server, or the path of Trellis' Garnet
#   --data     folder of the snapshots; --or-data the one to take when that cannot be written
#
# The password comes in REDIS_PASSWORD, as in the container image, and stays out of the process list. The server dies with
# this launcher, even if that is killed (parent-death signal; the launcher does not become the server with exec, because that
# signal comes when the thread that forked it ends, and the supervisor's may end early). Exit codes: 64 wrong usage, 66 data unusable, 69 something is missing, else the
# server's own.
set -uf

fail() { code=$1; shift; printf '%s\n' "$*" >&2; exit "$code"; }

server='' data='' or_data='' port=''
while [ $# -gt 0 ]; do
  case $1 in
    --server) server=$2; shift 2 ;;
    --data) data=$2; shift 2 ;;
    --or-data) or_data=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    --fail) fail 69 "$2" ;;
    --) shift; break ;;
    *) fail 64 "Unknown argument $1." ;;
  esac
done
[ -n "$server" ] && [ -n "$data" ] && [ -n "$port" ] || fail 64 'Usage: run-redis.sh --server redis-server|PATH --data DIR [--or-data DIR] --port N [-- server arguments]'
command -v setpriv > /dev/null || fail 69 'setpriv is missing. Install the package util-linux.'
command -v "$server" > /dev/null || fail 69 "$server cannot be found."

umask 077
# The folders above may be readable, the server's own never is.
usable() { { [ -d "$1" ] || { (umask 022; mkdir -p "$1" 2> /dev/null) && chmod 700 "$1"; }; } && [ -w "$1" ]; }
usable "$data" || { [ -n "$or_data" ] && usable "$or_data" && data=$or_data; } ||
  fail 66 "The data folder $data cannot be written to. Choose another with the setting Processes:DataRoot."

# Nothing is saved unless asked for; redis-server alone would write a snapshot now and then.
saves=no
for argument in "$@"; do [ "$argument" != --save ] || saves=yes; done
[ $saves = yes ] || set -- --save '' "$@"
printf 'Running %s on 127.0.0.1:%s, data in %s\n' "$server" "$port" "$data"

stopping=0 running=''
stop() { stopping=1; [ -z "$running" ] || kill -TERM "$running" 2> /dev/null; }
trap stop TERM INT HUP
if [ "$server" = redis-server ]; then
  password=${REDIS_PASSWORD:-}
  unset REDIS_PASSWORD
  case $password in *'
'*) fail 64 'The password of Redis must not contain a line break.' ;; esac
  [ -z "$password" ] || password="requirepass \"$(printf '%s' "$password" | sed 's/[\\"]/\\&/g')\""
  # A configuration on standard input: an argument could be read by every user of this machine.
  setpriv --no-new-privs --pdeathsig TERM -- redis-server - --bind 127.0.0.1 --port "$port" --dir "$data" "$@" <<END &
$password
END
else
  setpriv --no-new-privs --pdeathsig TERM -- "$server" --port "$port" --dir "$data" "$@" < /dev/null &
fi
running=$!
[ $stopping -eq 0 ] || stop
# A signal ends wait early with a code above 128; the server is gone only when it can no longer be waited for.
while :; do
  wait "$running"; code=$?
  kill -0 "$running" 2> /dev/null || break
done
[ $code -le 128 ] || [ $stopping -eq 1 ] || printf 'The server was ended by signal %s.\n' $((code - 128)) >&2
exit $code
