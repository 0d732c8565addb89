"""Verifies what the service sends to the app's own server, by the standard library alone."""

import hashlib
import hmac
import re
import time

WINDOW = 5 * 60 * 1000  # how far CurTime may be off, in milliseconds


def verify(app_key, app_secret, headers, body, now=time.time):
    """Whether the service sent a body (bytes), by its headers, whose names are in lower case."""
    md5 = hashlib.md5(body).hexdigest()  # of the body itself: the MD5 header proves nothing
    cur_time = headers.get("curtime", "")
    if headers.get("appkey") != app_key or not re.fullmatch("[0-9]{1,18}", cur_time):
        return False
    if abs(now() * 1000 - int(cur_time)) > WINDOW:
        return False
    want = hashlib.sha1((app_secret + md5 + cur_time).encode()).hexdigest()
    return headers.get("md5") == md5 and hmac.compare_digest(headers.get("checksum", "").encode(), want.encode())
