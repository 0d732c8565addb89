#!/usr/bin/env bash
# Runs a program of this folder with the client that build.sh made.
cd "$(dirname "$0")"
PYTHONPATH=.build/client exec .build/venv/bin/python "$@"
