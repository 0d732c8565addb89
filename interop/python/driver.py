"""Reads calls, one from each line, and makes them through the client whose module is the argument.

../README.md describes the format.
"""

import importlib
import json
import sys


def main():
    client = importlib.import_module(sys.argv[1])
    for line in sys.stdin:
        try:
            request = json.loads(line)
            form = {name: text(value) for name, value in request["form"].items()}
            reply = client.perform(request["operation"], form, request["now"])
        except Exception as problem:  # the reader of the reply reports it
            reply = {"error": repr(problem)}
        print(json.dumps(reply), flush=True)


def text(value):
    """The value of a field. A list or an object is sent as its JSON text."""
    return json.dumps(value) if isinstance(value, (list, dict)) else value


if __name__ == "__main__":
    main()
