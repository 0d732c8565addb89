#!/usr/bin/env bash
# Usage: breaking.sh OLD NEW. Asks oasdiff whether NEW breaks clients of OLD; it may when info.version rose by a major step.
# The newest oasdiff that installs from the Go module proxy alone.
set -euo pipefail
oasdiff=github.com/oasdiff/oasdiff@v1.30.0

major() { sed -n 's/^  version: \([0-9]*\)\..*/\1/p' "$1" | head -1; }

if [ "$(major "$2")" -gt "$(major "$1")" ]; then
	echo "a major step: $(major "$1") to $(major "$2")"
	exit
fi
go run "$oasdiff" breaking --fail-on ERR "$1" "$2"
