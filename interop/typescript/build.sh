#!/usr/bin/env bash
# Makes the types and the typed calls, and compiles what uses them.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --no-fund --no-audit --loglevel=error
rm -rf .build
npx --no-install openapi-typescript ../../spec/dist/openapi.sdk.yaml --output .build/schema.d.ts
node generate.mjs
npx --no-install tsc
