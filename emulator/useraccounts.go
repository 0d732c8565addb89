package emulator

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// createUser is user/create.action, which is none of the operations of the
// documents and so not in the spec. The test suites of other clients create
// their accounts with it before they begin.
//
// What is known of it: accid, name and token come back under info, and an
// account that exists is refused with 414 "already register". That an accid
// has at most 32 characters is the vendor's limit elsewhere; no limit is known
// of the others. Without a token one is made of the accid, so that two runs
// make the same.
var createUser = operation{
	Operation: &gen.Operation{
		ID:          "createUser",
		Action:      "user/create",
		Path:        "/user/create.action",
		Summary:     "Create an account",
		Idempotency: gen.Unsafe,
		StatusCodes: []int{gen.CodeOK, gen.CodeBadParameter, gen.CodeRateLimited},
		Fields: []gen.Field{
			{Name: "accid", Kind: gen.TextField, Required: true},
			{Name: "name", Kind: gen.TextField},
			{Name: "token", Kind: gen.TextField},
		},
	},
	check: checkUser,
}

// maxAccid is in characters.
const maxAccid = 32

// profileFields are taken, and nothing is made of them.
var profileFields = []string{"props", "icon", "sign", "email", "birth", "mobile", "gender", "ex", "bid"}

// userAnswer is the account that was created.
type userAnswer struct{ accid, name, token string }

func checkUser(fields *wire.Fields) (run, error) {
	var user userAnswer
	wire.Bind(fields, &user.accid, wire.ReadString, "accid")
	wire.BindAny(fields, &user.name, wire.ReadString, "name")
	wire.BindAny(fields, &user.token, wire.ReadString, "token")
	for _, name := range profileFields {
		var ignored string
		wire.BindAny(fields, &ignored, wire.ReadString, name)
	}
	if err := fields.Err(); err != nil {
		return nil, err
	}
	var limits wire.Check
	limits.MaxLength("accid", user.accid, maxAccid)
	if err := limits.Err(); err != nil {
		return nil, err
	}
	if user.token == "" {
		user.token = tokenOf(user.accid)
	}
	return func(c *call) (gen.Response, error) {
		if err := c.state.CreateAccount(user.accid); err != nil {
			return nil, badParameter("%v", err)
		}
		return user, nil
	}, nil
}

// tokenOf makes a token of 32 hexadecimal digits, as the service's are.
func tokenOf(accid string) string {
	digest := sha256.Sum256([]byte("token of " + accid))
	return hex.EncodeToString(digest[:16])
}

// AppendJSON appends the answer as the service writes it.
func (u userAnswer) AppendJSON(dst []byte, d wire.Dialect) []byte {
	dst = wire.AppendInt(wire.AppendKey(append(dst, '{'), "code"), gen.CodeOK, wire.Canonical)
	dst = wire.AppendKey(dst, "info")
	start := len(dst)
	dst = append(dst, '{')
	for _, member := range []struct{ name, value string }{{"accid", u.accid}, {"name", u.name}, {"token", u.token}} {
		dst = wire.AppendJSONString(wire.AppendKey(dst, member.name), member.value)
	}
	return append(wire.AsText(append(dst, '}'), start, d), '}')
}
