#!/bin/sh
# Runs Trellis' mock of Kafka in the foreground until told to stop.
#
#   run-kafka.sh --server PATH --port N [-- arguments, which mean nothing to it]
#   run-kafka.sh --fail MESSAGE         prints the message and fails: shows in the resource's log why it cannot run
#
# The server dies with this launcher, even if that is killed. Exit codes: 64 wrong usage, 69 something is missing, else the server's own.
set -uf

. "$(dirname "$0")/launcher.sh"

server='' port=''
while [ $# -gt 0 ]; do
  case $1 in
    --server) server=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    --fail) fail 69 "$2" ;;
    --) shift; break ;;
    *) fail 64 "Unknown argument $1." ;;
  esac
done
[ -n "$server" ] && [ -n "$port" ] || fail 64 'Usage: run-kafka.sh --server PATH --port N'
command -v setpriv > /dev/null || fail 69 'setpriv is missing. Install the package util-linux.'
end_with_the_supervisor
command -v "$server" > /dev/null || fail 69 "$server cannot be found."

setpriv --no-new-privs --pdeathsig TERM -- "$server" --port "$port" < /dev/null &
await
[ $code -eq 0 ] || [ $stopping -eq 1 ] || explain_port "$port"
[ $code -le 128 ] || [ $stopping -eq 1 ] || printf 'The server was ended by signal %s.\n' $((code - 128)) >&2
exit $code
