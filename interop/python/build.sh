#!/usr/bin/env bash
# Makes the clients, and a Python that has what they need.
set -euo pipefail
cd "$(dirname "$0")"
[ -x .build/venv/bin/python ] || python3 -m venv .build/venv
.build/venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
bash ../generator/generate.sh python .build/client --additional-properties=packageName=yunxin_chatroom
PATH=$PWD/.build/venv/bin:$PATH openapi-python-client generate --path ../../spec/dist/openapi.sdk.yaml --meta none --overwrite \
	--output-path .build/client/yunxin_client >/dev/null
