package nimroom

import "testing"

func TestSignatureIsThatOfTheTestVector(t *testing.T) {
	got := CheckSum("secret123", "4tgggergigwow323t23t", "1443592222")
	if want := "4c6f0fbc04efedd91685a226da081807de269350"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestStatusIsTakenFromTheCode(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		want   int
	}{
		{200, `{"code":200}`, 200},
		{200, `{"code":404}`, 404},
		{200, `{"code":13002}`, 400},
		{200, `{"code":301}`, 400},
		{502, `<html>`, 502},
		{502, `null`, 502},
		{200, `{}`, 200},
	} {
		if got := HTTPStatus(test.status, []byte(test.body)); got != test.want {
			t.Errorf("%d %s: got %d, want %d", test.status, test.body, got, test.want)
		}
	}
}
