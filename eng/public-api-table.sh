#!/usr/bin/env bash
# Writes the tables of the public API of the projects in Aspire/ into docs/aspire.md, from the assemblies that the last build left in artifacts/.
#
# usage: eng/public-api-table.sh [--check] [--configuration <name>]
#   --check    write nothing; exit code 1 when the tables are not current
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
check=()
configuration=debug

while [ $# -gt 0 ]; do
    case $1 in
        --check) check=(--check); shift ;;
        --configuration) configuration=${2,,}; shift 2 ;;
        *) sed -n '4,5p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
    esac
done

assemblies=()
for project in Aspire/*/*.csproj; do
    package=$(basename "$project" .csproj)
    assemblies+=("artifacts/bin/$package/$configuration/$package.dll")
done

exec dotnet "artifacts/bin/PublicApi/$configuration/Trellis.PublicApi.dll" --table docs/aspire.md "${check[@]}" "${assemblies[@]}"
