#!/usr/bin/env bash
# Makes the client, and a Python that has what it needs.
set -euo pipefail
cd "$(dirname "$0")"
bash ../generator/generate.sh python .build/client --additional-properties=packageName=yunxin_chatroom
[ -x .build/venv/bin/python ] || python3 -m venv .build/venv
.build/venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
