#!/usr/bin/env bash
# ./rig licences [--sbom]: what the programs are made of: packages with version and licence, or a CycloneDX SBOM in JSON.
set -euo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
# shellcheck source=build/launcher.sh
. "$root/build/launcher.sh"

case ${1:-} in
  '' | --sbom) ;;
  -h | --help) echo 'usage: ./rig licences [--sbom]    a table of what is shipped, by its licence; with --sbom a CycloneDX 1.6 document'; exit ;;
  *) fail 2 "'$1' is no option of licences: expected --sbom or nothing" ;;
esac
command -v python3 >/dev/null || fail 3 "python3 is missing ('sudo apt-get install python3' on Debian); it reads what NuGet and npm have written down"
[ -f "$root/rig-server/HilRig.Server/obj/project.assets.json" ] || build_if_stale
exec python3 "$root/build/licences.py" "$root" "${1:-}"
