#!/usr/bin/env bash
# generate.sh GENERATOR FOLDER [OPTION...] makes a client from the published file, by openapi-generator in the version
# that pom.xml pins. Maven fetches it the first time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
version=$(sed -n 's:.*<openapi-generator>\(.*\)</openapi-generator>.*:\1:p' "$here/pom.xml")
jar=$here/../.build/openapi-generator-cli-$version.jar
mkdir -p "$here/../.build"
( # two may ask for it at a time
	flock 9
	[ -f "$jar" ] || mvn --batch-mode --quiet --file "$here/pom.xml" dependency:copy@generator
) 9>"$here/../.build/lock"
generator=$1 folder=$2
shift 2
rm -rf "$folder"
java -Dlog.level=error -jar "$jar" generate --generator-name "$generator" --input-spec "$here/../../spec/dist/openapi.sdk.yaml" --output "$folder" \
	--global-property=apis,models,supportingFiles,apiDocs=false,modelDocs=false,apiTests=false,modelTests=false "$@"
