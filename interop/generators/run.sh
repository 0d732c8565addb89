#!/usr/bin/env bash
# run.sh [NAME...] generates and compiles, at its defaults, the code of each generator that no client of ../ plays, or of
# those named. A row of the table is a name, a command that generates into the folder of that name, and one that compiles
# what is there.
set -euo pipefail
cd "$(dirname "$0")"
spec=../../spec/dist/openapi.sdk.yaml

table='
kotlin-gson     | openapi_generator kotlin --additional-properties=serializationLibrary=gson    | maven pom.xml
kotlin-jackson  | openapi_generator kotlin --additional-properties=serializationLibrary=jackson | maven pom.xml
java            | openapi_generator java                                                        | maven $folder/pom.xml
java-native     | openapi_generator java --library native                                       | maven $folder/pom.xml
oapi-codegen    | oapi_codegen v2.8.2 v1.9.0                                                    | (cd $folder && go vet .)
datamodel-code-generator | datamodel_codegen 0.89.0                                             | $folder/venv/bin/python -W error $folder/models.py
'

openapi_generator() { bash ../generator/generate.sh "$1" "$folder" "${@:2}"; }

maven() { mvn --batch-mode --quiet --file "$1" -Dclient="$name" compile; }

oapi_codegen() { # VERSION RUNTIME
	mkdir -p "$folder" &&
		go run "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@$1" -generate types,client -package chatroom -o "$folder/chatroom.go" "$spec" &&
		(cd "$folder" && go mod init chatroom.example && go get "github.com/oapi-codegen/runtime@$2")
}

datamodel_codegen() { # VERSION
	python3 -m venv "$folder/venv" &&
		"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "datamodel-code-generator==$1" &&
		"$folder/venv/bin/datamodel-codegen" --input "$spec" --output "$folder/models.py"
}

mkdir -p .build
failed=
while IFS='|' read -r name generate compile; do
	name=${name// /}
	[ -n "$name" ] && [[ $# = 0 || " $* " == *" $name "* ]] || continue
	folder=.build/$name
	rm -rf "$folder"
	began=$SECONDS
	if (eval "$generate" && eval "$compile") >.build/log 2>&1 </dev/null; then
		echo "ok     $name $((SECONDS - began))s"
	else
		cat .build/log
		echo "FAILED $name"
		failed+=" $name"
	fi
done <<<"$table"
if [ -n "$failed" ]; then
	echo "generators:$failed failed"
	exit 1
fi
