"""The hook that a client made by openapi-generator (python) needs: it signs
each request by the service's clock, and takes the HTTP status from the code in
the body, so that an API error is raised as an ApiException with the Error in
its `data`.

    client = SignedClient(Configuration(host="https://api.netease.im/nimserver"), "app key", "app secret")
    try:
        room = RoomsApi(client).get_chatroom(roomid=66).chatroom
    except ApiException as error:
        print(error.data.code, error.data.desc)
"""

import email.utils
import hashlib
import json
import secrets
import time

from yunxin_chatroom import ApiClient  # the generated package


def checksum(app_secret, nonce, cur_time):
    return hashlib.sha1((app_secret + nonce + cur_time).encode()).hexdigest()


def http_status(status, body):
    """The status for a response: 400 for codes that are no HTTP status of an error, such as 13002."""
    try:
        code = json.loads(body)["code"]
    except (ValueError, KeyError, TypeError):
        return status  # the response of a gateway
    if code == 200:
        return status
    return code if 400 <= code <= 599 else 400


def expired(body):
    """Whether the service rejected the time of a request, which it then has not carried out."""
    try:
        response = json.loads(body)
        return response["code"] == 414 and response["desc"] == "CurTime is expired"
    except (ValueError, KeyError, TypeError):
        return False


class SignedClient(ApiClient):
    """An ApiClient that signs. A request whose time is rejected is sent once more, by the time in Date.

    `now` gives the time in seconds.
    """

    def __init__(self, configuration, app_key, app_secret, now=time.time):
        super().__init__(configuration)
        self.app_key, self.app_secret, self.now = app_key, app_secret, now
        self.ahead = 0  # the service's clock before ours, in seconds

    def call_api(self, *args, **kwargs):
        response = self.send(*args, **kwargs)
        date = email.utils.parsedate_to_datetime(response.getheader("Date") or "Thu, 01 Jan 1970 00:00:00 GMT")
        if expired(response.read()) and date.timestamp() > 0:
            self.ahead = date.timestamp() - self.now()
            response = self.send(*args, **kwargs)
        response.status = http_status(response.status, response.read())
        return response

    def send(self, method, url, header_params=None, body=None, post_params=None, _request_timeout=None):
        nonce, cur_time = secrets.token_hex(16), str(int(self.now() + self.ahead))
        headers = {
            **(header_params or {}),
            "AppKey": self.app_key,
            "Nonce": nonce,
            "CurTime": cur_time,
            "CheckSum": checksum(self.app_secret, nonce, cur_time),
        }
        return super().call_api(method, url, headers, body, post_params, _request_timeout)
