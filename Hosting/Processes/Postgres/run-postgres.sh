#!/bin/sh
# Prepares a PostgreSQL cluster and keeps its server in the foreground until told to stop.
#
#   run-postgres.sh --bin DIR --data DIR [--or-data DIR] --port N [--copy-to DIR] [--for NAME] [-- server arguments]
#   run-postgres.sh --fail MESSAGE         prints the message and fails: shows in the resource's log why it cannot run
#
#   --bin      folder with initdb and postgres
#   --data     folder of this server; the cluster is DIR/cluster. --or-data is taken where the server's user cannot use that
#   --copy-to  where to copy the binaries when the user that runs the server cannot enter --bin (only as root)
#   --for      who runs the server, to be named to others that want the same data
#
# The environment is that of the container image: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, POSTGRES_INITDB_ARGS,
# POSTGRES_HOST_AUTH_METHOD.
#
# Why a launcher: whoever supervises it stops it with SIGTERM, on which PostgreSQL would wait for its clients; it has to
# get SIGINT (fast shutdown). And PostgreSQL's processes make sessions of their own, so nobody who kills a process group or
# a tree finds them: they are tied to the launcher with a parent-death signal.
# Exit codes: 64 wrong usage, 66 data unusable, 69 something is missing, else the server's own.
set -uf

. "$(dirname "$0")/launcher.sh"

bin='' data='' or_data='' port='' copy_to='' holder="process $$"
while [ $# -gt 0 ]; do
  case $1 in
    --bin) bin=$2; shift 2 ;;
    --data) data=$2; shift 2 ;;
    --or-data) or_data=$2; shift 2 ;;
    --port) port=$2; shift 2 ;;
    --copy-to) copy_to=$2; shift 2 ;;
    --for) holder=$2; shift 2 ;;
    --fail) fail 69 "$2" ;;
    --) shift; break ;;
    *) fail 64 "Unknown argument $1." ;;
  esac
done
[ -n "$bin" ] && [ -n "$data" ] && [ -n "$port" ] || fail 64 'Usage: run-postgres.sh --bin DIR --data DIR [--or-data DIR] --port N [--copy-to DIR] [--for NAME] [-- server arguments]'

role=${POSTGRES_USER:-postgres}
password=${POSTGRES_PASSWORD:-}
database=${POSTGRES_DB:-$role}
host_auth=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
initdb_args=${POSTGRES_INITDB_ARGS:-}
# The server needs none of them, and its environment can be read by whoever runs as the same user.
unset POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB POSTGRES_INITDB_ARGS POSTGRES_HOST_AUTH_METHOD
unset PGDATA PGPORT PGHOST PGUSER PGDATABASE PGPASSWORD PGOPTIONS PGTZ PGDATESTYLE PGCLIENTENCODING LANG LANGUAGE
LC_ALL=C.UTF-8
export LC_ALL

[ -n "$password" ] || fail 64 'PostgreSQL needs a password for its superuser: POSTGRES_PASSWORD is empty.'
case $role$password$database in *'
'*) fail 64 'The name, the password and the database of the PostgreSQL superuser must not contain a line break.' ;; esac
command -v setpriv > /dev/null || fail 69 'setpriv is missing. Install the package util-linux.'
end_with_the_supervisor

# PostgreSQL refuses to run as root: whose data it is, or the user made for it, or nobody runs it.
identity='' user=$(id -un)
be_the_owner_of() {
  [ "$(id -u)" -eq 0 ] || return 0
  uid=0
  [ ! -e "$1" ] || { uid=$(stat -c %u "$1"); gid=$(stat -c %g "$1"); }
  if [ "$uid" -eq 0 ]; then
    user=postgres
    id $user > /dev/null 2>&1 || user=nobody
    uid=$(id -u $user) gid=$(id -g $user)
  fi
  user=$(id -un "$uid" 2> /dev/null || echo "$uid")
  identity="--reuid=$uid --regid=$gid --clear-groups --inh-caps=-all"
}
# shellcheck disable=SC2086 # a list of options
as_server() { setpriv $identity --no-new-privs -- "$@"; }
# Root makes the folder and gives it away, so the server's user needs the way to it only.
is_usable() {
  above=$1
  [ -z "$identity" ] || [ "$(stat -c %u "$above" 2> /dev/null)" != 0 ] || above=$(dirname "$above")
  while [ ! -d "$above" ]; do above=$(dirname "$above"); done
  as_server test -x "$above" && { [ -n "$identity" ] || [ -w "$above" ]; }
}

umask 077
be_the_owner_of "$data/cluster"
if ! is_usable "$data" && [ -n "$or_data" ]; then
  data=$or_data
  be_the_owner_of "$data/cluster"
fi
cluster=$data/cluster
is_usable "$data" || fail 66 "The user $user, who runs PostgreSQL, cannot use the folder $data. Choose another with the setting Processes:DataRoot."
# The folders above may be readable, the cluster's own never is.
[ -d "$data" ] || { (umask 022; mkdir -p "$data") && chmod 700 "$data"; } || fail 66 "The data folder $data cannot be made."
cd "$data" || exit 66
if [ -n "$identity" ]; then
  chown "$uid:$gid" "$data"
  [ ! -e "$cluster" ] || [ "$(stat -c %u "$cluster")" -eq "$uid" ] || chown -R "$uid:$gid" "$cluster"
elif [ -e "$cluster" ] && [ ! -O "$cluster" ]; then
  fail 66 "The data in $cluster belongs to $(stat -c %U "$cluster"), and PostgreSQL runs as $user. Give it to $user (chown -R) or move it away."
fi

if ! as_server test -x "$bin/postgres"; then
  [ -e "$bin/postgres" ] || fail 69 "There is no PostgreSQL server in $bin."
  [ -n "$copy_to" ] || fail 69 "The user $user, who runs PostgreSQL, cannot execute $bin/postgres."
  if [ ! -e "$copy_to/bin/postgres" ]; then
    say "Copying PostgreSQL to $copy_to, because $user cannot execute $bin/postgres."
    (umask 022; mkdir -p "$(dirname "$copy_to")" && cp -R "$(dirname "$bin")" "$copy_to.$$" && chmod -R a+rX "$copy_to.$$" &&
      { mv -T "$copy_to.$$" "$copy_to" 2> /dev/null || rm -rf "$copy_to.$$"; })
  fi
  bin=$copy_to/bin
  as_server test -x "$bin/postgres" || fail 69 "The user $user, who runs PostgreSQL, cannot execute $bin/postgres either."
fi

version=$(as_server "$bin/postgres" --version) || fail 69 "$bin/postgres does not run."
major=$(say "$version" | sed 's/[^0-9]*\([0-9]*\).*/\1/')
say "$version in $bin as $user, data in $cluster"

lock "$data" "$holder"
[ -z "$identity" ] || chown "$uid:$gid" "$data/lock"

# PostgreSQL's processes are at work in the cluster; the children of a server call themselves "postgres: ...".
processes() {
  set +f
  for process in /proc/[0-9]*; do
    [ "$process/cwd" -ef "$cluster" ] && [ "$(cat "$process/comm" 2> /dev/null)" = postgres ] || continue
    case $(tr '\0' ' ' < "$process/cmdline" 2> /dev/null) in
      'postgres: '*) [ "$1" = server ] || say "${process#/proc/}" ;;
      *) [ "$1" != server ] || say "${process#/proc/}" ;;
    esac
  done
  set -f
}
# A busy one does not notice that its server was killed, and writes on.
end_orphans() { for orphan in $(processes children); do kill -KILL "$orphan" 2> /dev/null; done; }

tries=0
while other=$(processes server) && [ -n "$other" ] && [ $tries -lt 50 ] && [ $stopping -eq 0 ]; do tries=$((tries + 1)); sleep 0.1; done
leave_if_stopping
[ -z "$other" ] || fail 66 "Another PostgreSQL (process $other) is running on $cluster. Stop it first."
end_orphans
# A server that was killed leaves its pid file, and that number may belong to another process by now.
if [ -e "$cluster/postmaster.pid" ]; then
  say 'Removing the pid file of a server that did not stop cleanly.'
  rm -f "$cluster/postmaster.pid"
fi

explain_unreadable() {
  unreadable=$(as_server find "$cluster" \( ! -readable -o ! -writable -o -type d ! -executable \) -print -quit 2> /dev/null)
  [ -n "$unreadable" ] || return 1
  printf '%s\n' "The user $user, who runs PostgreSQL, cannot read and write $unreadable. Give the data back to him: chown -R $user, then chmod -R u+rwX, both on $cluster." >&2
}
# PostgreSQL makes files of 16 MB.
explain() { explain_disk "$data" 16384 || explain_unreadable; }

if [ ! -e "$cluster" ]; then
  [ -z "$(ls -A "$data" | grep -v -e '^preparing' -e '^lock$')" ] || fail 66 "The folder $data holds something that is no cluster of Trellis. Choose another with the setting Processes:DataRoot."
  say 'Making a new cluster.'
  # Under another name, so that an interrupted preparation is never taken for a cluster.
  discard() { find "$data" -mindepth 1 -maxdepth 1 -name 'preparing*' -exec rm -rf {} +; }
  discard
  at_exit=discard
  secret=$data/preparing.secret
  (printf '%s\n' "$password" > "$secret") 2> /dev/null || { explain_disk "$data" 16384; fail 66 "The folder $data cannot be written to."; }
  [ -z "$identity" ] || chown "$uid:$gid" "$secret"
  stop_signal=TERM
  # It leaves what it made when it fails, so that a disk that it filled is still seen to be full.
  # shellcheck disable=SC2086 # the container image splits POSTGRES_INITDB_ARGS into words too
  setpriv $identity --no-new-privs --pdeathsig QUIT -- "$bin/initdb" --pgdata="$data/preparing" --username="$role" --pwfile="$secret" --encoding=UTF8 \
    --auth-local=scram-sha-256 --auth-host="$host_auth" --no-clean $initdb_args &
  await
  leave_if_stopping
  [ $code -eq 0 ] || explain_disk "$data" 16384
  [ $code -eq 0 ] || fail 66 "The cluster in $data could not be made: initdb ended with exit code $code. Nothing of it is kept; start it again when the reason above is gone."
  mv -T "$data/preparing" "$cluster" || exit 66
  discard
  at_exit=''
  made=1
else
  made=0
  # PostgreSQL refuses a cluster that others can enter, as after a chmod -R over the whole repository.
  case $(stat -c %a "$cluster") in 700 | 750) ;; *) chmod 700 "$cluster" && say "Only $user can enter $cluster now: PostgreSQL wants it so." ;; esac
  kept=$(cat "$cluster/PG_VERSION" 2> /dev/null)
  [ -n "$kept" ] || explain_unreadable ||
    fail 66 "The folder $cluster is no PostgreSQL cluster: PG_VERSION is missing. Restore it from a backup, or move it away to start empty."
  [ -n "$kept" ] || exit 66
  [ "$kept" = "$major" ] || fail 66 "The data in $cluster was made by PostgreSQL $kept, but the server found ($bin) is PostgreSQL $major. Install PostgreSQL $kept (Debian package postgresql-$kept), name its folder with the setting Processes:Postgres:BinPath, or move $cluster away to start empty."
fi

# Settings that are about running here, not about the data: nobody but this machine may connect, and the log is the resource's.
server_settings="-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c logging_collector=off -c log_destination=stderr -c password_encryption=scram-sha-256"

quoted() { say "$1" | sed "s/$2/&&/g"; }
# Its statements are its input. It may have to recover a cluster first, and notices no signal then but the one that nothing survives.
single_user() {
  stop_signal=KILL
  # shellcheck disable=SC2086
  setpriv $identity --no-new-privs --pdeathsig KILL -- "$bin/postgres" --single -D "$cluster" $server_settings -c exit_on_error=on \
    -c log_min_messages=error -c log_min_error_statement=panic "$1" <&8 8<&- 2>&1 > /dev/null &
  await
  exec 8<&-
  leave_if_stopping
  [ $code -eq 0 ] && return
  explain || fail 66 "PostgreSQL cannot use the data in $cluster, for the reason above. Restore it from a backup, or move it away to start empty."
  exit 66
}
leave_if_stopping
role_literal=$(quoted "$role" "'") role_name=$(quoted "$role" '"') secret_literal=$(quoted "$password" "'")
# A kept cluster may know another name or password than the ones given now. In single-user mode nobody has to log in to change it.
if [ $made -eq 0 ]; then
  exec 8<<END
DO \$trellis\$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$role_literal') THEN CREATE ROLE "$role_name"; END IF; END\$trellis\$
ALTER ROLE "$role_name" LOGIN SUPERUSER PASSWORD '$secret_literal'
END
  single_user postgres
fi
if [ $made -eq 1 ] && [ "$database" != postgres ]; then
  exec 8<<END
CREATE DATABASE "$(quoted "$database" '"')"
END
  single_user postgres
fi
leave_if_stopping

# The image runs "postgres" with what follows it; options alone are for it too.
[ "${1:-}" != postgres ] || shift
# It dies with the launcher: SIGQUIT is PostgreSQL's immediate shutdown, which also ends its children.
# Not through as_server: a function in the background is a shell of its own, and signals would go to that.
stop_signal=INT
# shellcheck disable=SC2086
setpriv $identity --no-new-privs --pdeathsig QUIT -- "$bin/postgres" -D "$cluster" -p "$port" $server_settings "$@" 2>&1 9>&- &
await
end_orphans
[ $code -eq 0 ] || [ $stopping -eq 1 ] || explain_port "$port" || explain
[ $code -le 128 ] || [ $stopping -eq 1 ] || printf 'PostgreSQL was ended by signal %s.\n' $((code - 128)) >&2
exit $code
