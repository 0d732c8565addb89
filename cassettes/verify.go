package cassettes

import (
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/nimroom/nimroom/sign"
)

// verify checks what the service requires of each request: a signature by the
// client's credentials and clock with a new nonce, and a form whose Content-Type
// names UTF-8.
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
		return fmt.Errorf("nonce %s was used before; each attempt needs a new signature", nonce)
	}
	sent := req.Header.Get("Content-Type")
	kind, parameters, err := mime.ParseMediaType(sent)
	if err != nil || kind != formType || !strings.EqualFold(parameters["charset"], "utf-8") {
		return fmt.Errorf("Content-Type %q, want %s;charset=utf-8", sent, formType)
	}
	return nil
}

const formType = "application/x-www-form-urlencoded"
