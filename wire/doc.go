// Package wire is the runtime under the generated code in gen: it writes forms
// (AppendEscaped, FormString and its kin), reads answers of every shape the
// service is known to send (Decoder), reads received forms (Fields) and writes
// answers in a chosen Dialect.
//
// Reading is lenient where the service is not strict with itself: a number or
// its text, a boolean or its text, a value or the JSON text of it, null or
// nothing, known aliases, unknown members. A broken answer is a DecodeError
// that says where; a refusal is a Refusal. Nothing the far side sends panics.
//
// The JSON scanner is our own. Measured on a page of 100 members against
// encoding/json v1, jx, fastjson, easyjson's jlexer and jsontext: only jsontext
// also tells byte offsets, none of them reaches five times encoding/json with
// the lenient rules on top, and each costs 1 to 4 modules in a user's build;
// this one is some 300 lines, fuzzed against encoding/json.
package wire
