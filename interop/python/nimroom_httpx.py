"""The hook that a client made by openapi-python-client needs: it signs each
request by the service's clock, and takes the HTTP status from the code in the
body, so that an API error is parsed as an Error.

    client = Client(base_url="https://api.netease.im/nimserver", httpx_args={"auth": Nimroom("app key", "app secret")})
    reply = get_chatroom.sync(client=client, body=GetChatroomForm(roomid=66))
    print(reply.code if isinstance(reply, Error) else reply.chatroom.name)
"""

import email.utils
import hashlib
import json
import secrets
import time
from http import HTTPStatus

import httpx


class Nimroom(httpx.Auth):
    """Signs requests. A request whose time is rejected, which the service then has not carried out, is sent once more,
    by the time in Date. The response of a gateway, which the client could not parse, raises an httpx.HTTPStatusError.

    `now` gives the time in seconds.
    """

    requires_response_body = True

    def __init__(self, app_key, app_secret, now=time.time):
        self.app_key, self.app_secret, self.now = app_key, app_secret, now
        self.ahead = 0  # the service's clock before ours, in seconds

    def auth_flow(self, request):
        response = yield self.signed(request)
        body = parsed(response)
        date = email.utils.parsedate_to_datetime(response.headers.get("Date") or "Thu, 01 Jan 1970 00:00:00 GMT")
        if body.get("code") == 414 and body.get("desc") == "CurTime is expired" and date.timestamp() > 0:
            self.ahead = date.timestamp() - self.now()
            response = yield self.signed(request)
            body = parsed(response)
        if "code" not in body:
            response.request = request
            response.raise_for_status()
        response.status_code = http_status(response.status_code, body)

    def signed(self, request):
        nonce, cur_time = secrets.token_hex(16), str(int(self.now() + self.ahead))
        request.headers["AppKey"] = self.app_key
        request.headers["Nonce"] = nonce
        request.headers["CurTime"] = cur_time
        request.headers["CheckSum"] = checksum(self.app_secret, nonce, cur_time)
        return request


def checksum(app_secret, nonce, cur_time):
    return hashlib.sha1((app_secret + nonce + cur_time).encode()).hexdigest()


def parsed(response):
    """The body of a response, or nothing when it has no JSON object."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}  # the response of a gateway
    return body if isinstance(body, dict) else {}


def http_status(status, body):
    """The status for a response: 400 for codes that are no HTTP status of an error, such as 13002.

    The client accepts the statuses of http.HTTPStatus only, and so 400 stands for 419 and 514, too.
    """
    code = body.get("code", 200)
    if code == 200:
        return status
    return code if code >= 400 and code in list(HTTPStatus) else 400
