import unittest

from nimroom import checksum, http_status


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


if __name__ == "__main__":
    unittest.main()
