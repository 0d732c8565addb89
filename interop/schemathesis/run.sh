#!/usr/bin/env bash
# Runs schemathesis on the published file against an emulator, then shows with broken ones that the run can fail.
# Exits 0 when the emulator conforms to the file and each break was noticed.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=../emulator.sh
. ../emulator.sh
spec=$(realpath ../../spec/dist/openapi.json)

start_emulator open
export BASE_URL APP_KEY APP_SECRET CODES="$work/codes.json"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt

schemathesis() { timeout 600 "$work/venv/bin/schemathesis" run --url "$BASE_URL" "$@"; }

schemathesis "$spec"
python3 summary.py "$CODES" "$spec"

# broken NAME CHECK FILE expects a run on FILE to fail by CHECK.
broken() {
	if schemathesis "$3" --include-operation-id createChatroom --phases examples >"$work/$1.log" 2>&1 || ! grep -q "$2" "$work/$1.log"; then
		cat "$work/$1.log"
		echo "$1: not noticed by \"$2\""
		exit 1
	fi
	echo "  $1: noticed ($2)"
}
fault() {
	curl -sf -X DELETE "${BASE_URL%/nimserver}/_emulator/faults" >/dev/null
	curl -sf "${BASE_URL%/nimserver}/_emulator/faults" -d "{\"operation\":\"createChatroom\",\"times\":1000,$1}" >/dev/null
}
echo "broken on purpose:"
fault '"kind":"malformed"' && broken "a response that is not JSON" "Undocumented Content-Type" "$spec"
fault '"kind":"status","status":502' && broken "an HTTP status of 502" "Server error" "$spec"
curl -sf -X DELETE "${BASE_URL%/nimserver}/_emulator/faults" >/dev/null
python3 - "$spec" >"$work/mutated.json" <<-'END'
	import json, sys
	spec = json.load(open(sys.argv[1], encoding="utf-8"))
	spec["components"]["schemas"]["Chatroom"]["properties"]["valid"]["type"] = "integer"
	json.dump(spec, sys.stdout)
END
broken "a response of another type" "Response violates schema" "$work/mutated.json"
