import types
import unittest
from unittest import mock

from nimroom import ApiClient, SignedClient, checksum, http_status
from yunxin_chatroom import Configuration


class Hook(unittest.TestCase):
    def test_signature_is_that_of_the_test_vector(self):
        self.assertEqual(
            checksum("secret123", "4tgggergigwow323t23t", "1443592222"),
            "4c6f0fbc04efedd91685a226da081807de269350",
        )

    def test_status_is_taken_from_the_code(self):
        for status, body, want in [
            (200, '{"code":200}', 200),
            (200, '{"code":404}', 404),
            (200, '{"code":13002}', 400),
            (200, '{"code":301}', 400),
            (502, "<html>", 502),
            (502, '"text"', 502),
            (200, "{}", 200),
        ]:
            self.assertEqual(http_status(status, body), want, body)

    def test_the_clock_of_the_service_is_followed(self):
        sent = []

        def call_api(self, method, url, headers, body, post_params, _request_timeout):
            sent.append((headers["CurTime"], post_params))
            good = headers["CurTime"] == "1700000000"
            return types.SimpleNamespace(
                status=200,
                read=lambda: '{"code":200}' if good else '{"code":414,"desc":"CurTime is expired"}',
                getheader=lambda name: "Tue, 14 Nov 2023 22:13:20 GMT",
            )

        client = SignedClient(Configuration(), "K", "S", now=lambda: 1600000000)
        with mock.patch.object(ApiClient, "call_api", call_api):
            for _ in range(2):
                self.assertEqual(client.call_api("POST", "/", post_params=[("roomid", 66)]).status, 200)
        form = [("roomid", 66)]
        self.assertEqual(sent, [("1600000000", form), ("1700000000", form), ("1700000000", form)])
