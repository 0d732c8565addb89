#!/usr/bin/env bash
# Runs the vendor's own Java SDK against an emulator. With a file name it keeps the requests there.
# Exits 0 when all checks hold, 1 when one does not, 3 when Maven cannot get the SDK.
set -euo pipefail
record=${1:+$(realpath "$1")}
cd "$(dirname "$0")"
# shellcheck source=../emulator.sh
. ../emulator.sh
start_emulator
if ! timeout 300 mvn -B -q -Dstyle.color=never compile >"$work/maven.log" 2>&1; then
	if grep -Eq 'com\.netease\.nim:yunxin-server-sdk:jar:[0-9.]+ (was not found|in central)|Could not find artifact com\.netease\.nim:yunxin-server-sdk' "$work/maven.log"; then
		echo "NOT RUN: Maven's repositories do not give $(grep -o -m1 'com\.netease\.nim:yunxin-server-sdk:jar:[0-9.]*[0-9]' "$work/maven.log")."
		echo "Its recorded requests are played by: go test ./conformance -run TestVendorSDK"
		exit 3
	fi
	cat "$work/maven.log"
	exit 1
fi
timeout 120 mvn -B -q -Dstyle.color=never exec:java -Dexec.args="$BASE_URL $APP_KEY $APP_SECRET $record"
