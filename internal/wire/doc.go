// Package wire is the runtime under the generated code in gen: it writes forms
// (AppendEscaped, FormString and its kin), reads responses of every shape the
// service is known to send (Decoder), reads received forms (Fields) and writes
// responses in a chosen Dialect.
//
// Reading is lenient where the service is not strict with itself: a number or
// its text, a boolean or its text, a value or the JSON text of it, null or
// nothing, known aliases, unknown members. A broken response is a DecodeError
// that says where; an API error is an APIError. Nothing the far side sends panics.
//
// The JSON scanner is our own: 300 lines, fuzzed against encoding/json, with no
// dependency, and a place for each error. On a page of 100 members it takes a
// sixth of encoding/json's time, leniency included; a bare walk without leniency
// takes a fifth on jx (4 modules), jlexer and fastjson, a quarter on jsontext.
package wire
