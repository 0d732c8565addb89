"""The client that openapi-generator (python) makes."""

import inspect
import json
import os

from pydantic import ValidationError

import yunxin_chatroom
from names import snake_case
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


def argument(method, name):
    """The name of a field's argument. A word of Python has a prefix."""
    name = snake_case(name)
    return "var_" + name if "var_" + name in inspect.signature(method).parameters else name


def perform(operation, form, now):
    clock["now"] = now
    method = METHODS[snake_case(operation)]
    arguments = {argument(method, name): value for name, value in form.items()}
    try:
        return {"response": json.loads(method(**arguments).to_json())}
    except ApiException as failure:
        if not isinstance(failure.data, Error):
            return {"status": failure.status}
        return {"code": failure.data.code, "desc": failure.data.desc}
    except ValidationError as problem:  # about a response, it is found out: a request was sent
        first = problem.errors()[0]
        return {"inexpressible": f"{'.'.join(map(str, first['loc']))}: {first['msg']}"}
