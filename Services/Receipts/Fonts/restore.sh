#!/usr/bin/env bash
# Restores the font into <folder>, once. Called by the build; needs npm and the network the first time only.
# Lines of the form "file : error CODE: text" are what MSBuild shows as errors.
set -euo pipefail
source=$(cd "$(dirname "$0")" && pwd)
target=$1

fail() { echo "Services/Receipts : error RECEIPTS001: $1"; exit 1; }
ready() { cmp --silent "$source/package-lock.json" "$target/.lock.json" && [[ -f $target/DejaVuSans.ttf && -f $target/LICENSE ]]; }

ready && exit 0
command -v npm >/dev/null || fail "npm was not found. It is needed once, to restore the font of receipts. Install Node.js with npm (Debian: apt-get install npm)."

mkdir -p "$target"
exec 9>"$target/.lock"
flock 9
ready && exit 0

work=$(mktemp -d "$target/npm.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp "$source/package.json" "$source/package-lock.json" "$work/"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund) >"$work/log" 2>&1 || { cat "$work/log"; fail "npm could not restore the font; its output is above."; }
cp "$work/node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf" "$work/node_modules/dejavu-fonts-ttf/LICENSE" "$target/"
cp "$source/package-lock.json" "$target/.lock.json"
