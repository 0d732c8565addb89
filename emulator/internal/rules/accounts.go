package rules

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/nimroom/nimroom/emulator/internal/state"
	"github.com/nimroom/nimroom/gen"
)

func (c *call) createAccount(f gen.CreateAccountForm) (*gen.CreateAccountSuccess, error) {
	name := value(f.Name)
	if err := c.state.CreateAccount(f.Accid, state.Profile{Nick: name, Avatar: value(f.Icon)}); err != nil {
		return nil, BadParameter("%v", err)
	}
	token := value(f.Token)
	if token == "" {
		token = tokenOf(f.Accid)
	}
	return &gen.CreateAccountSuccess{Info: gen.Account{Accid: f.Accid, Name: name, Token: token}}, nil
}

// tokenOf makes a token of 32 hexadecimal digits, as the service's are, out of
// the accid, so that two runs give the same.
func tokenOf(accid string) string {
	digest := sha256.Sum256([]byte("token of " + accid))
	return hex.EncodeToString(digest[:16])
}
