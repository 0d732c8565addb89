"""Prints the codes that schemathesis got, by operation. Fails where an operation only ever refused, or never did."""

import json
import sys

operations = int(sys.argv[2])
with open(sys.argv[1], encoding="utf-8") as file:
    answered = json.load(file)
one_sided = []
for operation, codes in sorted(answered.items()):
    print(f"  {operation:22}", "  ".join(f"{code} x{count}" for code, count in sorted(codes.items(), key=lambda c: int(c[0]))))
    if "200" not in codes or len(codes) == 1:
        one_sided.append(operation)
if len(answered) != operations:
    sys.exit(f"{len(answered)} of {operations} operations were called")
if one_sided:
    sys.exit(f"only successes, or only refusals: {', '.join(one_sided)}")
