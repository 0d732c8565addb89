#!/usr/bin/env bash
# Makes the client, as the package chatroom of this module, and compiles what uses it.
# The option accepts members that the spec does not list, as OpenAPI does.
set -euo pipefail
cd "$(dirname "$0")"
bash ../generator/generate.sh go chatroom \
	--additional-properties=packageName=chatroom,withGoMod=false,disallowAdditionalPropertiesIfNotPresent=false
rm -rf chatroom/test
go vet .
go build -o .build/driver .
