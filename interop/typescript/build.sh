#!/usr/bin/env bash
# Makes six clients, each at its generator's defaults, and the typed calls, and compiles all of it.
set -euo pipefail
cd "$(dirname "$0")"
npm ci --no-fund --no-audit --loglevel=error
rm -rf .build
spec=../../spec/dist/openapi.sdk.yaml
npx --no-install openapi-typescript $spec --output .build/openapi-fetch/index.d.ts
npx --no-install openapi-ts --input $spec --output .build/hey-api
npx --no-install orval --input $spec --output .build/orval/index.ts
npx --no-install swagger-typescript-api generate --path $spec --output .build/swagger-typescript-api --name index.ts
bash ../generator/generate.sh typescript-fetch .build/typescript-fetch
bash ../generator/generate.sh typescript-axios .build/typescript-axios
node generate.mjs
npx --no-install tsc
