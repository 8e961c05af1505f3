# Sourced by ./rig and its scripts; expects $root. Every complaint is one line that names the remedy.
# shellcheck shell=bash disable=SC2154

say() { echo "rig: $*" >&2; }

# fail EXIT-CODE MESSAGE
fail() {
  say "$2"
  exit "$1"
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# The SDK's own install script leaves it beside the home folder's files and off the PATH.
command -v dotnet >/dev/null || PATH=$PATH:$HOME/.dotnet

ensure_dotnet() {
  command -v dotnet >/dev/null || fail 3 "dotnet is missing: install the .NET 10 SDK (https://dot.net/download) or put it on the PATH"
  dotnet --list-sdks | grep -q '^10\.' || fail 3 "no .NET 10 SDK: 'dotnet --list-sdks' shows what is there; get it from https://dot.net/download"
}

# The rig's own probe program. Debian 12 has no package of it that works, so an own script fetches a newer one.
ensure_pyocd() {
  command -v pyocd >/dev/null && return
  local remedy="run 'sudo $root/build/install-pyocd.sh' on Debian, 'pipx install pyocd' elsewhere"
  can_install || fail 3 "pyocd is missing: $remedy"
  say "installing pyocd"
  mkdir -p "$root/artifacts/rig"
  "$root/build/install-pyocd.sh" >"$root/artifacts/rig/install-pyocd.log" 2>&1 ||
    fail 3 "pyocd is missing and could not be installed (artifacts/rig/install-pyocd.log says why): $remedy"
}

# Installs when it may, else names: wish_for COMMAND 'DEBIAN PACKAGES' WHAT-IS-MISSED-WITHOUT-IT
wish_for() {
  command -v "$1" >/dev/null && return
  if can_install; then
    say "installing $2"
    mkdir -p "$root/artifacts/rig"
    # shellcheck disable=SC2086 # several packages
    if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $2; } \
      >"$root/artifacts/rig/install-$1.log" 2>&1 </dev/null; then
      return
    fi
  fi
  say "$1 is missing ('sudo apt-get install $2' on Debian): $3"
}

# What a build reads. Generated folders are left out, or a build would make itself stale.
source_files() {
  find "$root" \( -name bin -o -name obj -o -name node_modules -o -name wwwroot -o -name artifacts -o -name .git -o -name TestResults \) -prune \
    -o -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.proj' -o -name '*.sln' \
    -o -name '*.razor' -o -name '*.ts' -o -name '*.css' -o -name '*.js' -o -name '*.json' -o -name '*.yaml' -o -name '*.sql' -o -name '*.bin' -o -path '*/Fixtures/*' -o -path '*/Vectors/*' \) "$@" -print
}

# True when nothing was added, removed or changed since the last good build.
is_fresh() {
  local stamp=$root/artifacts/rig/built
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(source_files | sort | cksum)" ] && [ -z "$(source_files -newer "$stamp")" ]
}

build_if_stale() {
  is_fresh && return
  ensure_dotnet
  local state=$root/artifacts/rig
  mkdir -p "$state"
  if command -v flock >/dev/null; then
    exec 9>"$state/lock"
    flock 9
  else
    until mkdir "$state/lock.d" 2>/dev/null; do
      # A holder that was killed leaves its folder behind.
      kill -0 "$(cat "$state/lock.d/holder" 2>/dev/null)" 2>/dev/null || rm -rf "$state/lock.d"
      sleep 1
    done
    echo $$ >"$state/lock.d/holder"
    trap 'rm -rf "$root/artifacts/rig/lock.d"' EXIT
  fi
  # Another ./rig may have built while this one waited.
  is_fresh || build "$state"
  exec 9>&-
  rm -rf "$state/lock.d"
  trap - EXIT
}

build() {
  local state=$1
  wish_for npm 'nodejs npm' 'the pages have no charts and do not refresh themselves'
  say "building (the first time takes about a minute and restores packages)"
  # The stamp carries the time before the build: what is edited meanwhile is built again.
  source_files | sort | cksum >"$state/building"
  # Node reuse off, and the lock closed for the compiler server, which outlives the build and would keep it. A compiler that lives for
  # minutes never gains what counting its branches costs: a quarter of the build's time.
  if ! (cd "$root" && DOTNET_TieredPGO=0 dotnet build HilRig.sln -c Release -v q -nologo -nodeReuse:false >"$state/build.log" 2>&1 </dev/null 9>&-); then
    grep -E '(error|warning) [A-Z]+[0-9]+' "$state/build.log" | sort -u >&2 || tail -n 20 "$state/build.log" >&2
    fail 3 "the build failed; the whole log is $state/build.log"
  fi
  mv "$state/building" "$state/built"
}
