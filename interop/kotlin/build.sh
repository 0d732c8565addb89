#!/usr/bin/env bash
# Makes the client, and compiles it with the hook, its test and the driver.
set -euo pipefail
cd "$(dirname "$0")"
bash ../generator/generate.sh kotlin .build/client
mvn --batch-mode --quiet compile dependency:copy-dependencies
