"""Reads calls, one from each line, and makes them through the generated client. ../README.md describes the format."""

import inspect
import json
import os
import re
import sys

from pydantic import ValidationError

import yunxin_chatroom
from nimroom import SignedClient
from yunxin_chatroom import ApiException, Configuration, Error

clock = {"now": 0}
client = SignedClient(
    Configuration(host=os.environ["NIM_BASE_URL"], retries=False),
    os.environ["NIM_APP_KEY"],
    os.environ["NIM_APP_SECRET"],
    now=lambda: clock["now"],
)


APIS = [api(client) for name, api in vars(yunxin_chatroom).items() if name.endswith("Api")]
METHODS = {name: method for api in APIS for name, method in inspect.getmembers(api, inspect.ismethod)}


def snake_case(name):
    name = re.sub(r"([A-Z]+)([A-Z][a-z]{2,})", r"\1_\2", name)
    return re.sub(r"([a-z\d])([A-Z])", r"\1_\2", name).lower()


def argument(method, name, value):
    """A field as an argument. A list or an object is sent as its JSON text, and a word of Python has a prefix."""
    name = snake_case(name)
    if "var_" + name in inspect.signature(method).parameters:
        name = "var_" + name
    return name, json.dumps(value) if isinstance(value, (list, dict)) else value


def perform(request):
    clock["now"] = request["now"]
    method = METHODS[snake_case(request["operation"])]
    arguments = dict(argument(method, *field) for field in request["form"].items())
    try:
        return {"response": json.loads(method(**arguments).to_json())}
    except ApiException as failure:
        if not isinstance(failure.data, Error):
            return {"status": failure.status}
        return {"code": failure.data.code, "desc": failure.data.desc}
    except ValidationError as problem:  # about a response, it is found out: a request was sent
        first = problem.errors()[0]
        return {"inexpressible": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}


def main():
    for line in sys.stdin:
        try:
            reply = perform(json.loads(line))
        except Exception as problem:  # the reader of the reply reports it
            reply = {"error": repr(problem)}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
