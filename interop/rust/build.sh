#!/usr/bin/env bash
# Makes the client, and compiles it with the driver.
set -euo pipefail
cd "$(dirname "$0")"
bash ../generator/generate.sh rust .build/client --additional-properties=packageVersion=1.0.0 # as Cargo.lock has it
cargo build --quiet --locked --target-dir .build/target
