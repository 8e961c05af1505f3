#!/usr/bin/env bash
# Three virtual boards and an agent for them: virtual-bench.sh serve --server URL --name NAME --data DIR
set -euo pipefail

app=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
folder=$(mktemp -d)
boards=()
stop() {
  kill "${boards[@]}" 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

echo "places:" >"$folder/places.yaml"
for number in 1 2 3; do
  name=kv58-$number probe=$((6000 + number)) power=$((6100 + number)) dcache=off
  [ "$number" = 1 ] && dcache=on
  dotnet "$app/hilrig-board.dll" --name "$name" --serial "$folder/$name" --probe-port "$probe" --power-port "$power" \
    --dcache "$dcache" --seed "$number" >"$folder/$name.log" &
  boards+=($!)
  cat >>"$folder/places.yaml" <<END
  - name: $name
    board: kv58
    serial: {device: $folder/$name, baud: 57600}
    probe: {uid: "remote:127.0.0.1:$probe"}
    power: {scpi: "127.0.0.1:$power"}
    tags: [virtual]
END
done
for number in 1 2 3; do
  until [ -s "$folder/kv58-$number.log" ]; do
    kill -0 "${boards[$((number - 1))]}" || { cat "$folder/kv58-$number.log" >&2; exit 3; }
    sleep 0.2
  done
done

# The agent is stopped as this script is, and has the last word.
dotnet "$app/hilrig-agent.dll" "$@" --places "$folder/places.yaml" &
agent=$!
trap 'kill -TERM "$agent" 2>/dev/null' TERM INT
status=0
wait "$agent" || status=$?
# A signal ends the first wait before the agent has ended.
wait "$agent" 2>/dev/null || status=$?
exit "$status"
