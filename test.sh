#!/usr/bin/env bash
# Runs every gate and test: format, build, tests on the real engine, databases and browser, coverage, public API.
#   ./test.sh           everything that a change must pass
#   ./test.sh --long    the long runs too: 20 kills each of AppHost and engine at random moments, pauses of a minute
# Ends with the sum alone on a line: "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 ASPIRE_CLI_TELEMETRY_OPTOUT=true
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0 messaging= kafka=

for argument in "$@"; do
  case $argument in
    --long) export TRELLIS_LONG_TESTS=1 ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "test.sh: unknown argument '$argument'; see ./test.sh --help" >&2; exit 2 ;;
  esac
done

step() { printf '\n== %s\n' "$1"; }

# A gate is one check that passes or fails as a whole.
gate() {
  local name=$1
  shift
  step "$name"
  if "$@"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo "FAILED: $name"
  fi
}

finish() {
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [[ $failed -eq 0 ]]
  exit
}

has_rabbitmq() { [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]]; }

# What the tests need beside the .NET SDK, npm and git. Installed when we may, named when we may not.
prerequisites() {
  local missing=() packages=()
  for tool in dotnet npm node git; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  if ((${#missing[@]})); then
    echo "Missing: ${missing[*]}. Install the .NET SDK $(sed -n 's/.*"version": "\(.*\)".*/\1/p' global.json) or later, Node.js with npm, and git."
    return 1
  fi

  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || packages+=(postgresql)
  command -v redis-server >/dev/null || packages+=(redis-server)
  command -v chromium >/dev/null || packages+=(chromium)
  command -v promtool >/dev/null || packages+=(prometheus)
  command -v setpriv >/dev/null && command -v script >/dev/null || packages+=(util-linux bsdutils)
  # Its tests are skipped, and say so, where it may not be installed.
  has_rabbitmq || [[ $(id -u) -ne 0 ]] || packages+=(rabbitmq-server)
  ((${#packages[@]})) || return 0
  if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
    echo "Installing ${packages[*]} ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
  else
    echo "Missing: ${packages[*]}. Install them with: sudo apt-get install ${packages[*]}"
    return 1
  fi
}

# Runs one project, or those of its tests that the filter leaves, and says what came out of it, all at once: another one may be running beside it.
test_project() {
  local project=$1 name=$2 filter=${3:-} log code line
  log=$results/$name.log
  timeout 1800 dotnet test "$project" --no-build --nologo --logger 'console;verbosity=minimal' ${filter:+--filter "$filter"} \
    --collect 'XPlat Code Coverage' --settings eng/coverage.runsettings --results-directory "$results/coverage/$name" >"$log" 2>&1
  code=$?
  line=$(grep -E '^(Passed|Failed|Skipped)! +- Failed:' "$log" | tail -n 1)
  {
    step "$name"
    grep -vE '^(Attachments:|  .*coverage\.cobertura\.xml|VSTest version|Starting test execution|A total of|Test run for|\s*$)' "$log"
    if [[ ! $line =~ Failed:\ +([0-9]+),\ Passed:\ +([0-9]+),\ Skipped:\ +([0-9]+) ]]; then
      echo "FAILED: $name ran no test (exit code $code)"
      echo '0 1 0' >"$results/$name.sum"
    elif [[ $code -ne 0 && ${BASH_REMATCH[1]} -eq 0 ]]; then
      echo "FAILED: $name ended with exit code $code"
      echo "${BASH_REMATCH[2]} 1 ${BASH_REMATCH[3]}" >"$results/$name.sum"
    else
      echo "${BASH_REMATCH[2]} ${BASH_REMATCH[1]} ${BASH_REMATCH[3]}" >"$results/$name.sum"
    fi
  } >"$results/$name.told"
  cat "$results/$name.told"
}

# Two at a time: most of what tests do is wait. The longest first, so that none of them is left over at the end.
test_projects() {
  local project name names=() more_passed more_failed more_skipped longest=(Tests/{Shop,Messaging,Aspire.Hosting,ServiceDefaults}.Tests/*.csproj)
  trap 'kill $(jobs -pr) 2>/dev/null; exit 130' INT TERM
  for project in "${longest[@]}" $(printf '%s\n' Tests/*/*.csproj "${longest[@]}" | sort | uniq -u); do
    while (($(jobs -pr | grep -vcx "${kafka:-none}") >= 2)); do wait -n; start_kafka; done
    name=$(basename "$project" .csproj)
    names+=("$name")
    if [[ $name == Messaging.Tests ]]; then
      test_project "$project" "$name" 'FullyQualifiedName!~Kafka' &
      messaging=$!
    else
      test_project "$project" "$name" &
    fi
  done
  while (($(jobs -pr | wc -l))); do wait -n; start_kafka; done
  trap - INT TERM
  for name in "${names[@]}" Messaging.Tests.Kafka; do
    read -r more_passed more_failed more_skipped <"$results/$name.sum" || { more_passed=0 more_failed=1 more_skipped=0; echo "FAILED: $name was ended"; }
    passed=$((passed + more_passed)) failed=$((failed + more_failed)) skipped=$((skipped + more_skipped))
  done
}

# The tests of Kafka wait nearly all the time, for sessions that the mock of a cluster ends by its clock: they run beside the two, after the other tests of messaging.
start_kafka() {
  [[ -z ${kafka:-} ]] && ! kill -0 "$messaging" 2>/dev/null || return 0
  test_project Tests/Messaging.Tests/Messaging.Tests.csproj Messaging.Tests.Kafka 'FullyQualifiedName~Kafka' &
  kafka=$!
}

public_api() {
  step 'Public API of Aspire/ against Microsoft'\''s packages'
  eng/check-public-api.sh
  case $? in
    0) passed=$((passed + 1)) ;;
    77) skipped=$((skipped + 1)) ;;
    *) failed=$((failed + 1)) ;;
  esac
}

prerequisites || { failed=1; finish; }
gate 'Build' dotnet build Aspire.sln --nologo -v quiet -clp:NoSummary
((failed)) && finish
gate 'Format' dotnet format Aspire.sln --verify-no-changes --no-restore -v quiet
test_projects
public_api
gate 'Table of the public API in docs/aspire.md' eng/public-api-table.sh --check
untested=()
has_rabbitmq || untested=(--without Messaging/Transport/RabbitMQ --without Hosting/Processes/RabbitMQ)
gate 'Coverage of lines, at least 80 %' node eng/coverage.mjs "$results/coverage" 80 Aspire Hosting ServiceDefaults Messaging "${untested[@]}"
finish
