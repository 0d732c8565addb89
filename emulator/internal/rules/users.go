package rules

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/wire"
)

// createUser is user/create.action. No document describes it, so it is not in
// the spec. The test suites of other clients create their accounts with it
// before they begin.
//
// What is known of it: accid, name and token come back under info, and an
// account that exists gives 414 "already register". The limit of 32 characters
// for an accid is the vendor's limit elsewhere; the other fields have no known
// limit. A request without a token gets one that is made of the accid, so that
// two runs give the same.
var createUser = Operation{
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
	read: readUser,
}

// maxAccid is in characters.
const maxAccid = 32

// profileFields are accepted and ignored.
var profileFields = []string{"props", "icon", "sign", "email", "birth", "mobile", "gender", "ex", "bid"}

// user is an account that was created.
type user struct{ accid, name, token string }

func readUser(fields *wire.Fields) (rule, error) {
	var u user
	wire.Bind(fields, &u.accid, wire.ReadString, "accid")
	wire.BindAny(fields, &u.name, wire.ReadString, "name")
	wire.BindAny(fields, &u.token, wire.ReadString, "token")
	for _, name := range profileFields {
		var ignored string
		wire.BindAny(fields, &ignored, wire.ReadString, name)
	}
	if err := fields.Err(); err != nil {
		return nil, err
	}
	var limits wire.Check
	limits.MaxLength("accid", u.accid, maxAccid)
	if err := limits.Err(); err != nil {
		return nil, err
	}
	if u.token == "" {
		u.token = tokenOf(u.accid)
	}
	return func(c *call) (gen.Response, error) {
		if err := c.state.CreateAccount(u.accid); err != nil {
			return nil, BadParameter("%v", err)
		}
		return u, nil
	}, nil
}

// tokenOf makes a token of 32 hexadecimal digits, as the service's are.
func tokenOf(accid string) string {
	digest := sha256.Sum256([]byte("token of " + accid))
	return hex.EncodeToString(digest[:16])
}

// AppendJSON appends the response as the service writes it.
func (u user) AppendJSON(dst []byte, d wire.Dialect) []byte {
	dst = wire.AppendInt(wire.AppendKey(append(dst, '{'), "code"), gen.CodeOK, wire.Canonical)
	dst = wire.AppendKey(dst, "info")
	start := len(dst)
	dst = append(dst, '{')
	for _, member := range []struct{ name, value string }{{"accid", u.accid}, {"name", u.name}, {"token", u.token}} {
		dst = wire.AppendJSONString(wire.AppendKey(dst, member.name), member.value)
	}
	return append(wire.AsText(append(dst, '}'), start, d), '}')
}
