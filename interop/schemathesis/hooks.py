"""What schemathesis needs to know of the API: how to sign, how to encode a form, and which rooms and accounts exist.

The environment has BASE_URL, APP_KEY and APP_SECRET; CODES names the file for the count of codes by operation.
"""

import collections
import hashlib
import json
import os
import secrets
import time
import urllib.request
import zlib

import schemathesis

ACCOUNTS = ["zhangsan", "lisi", "wangwu", "zhaoliu"]
TAG = "vip"

rooms = []
messages = []  # stored ones, as the form of a message's deletion names them
codes = collections.defaultdict(collections.Counter)


def sign(headers):
    """Adds the four signing headers, new for each attempt."""
    nonce, now = secrets.token_hex(16), str(int(time.time()))
    checksum = hashlib.sha1((os.environ["APP_SECRET"] + nonce + now).encode()).hexdigest()
    headers.update({"AppKey": os.environ["APP_KEY"], "Nonce": nonce, "CurTime": now, "CheckSum": checksum})


@schemathesis.serializer("application/x-www-form-urlencoded")
def form(ctx, value):
    """Encodes lists and objects as JSON text, as the spec says; schemathesis spreads objects over several fields."""
    body = ctx.case.body
    if not isinstance(body, dict):
        return body if isinstance(body, (str, bytes)) else json.dumps(body).encode()
    return {name: field if isinstance(field, (str, bytes)) else json.dumps(field) for name, field in body.items()}


# Values in place of guessed ones, by field: a guess names nothing that exists, and every call would fail.
EXISTING = {
    ("roomid", int): lambda n: rooms[n % len(rooms)],
    ("roomId", int): lambda n: rooms[n % len(rooms)],
    ("roomids", list): lambda n: [str(rooms[n % len(rooms)]), "70"],
    ("creator", str): lambda n: ACCOUNTS[0],
    ("operator", str): lambda n: ACCOUNTS[0],
    ("target", str): lambda n: ACCOUNTS[n % len(ACCOUNTS)],
    ("accid", str): lambda n: ACCOUNTS[n % len(ACCOUNTS)],
    ("fromAccid", str): lambda n: ACCOUNTS[n % len(ACCOUNTS)],
    ("accids", list): lambda n: ACCOUNTS[: n % len(ACCOUNTS)] + ["robot"],
    ("tag", str): lambda n: TAG,
    ("targetTag", str): lambda n: TAG,
    ("tags", list): lambda n: [TAG],
    ("notifyTargetTags", str): lambda n: json.dumps({"tag": TAG}),
}


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Signs, and names existing rooms and accounts in most calls."""
    if isinstance(case.body, dict) and rooms:
        dice = zlib.crc32(repr(case.body).encode("utf-8", "replace"))
        for i, (name, value) in enumerate(list(case.body.items())):
            existing = EXISTING.get((name, type(value)))
            if existing and value and (dice >> i) % 8:
                case.body[name] = existing(dice)
        if "msgTimetag" in case.body and messages and dice % 8:
            message = messages.pop()
            case.body.update({name: value for name, value in message.items() if name in case.body})
    case.headers = case.headers or {}
    sign(case.headers)


@schemathesis.hook
def after_call(ctx, case, response):
    """Counts the codes, keeps the messages, and adds members to each new room."""
    operation, body = case.operation.definition.raw["operationId"], decoded(response)
    codes[operation][body.get("code")] += 1
    with open(os.environ["CODES"], "w", encoding="utf-8") as file:
        json.dump(codes, file)
    if operation == "sendMessage" and body.get("code") == 200:
        desc = body["desc"]
        messages.append({"roomid": int(desc["roomId"]), "fromAcc": desc["fromAccount"], "msgTimetag": int(desc["time"])})
    if operation == "createChatroom" and body.get("code") == 200:
        rooms.append(body["chatroom"]["roomid"])
        for accid in ACCOUNTS:
            join = urllib.request.Request(
                f"{os.environ['BASE_URL'].removesuffix('/nimserver')}/_emulator/rooms/{rooms[-1]}/join",
                json.dumps({"accid": accid, "tags": [TAG]}).encode(),
                {"Content-Type": "application/json"},
            )
            urllib.request.urlopen(join, timeout=5).close()


@schemathesis.check
def known_code(ctx, response, case):
    """The code in the body is one that the spec knows."""
    known = [entry["code"] for entry in case.operation.schema.raw_schema["x-codes"]]
    assert decoded(response).get("code") in known, f"the code is none of {known}"


def decoded(response):
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
