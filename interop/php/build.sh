#!/usr/bin/env bash
# Makes the client.
set -euo pipefail
cd "$(dirname "$0")"
bash ../generator/generate.sh php .build/client --additional-properties=invokerPackage=YunxinChatroom
