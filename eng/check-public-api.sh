#!/usr/bin/env bash
# Checks that what the projects in Aspire/ declare public exists, with the same signature, in Microsoft's packages.
#
# usage: eng/check-public-api.sh [--theirs <dir>] [--no-build] [--configuration <name>]
#   --theirs <dir>   take Microsoft's assemblies from this folder (searched recursively) instead of restoring the packages
#   --no-build       use the assemblies that the last build left in artifacts/
# exit code: 0 no deviation; 1 deviations, one a paragraph on standard output; 2 no comparison possible;
#            77 skipped, Microsoft's packages of AspireVersion cannot be restored here (the reason is the last line)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
theirs=
build=true
configuration=Debug

usage() {
    sed -n '4,6p' "${BASH_SOURCE[0]}" | sed 's/^# \{0,1\}//' >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
        --theirs) [ $# -ge 2 ] || usage; theirs=$2; shift 2 ;;
        --no-build) build=false; shift ;;
        --configuration) [ $# -ge 2 ] || usage; configuration=$2; shift 2 ;;
        *) usage ;;
    esac
done

# The assembly named $2 under $1 for the newest framework that is not newer than ours.
find_assembly() {
    find "$1" -type f -name "$2.dll" ! -path '*/obj/*' ! -path '*/ref/*' | awk -F/ '
        { rank = 0 }
        $(NF - 1) ~ /^net(8|9|10)\.0$/ { rank = substr($(NF - 1), 4) + 0 }
        rank >= best { best = rank; path = $0 }
        END { if (path != "") print path }'
}

packages=()
for project in "$root"/Aspire/*/*.csproj; do
    packages+=("$(basename "$project" .csproj)")
done

if [ -n "$theirs" ]; then
    [ -d "$theirs" ] || { echo "No folder $theirs." >&2; exit 2; }
else
    project=$root/eng/PublicApi/MicrosoftPackages/MicrosoftPackages.csproj
    if ! log=$(dotnet restore "$project" --nologo 2>&1); then
        reason=$(grep -oE 'error [A-Z]+[0-9]+: [^[]*' <<<"$log" | head -1 | sed 's/^error //; s/ *$//' || true)
        echo "Public API: skipped, Microsoft's packages cannot be restored (${reason:-dotnet restore failed})"
        exit 77
    fi
    cache=$(dotnet msbuild "$project" -getProperty:NuGetPackageRoot)
    version=$(dotnet msbuild "$project" -getProperty:AspireVersion)
fi

if $build; then
    for package in "${packages[@]}"; do
        dotnet build "$root/Aspire/$package/$package.csproj" -c "$configuration" --nologo -clp:ErrorsOnly >&2 || exit 2
    done
    dotnet build "$root/eng/PublicApi/PublicApi.csproj" -c "$configuration" --nologo -clp:ErrorsOnly >&2 || exit 2
fi

our_assemblies=()
their_assemblies=()
for package in "${packages[@]}"; do
    ours=$root/artifacts/bin/$package/${configuration,,}/$package.dll
    [ -f "$ours" ] || { echo "No $ours: build first." >&2; exit 2; }
    folder=${theirs:-$cache/${package,,}/${version:-}}
    their=$(find_assembly "$folder" "$package")
    [ -n "$their" ] || { echo "No $package.dll in $folder." >&2; exit 2; }
    our_assemblies+=("$ours")
    their_assemblies+=("$their")
done

exec dotnet "$root/artifacts/bin/PublicApi/${configuration,,}/Trellis.PublicApi.dll" \
    --ours "${our_assemblies[@]}" --theirs "${their_assemblies[@]}"
