package cassettes

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/nimroom/nimroom/sign"
)

// verify holds a request to what the service asks of each: signed by the
// client's credentials and clock with a nonce of its own, and a form in UTF-8
// that says so.
func (t *transport) verify(req *http.Request) error {
	if err := sign.Verify(req.Header, t.now(), t.credentials); err != nil {
		return err
	}
	nonce := req.Header.Get(sign.HeaderNonce)
	t.mu.Lock()
	repeated := t.nonces[nonce]
	t.nonces[nonce] = true
	t.mu.Unlock()
	if repeated {
		return fmt.Errorf("nonce %s was used before; each attempt is signed anew", nonce)
	}
	sent := req.Header.Get("Content-Type")
	kind, parameters, err := mime.ParseMediaType(sent)
	if err != nil || kind != formType || !strings.EqualFold(parameters["charset"], "utf-8") {
		return fmt.Errorf("Content-Type %q, want %s;charset=utf-8", sent, formType)
	}
	return nil
}

const formType = "application/x-www-form-urlencoded"
