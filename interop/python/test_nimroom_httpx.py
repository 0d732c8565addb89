import unittest

import httpx

from nimroom_httpx import Nimroom, checksum, http_status


class Hook(unittest.TestCase):
    def test_signature_is_that_of_the_test_vector(self):
        self.assertEqual(
            checksum("secret123", "4tgggergigwow323t23t", "1443592222"),
            "4c6f0fbc04efedd91685a226da081807de269350",
        )

    def test_status_is_taken_from_the_code(self):
        for status, body, want in [
            (200, {"code": 200}, 200),
            (200, {"code": 404}, 404),
            (200, {"code": 13002}, 400),
            (200, {"code": 419}, 400),
            (200, {"code": 301}, 400),
            (502, {}, 502),
        ]:
            self.assertEqual(http_status(status, body), want, body)

    def test_the_clock_of_the_service_is_followed(self):
        sent = []

        def service(request):
            sent.append((request.headers["CurTime"], request.content))
            good = request.headers["CurTime"] == "1700000000"
            body = {"code": 200} if good else {"code": 414, "desc": "CurTime is expired"}
            return httpx.Response(200, headers={"Date": "Tue, 14 Nov 2023 22:13:20 GMT"}, json=body)

        signing = Nimroom("K", "S", now=lambda: 1600000000)
        with httpx.Client(transport=httpx.MockTransport(service), auth=signing) as client:
            for _ in range(2):
                self.assertEqual(client.post("http://service.example/", data={"roomid": 66}).json(), {"code": 200})
        form = b"roomid=66"
        self.assertEqual(sent, [("1600000000", form), ("1700000000", form), ("1700000000", form)])

    def test_the_response_of_a_gateway_raises(self):
        gateway = httpx.MockTransport(lambda request: httpx.Response(502, text="<html>"))
        with httpx.Client(transport=gateway, auth=Nimroom("K", "S")) as client, self.assertRaises(httpx.HTTPStatusError):
            client.post("http://service.example/")
