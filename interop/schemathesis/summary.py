"""Prints the codes that schemathesis got, by operation. Each operation of the spec has to succeed and to fail."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    codes_of = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    operations = [item["post"]["operationId"] for item in json.load(file)["paths"].values()]
incomplete = []
for operation in operations:
    codes = codes_of.get(operation, {})
    print(f"  {operation:22}", "  ".join(f"{code} x{count}" for code, count in sorted(codes.items(), key=lambda c: int(c[0]))))
    if "200" not in codes or len(codes) == 1:
        incomplete.append(operation)
if incomplete:
    sys.exit(f"no success, or no API error: {', '.join(incomplete)}")
