#!/usr/bin/env bash
# Installs pyOCD 0.45 on Debian 12, as root: the package of a newer Debian, which needs nothing else from there.
# The machine's own mirror is used through a throw-away source list: apt checks the signatures, and nothing stays behind.
set -euo pipefail

[ "$(id -u)" = 0 ] || { echo "install-pyocd: must run as root: sudo $0" >&2; exit 2; }
command -v apt-get >/dev/null || { echo "install-pyocd: no apt-get here: 'pipx install pyocd' instead" >&2; exit 2; }
if dpkg-query -W -f '${Version}' python3-pyocd 2>/dev/null | grep -qE '^0\.(3[6-9]|[4-9][0-9])|^[1-9]' && command -v pyocd >/dev/null; then
  echo "install-pyocd: python3-pyocd $(dpkg-query -W -f '${Version}' python3-pyocd) is already there"
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
cd "$work"

# apt knows its mirrors only after an update, which a fresh container has not seen.
apt-get -qq update
# shellcheck disable=SC2016 # apt's own variables
mirror=$(apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)' 'Created-By: Packages' | awk -F'|' '$1 == "Debian" && $2 !~ /security/ { print $2; exit }')
[ -n "$mirror" ] || { echo "install-pyocd: apt lists no Debian mirror: 'pipx install pyocd' instead" >&2; exit 3; }

# fetch SUITE: its python3-pyocd into the work folder
fetch() {
  # A mirror's snapshot of a moving suite may have outlived its release file's date.
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg check-valid-until=no] $mirror $1 main" >source.list
  local apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/source.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
  "${apt[@]}" update && "${apt[@]}" download python3-pyocd
}

fetch forky || fetch trixie || { echo "install-pyocd: $mirror has python3-pyocd neither in forky nor in trixie" >&2; exit 3; }
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ./python3-pyocd_*.deb </dev/null
echo "install-pyocd: python3-pyocd $(dpkg-query -W -f '${Version}' python3-pyocd) installed"
