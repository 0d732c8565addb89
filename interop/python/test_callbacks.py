import unittest

from callbacks import verify

GOOD = {
    "appkey": "K",
    "curtime": "1440570500855",
    "md5": "99914b932bd37a50b983c5e7c90ae93b",
    "checksum": "a883386354447cc0996f8abc5c1c700c076e34bb",
}


class Callbacks(unittest.TestCase):
    def test_only_the_test_vector_passes(self):
        for name, headers, body, now, want in [
            ("the vector", {}, b"{}", 1440570500, True),
            ("another body", {}, b"{ }", 1440570500, False),
            ("another body with its MD5", {"md5": "1e87c2a31d4b3c0f59e7ad8b7b8dd8ad"}, b"{ }", 1440570500, False),
            ("a wrong sum", {"checksum": "0" * 40}, b"{}", 1440570500, False),
            ("no sum", {"checksum": ""}, b"{}", 1440570500, False),
            ("another app", {"appkey": "L"}, b"{}", 1440570500, False),
            ("an old time", {}, b"{}", 1440570900, False),
            ("no number", {"curtime": "now"}, b"{}", 1440570500, False),
            ("a number too large", {"curtime": "9" * 5000}, b"{}", 1440570500, False),
        ]:
            self.assertEqual(verify("K", "secret123", GOOD | headers, body, lambda: now), want, name)
