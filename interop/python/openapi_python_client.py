"""The client that openapi-python-client makes."""

import importlib
import inspect
import os
import pkgutil
import typing

import attrs
import httpx

from names import snake_case
from nimroom_httpx import Nimroom
from yunxin_client import Client, api
from yunxin_client.models import Error

clock = {"now": 0}
signing = Nimroom(os.environ["NIM_APP_KEY"], os.environ["NIM_APP_SECRET"], now=lambda: clock["now"])
client = Client(base_url=os.environ["NIM_BASE_URL"], httpx_args={"auth": signing})

MODULES = {
    module.name.rsplit(".", 1)[1]: importlib.import_module(module.name)
    for module in pkgutil.walk_packages(api.__path__, api.__name__ + ".")
}


def perform(operation, form, now):
    clock["now"] = now
    call = MODULES[snake_case(operation)].sync
    annotation = inspect.signature(call).parameters["body"].annotation
    try:
        body = (typing.get_args(annotation) or [annotation])[0].from_dict(form)
    except KeyError as missing:
        return {"inexpressible": f"{missing}: needed"}
    except ValueError as problem:  # a value that an enum does not have
        return {"inexpressible": str(problem)}
    if unknown := form.keys() - body.to_dict().keys():
        return {"inexpressible": f"{', '.join(unknown)}: no such field"}
    try:
        reply = call(client=client, body=body)
    except httpx.HTTPStatusError as failure:
        return {"status": failure.response.status_code}
    if isinstance(reply, Error):
        return {"code": reply.code, "desc": reply.desc or None}
    forget(reply)
    return {"response": reply.to_dict()}


def forget(value):
    """Drops the members that the spec does not list, so that the suite notices one that the client does not know."""
    if isinstance(value, list):
        for item in value:
            forget(item)
    elif attrs.has(type(value)):
        members = attrs.asdict(value, recurse=False)
        if len(members) > 1:
            members.pop("additional_properties").clear()
        for member in members.values():
            forget(member)
