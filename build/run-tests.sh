#!/usr/bin/env bash
# ./rig test [--full] [FILTER]: every NUnit project under test-suites/; the last line is 'N passed, N failed, N skipped'.
set -euo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
# shellcheck source=build/launcher.sh
. "$root/build/launcher.sh"

filter=
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help) exec "$root/rig" --help ;;
    --full) export HILRIG_FULL=1 ;;
    -*) fail 2 "unknown option '$1' for test: expected --full or a filter" ;;
    *) [ -z "$filter" ] || fail 2 "a second filter '$1' for test: expected one; join them as 'A|B' in an expression"; filter=$1 ;;
  esac
  shift
done

# A bare word means a part of the test's full name; anything with an operator is the platform's own expression.
case $filter in
  '' | *[=~]*) ;;
  *) filter=FullyQualifiedName~$filter ;;
esac

ensure_pyocd
wish_for chromium 'chromium fonts-noto-core' 'the page tests are skipped'
build_if_stale

results=$root/artifacts/test-results
rm -rf "$results"
mkdir -p "$results"
export DOTNET_CLI_UI_LANGUAGE=en
# Most programs that tests start live for a few seconds: to profile their code for a faster version of it costs a fifth more than it ever gains.
export DOTNET_TieredPGO=0
passed=0 failed=0 skipped=0

# A machine that nobody watches must not wait for ever. From outside, since NUnit's adapter cannot stop a run that it was asked to stop;
# with the whole process group, so that no board or probe is left behind.
limit=()
[ -z "${HILRIG_TEST_LIMIT:-}" ] || limit=(timeout --kill-after=10 "$HILRIG_TEST_LIMIT")

# The number behind a word in the summary that the test program prints last; tests may print such words as well.
count() { awk -v word="$2:" '/^Test run summary:/ { n = "" } $1 == word { n = $2 } END { print n }' "$1"; }

for project in "$root"/test-suites/*/*.csproj; do
  grep -q '<IsTestProject>true' "$project" || continue
  name=$(basename "$project" .csproj)
  log=$results/$name.log
  arguments=(--ansi off --progress off --show-slowest-tests 40 --results-directory "$results")
  [ -z "$filter" ] || arguments+=(--filter "$filter")
  set +e
  "${limit[@]}" dotnet "${project%/*}/bin/Release/net10.0/$name.dll" "${arguments[@]}" </dev/null 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  set -e
  p=$(count "$log" succeeded) f=$(count "$log" failed) s=$(count "$log" skipped)
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  # 8: nothing matched the filter. Any other code without a failed test is a test program that died: that is a failure too.
  if [ "$code" != 0 ] && [ "$code" != 8 ] && [ "${f:-0}" = 0 ]; then
    case $code in
      124 | 137) say "$name was ended after ${HILRIG_TEST_LIMIT:-}; its output is $log" ;;
      *) say "$name ended with exit code $code without naming a failed test; its output is $log" ;;
    esac
    failed=$((failed + 1))
  fi
done

# What failed and why, once more: it may lie thousands of lines back, and a log that was cut short keeps its end.
awk '/^[^ ]/ { on = /^failed /; lines = 0 } /^  (Standard|Error) output$/ { on = 0 } on && NF && !/ at NUnit\./ && lines++ < 20' "$results"/*.log
ran=$((passed + failed))
[ "$ran" -gt 0 ] || say "no test ran: ${filter:-no filter} matches none"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] || exit 1
[ "$ran" -gt 0 ] || exit 2
