#!/usr/bin/env bash
# Known weaknesses of what is shipped, as NuGet and npm know them: one line each; 1 where there is one. A registry that cannot say so is no failure.
set -uo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
limit=120
found=0

audit_nuget() {
  local report
  for project in rig-server/HilRig.Server rig-agent/HilRig.Agent; do
    if ! report=$(timeout "$limit" dotnet list "$root/$project" package --vulnerable --include-transitive 2>&1); then
      echo "audit: NuGet could not say: $(grep -m1 -E 'error|rror:' <<<"$report" || echo "no answer within $limit s")"
      return
    fi
    if grep -q 'has the following vulnerable packages' <<<"$report"; then
      sed -n 's/^ *> /audit: NuGet: /p' <<<"$report"
      found=1
    fi
  done
  [ "$found" = 1 ] || echo "audit: NuGet: no vulnerable packages, as far as its source knows"
}

audit_npm() {
  local report
  command -v npm >/dev/null || { echo "audit: npm is missing and could not say"; return; }
  report=$(cd "$root/dashboards/HilRig.Dashboards" && timeout "$limit" npm audit --omit=dev --audit-level=low 2>&1) && { echo "audit: npm: no vulnerable packages"; return; }
  if grep -q 'found .* vulnerabilit\|Severity:\|vulnerabilities' <<<"$report"; then
    echo "audit: npm: $(grep -m1 -E 'vulnerabilit' <<<"$report")"
    found=1
  else
    echo "audit: npm could not say: $(grep -m1 -E 'warn audit|error' <<<"$report" || echo "no answer within $limit s")"
  fi
}

audit_nuget
audit_npm
exit $found
