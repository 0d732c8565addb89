#!/usr/bin/env bash
# Runs the vendor's own JUnit tests for chat rooms against an emulator. Only the endpoint and the credentials are changed.
# Takes the address or the folder of another clone of the vendor's repository. Exits 0 when all tests pass, 1 when one
# does not, and 3 when the repository or its dependencies cannot be had.
set -euo pipefail
source=${1:-https://github.com/netease-im/yunxin-server-sdk-java}
[ ! -d "$source" ] || source=$(realpath "$source")
commit=d77ec498f2b7a74a12267969cd3ea75ca3acbf2a
tests='TestChatroomV1,TestChatroomMessageV1,TestHistoryV1#testQueryChatroomHistoryMessage+testNotificationMessages+testDeleteChatroomHistoryMessage'
number=34 # 25, 6 and 3
# shellcheck source=../emulator.sh
. "$(dirname "$0")/../emulator.sh"
start_emulator strict

not_run() {
	echo "NOT RUN: $1"
	echo "What these tests send and assert is played by: go test ./conformance -run TestForeignSuites"
	exit 3
}
control() { curl --silent --show-error --fail "${BASE_URL%/nimserver}/_emulator/$1" "${@:2}"; }

timeout 120 git clone --quiet "$source" "$work/sdk" && git -C "$work/sdk" checkout --quiet "$commit" || not_run "no clone of $source at $commit."
cd "$work/sdk"
sed -i '0,/\.timeoutMillis(timeoutMillis)/s//&.endpoint(System.getProperty("endpoint"))/' \
	src/test/java/com/netease/nim/im/server/sdk/test/YunxinApiHttpClientInit.java
timeout 300 mvn -B -q test-compile >"$work/maven.log" 2>&1 || { tail "$work/maven.log" && not_run "Maven did not build the SDK."; }

control accounts --data '{"accids":["owner"]}'
control rooms --data '{"roomid":10908439525,"creator":"owner","name":"fixed"}' # its id stands in TestChatroomMessageV1
control stubs --data '{"path":"/team/create.action","answer":{"code":200,"tid":"1"}}' # for the set-up of TestHistoryV1
echo
# The version of surefire that Maven takes by itself cannot choose tests of several classes.
timeout 300 mvn -B org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test -Dtest="$tests" \
	-Dmaven.test.redirectTestOutputToFile=true -Dendpoint="$BASE_URL" -Dappkey="$APP_KEY" -Dappsecret="$APP_SECRET" |
	grep -E 'Tests run|ERROR'
# Without credentials the tests do nothing and pass.
control 'requests?operation=queueDrop' | grep -q '"code":200'
[ "$(grep -ho '<testcase ' target/surefire-reports/*.xml | wc -l)" = "$number" ]
