#!/usr/bin/env bash
# Makes the client.
set -euo pipefail
cd "$(dirname "$0")"
bash ../generator/generate.sh ruby .build/client
