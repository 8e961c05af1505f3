#!/usr/bin/env bash
# ./rig publish [RID…]: single-file programs for linux-x64, linux-arm64 and win-x64 under artifacts/publish/RID.
set -euo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
# shellcheck source=build/launcher.sh
. "$root/build/launcher.sh"

help() {
  cat <<'END'
usage: ./rig publish [RID…]        RID: linux-x64, linux-arm64, win-x64, or another that .NET knows; all three where none is given

Writes artifacts/publish/RID: hilrig-server, hilrig-agent, hilrig and, for Linux, hilrig-board, a file each, with the agent's folder
`boards` and SQLite's library beside them. They carry .NET within them where its runtime packs restore; else the machine needs
ASP.NET Core 10, and a line says so.
END
}

rids=()
for argument in "$@"; do
  case $argument in
    -h | --help) help; exit ;;
    linux-* | win-* | osx-*) rids+=("$argument") ;;
    *) fail 2 "'$argument' is no RID: expected linux-x64, linux-arm64 or win-x64; ./rig publish --help" ;;
  esac
done
[ ${#rids[@]} -gt 0 ] || rids=(linux-x64 linux-arm64 win-x64)

ensure_dotnet
wish_for npm 'nodejs npm' 'the pages have no charts and do not refresh themselves'
mkdir -p "$root/artifacts/publish"
# Decides between packages and stand-ins, as any build of the solution does.
dotnet restore "$root/HilRig.sln" -v q -nologo >"$root/artifacts/publish/restore.log" 2>&1 ||
  { grep -E 'error' "$root/artifacts/publish/restore.log" | sort -u >&2; fail 3 "the restore failed; the whole log is artifacts/publish/restore.log"; }

# publish RID SELF-CONTAINED PROJECT
publish() {
  dotnet publish "$root/$3" -c Release -r "$1" --self-contained "$2" -p:PublishSingleFile=true -p:DebugType=embedded \
    -o "$root/artifacts/publish/$1" -v q -nologo -nodeReuse:false </dev/null
}

for rid in "${rids[@]}"; do
  log=$root/artifacts/publish/$rid.log
  projects=(rig-agent/HilRig.Agent rig-server/HilRig.Server rig-server/HilRig.Cli)
  # A pseudo-terminal is Linux's.
  [[ $rid != linux-* ]] || projects+=(rig-agent/HilRig.VirtualBoard)
  rm -rf "${root:?}/artifacts/publish/$rid"
  : >"$log"
  contained=true
  for project in "${projects[@]}"; do
    say "publishing $project for $rid"
    publish "$rid" "$contained" "$project" >>"$log" 2>&1 && continue
    if [ "$contained" = true ] && grep -qE 'NU110[0-3]: .*(App\.Runtime|App\.Host|ILCompiler)' "$log"; then
      say "the runtime packs of $rid do not restore here: the machine will need ASP.NET Core 10"
      contained=false
      publish "$rid" false "$project" >>"$log" 2>&1 && continue
    fi
    grep -E 'error' "$log" | sed 's/ \[.*\]$//' | sort -u >&2
    fail 3 "publishing $project for $rid failed; the whole log is $log"
  done
  rm -f "$root/artifacts/publish/$rid/"{*.pdb,appsettings*.json,package*.json,tsconfig.json,web.config,*.staticwebassets.*.json}
  size=$(du -sh "$root/artifacts/publish/$rid" | cut -f1)
  say "artifacts/publish/$rid: $size, $([ "$contained" = true ] && echo 'with .NET in it' || echo 'needs ASP.NET Core 10')"
done
