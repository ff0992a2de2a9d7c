#!/bin/sh
# Runs rabbitmq-server in the foreground until told to stop.
#
#   run-rabbitmq.sh --server PATH --node NAME --data DIR [--or-data DIR] --port N --epmd-port N --distribution-port N
#                   [--management-port N] [--for NAME] [-- server arguments]
#   run-rabbitmq.sh --fail MESSAGE      prints the message and fails: shows in the resource's log why it cannot run
#
#   --node     the node's name before the @; part of the data's place, so it has to be the same each time
#   --data     folder of queues and settings; --or-data the one to take when that cannot be written
#   --for      who runs the server, to be named to others that want the same data
#
# User and password come in RABBITMQ_DEFAULT_USER and RABBITMQ_DEFAULT_PASS, as in the container image; they hold also for kept data
# that was made with others. The server and the port mapper (epmd), which would outlive it by itself, die with this launcher, even if that is
# killed (parent-death signal). Exit codes: 64 wrong usage, 66 data unusable, 69 something is missing, else the server's own.
set -uf

. "$(dirname "$0")/launcher.sh"

# It is deaf while it starts, and with plugins takes long to stop. What it confirmed is on the disk, so it may be killed.
stop() {
  stopping=1
  [ -n "$running" ] || return 0
  kill -TERM "$running" 2> /dev/null
  (sleep 3; kill -KILL "$running") < /dev/null > /dev/null 2>&1 9>&- &
}

server='' node='' data='' or_data='' port='' epmd_port='' distribution_port='' management_port='' holder="process $$"
while [ $# -gt 0 ]; do
  case $1 in
    --server) server=$2; shift 2 ;;
    --node) node=$2; shift 2 ;;
    --data) data=$2; shift 2 ;;
    --or-data) or_data=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    --epmd-port) epmd_port=$2; shift 2 ;;
    --distribution-port) distribution_port=$2; shift 2 ;;
    --management-port) management_port=$2; shift 2 ;;
    --for) holder=$2; shift 2 ;;
    --fail) fail 69 "$2" ;;
    --) shift; break ;;
    *) fail 64 "Unknown argument $1." ;;
  esac
done
[ -n "$server" ] && [ -n "$node" ] && [ -n "$data" ] && [ -n "$port" ] && [ -n "$epmd_port" ] && [ -n "$distribution_port" ] ||
  fail 64 'Usage: run-rabbitmq.sh --server PATH --node NAME --data DIR [--or-data DIR] --port N --epmd-port N --distribution-port N [--management-port N] [--for NAME] [-- server arguments]'
command -v setpriv > /dev/null || fail 69 'setpriv is missing. Install the package util-linux.'
command -v epmd > /dev/null || fail 69 'epmd is missing. Install Erlang (Debian package erlang-base).'
end_with_the_supervisor

umask 077
usable() { { [ -d "$1" ] || { (umask 022; mkdir -p "$1" 2> /dev/null) && chmod 700 "$1"; }; } && [ -w "$1" ]; }
usable "$data" || { [ -n "$or_data" ] && usable "$or_data" && data=$or_data; } ||
  fail 66 "The data folder $data cannot be written to. Choose another with the setting Processes:DataRoot."
lock "$data" "$holder"

# JSON strings (RFC 8259, 7): quotes and backslashes are escaped, and nothing else may stand in a user's name or password.
json() { printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"; }
user=${RABBITMQ_DEFAULT_USER:-guest}
password=${RABBITMQ_DEFAULT_PASS:-guest}
unset RABBITMQ_DEFAULT_USER RABBITMQ_DEFAULT_PASS
case $user$password in *[[:cntrl:]]*) fail 64 'The user name and the password of RabbitMQ must not contain control characters.' ;; esac
definitions=$data/definitions.json
printf '{"vhosts":[{"name":"/"}],"users":[{"name":%s,"password":%s,"tags":"administrator"}],"permissions":[{"user":%s,"vhost":"/","configure":".*","write":".*","read":".*"}]}\n' \
  "$(json "$user")" "$(json "$password")" "$(json "$user")" > "$definitions"
printf '%s\n' "listeners.tcp.1 = 127.0.0.1:$port" "load_definitions = $definitions" 'log.console = true' 'log.console.level = info' 'log.file = false' > "$data/rabbitmq.conf"
plugins='[].'
if [ -n "$management_port" ]; then
  plugins='[rabbitmq_management].'
  printf '%s\n' 'management.tcp.ip = 127.0.0.1' "management.tcp.port = $management_port" >> "$data/rabbitmq.conf"
fi
printf '%s\n' "$plugins" > "$data/enabled_plugins"

explain_data() {
  explain_disk "$data" 51200 && return
  [ ! -e "$data/mnesia" ] || printf '%s\n' "If the reason above is the data in $data/mnesia, restore it from a backup, or move it away to start empty." >&2
}
say "Running $server on 127.0.0.1:$port, data in $data"

export ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1
# Deaf to what the server is told, which still needs it while it stops.
(trap '' TERM INT HUP; exec setpriv --no-new-privs --pdeathsig KILL -- epmd -port "$epmd_port" -address 127.0.0.1) < /dev/null > /dev/null 2>&1 9>&- &
mapper=$!
at_exit="kill -KILL $mapper 2> /dev/null; rm -f '$definitions'"
# The server would start one of its own, which nobody ends.
tries=0
until epmd -port "$epmd_port" -names > /dev/null 2>&1; do
  leave_if_stopping
  tries=$((tries + 1))
  [ $tries -lt 50 ] || { explain_port "$epmd_port"; fail 69 "The port mapper epmd did not start on port $epmd_port."; }
  sleep 0.1
done

# As under systemd the script becomes the server, so that signals and the parent-death signal reach it.
setpriv --no-new-privs --pdeathsig KILL -- env \
  HOME="$data" RABBITMQ_CONF_ENV_FILE=/dev/null RUNNING_UNDER_SYSTEMD=true \
  RABBITMQ_NODENAME="$node@localhost" RABBITMQ_DIST_PORT="$distribution_port" RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}" \
  RABBITMQ_MNESIA_BASE="$data/mnesia" RABBITMQ_LOG_BASE="$data/log" RABBITMQ_LOGS=- RABBITMQ_PID_FILE="$data/pid" \
  RABBITMQ_CONFIG_FILE="$data/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$data/advanced.config" RABBITMQ_ENABLED_PLUGINS_FILE="$data/enabled_plugins" \
  "$server" "$@" < /dev/null 9>&- &
await
[ $code -eq 0 ] || [ $code -gt 128 ] || [ $stopping -eq 1 ] || explain_port "$port" || explain_data
[ $code -le 128 ] || [ $stopping -eq 1 ] || printf 'The server was ended by signal %s.\n' $((code - 128)) >&2
exit $code
