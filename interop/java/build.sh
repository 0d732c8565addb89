#!/usr/bin/env bash
# Makes the client, and compiles it with the hook, its test and the driver.
set -euo pipefail
cd "$(dirname "$0")"
bash ../generator/generate.sh java .build/client --library okhttp-gson --additional-properties=invokerPackage=com.example.yunxin,apiPackage=com.example.yunxin.api,modelPackage=com.example.yunxin.model,useSingleRequestParameter=true,disallowAdditionalPropertiesIfNotPresent=false,openApiNullable=false,hideGenerationTimestamp=true
mvn --batch-mode --quiet test-compile dependency:copy-dependencies
