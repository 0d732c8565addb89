// Package wire is the runtime of the generated code in gen. It writes forms (AppendEscaped,
// the Form functions), reads every shape of response that the service is known to send
// (Decoder), reads received forms (Fields), and writes responses in a Dialect.
//
// Reading is lenient, because the service is not consistent. A number or a boolean may be
// text, a value may be JSON text in a string, a member may be null or absent or have an
// alias, and there may be unknown members. A broken response is a DecodeError that gives the
// place, and an API error is an APIError. No input causes a panic.
//
// The package has its own JSON scanner. It has 300 lines and no dependency, is fuzzed against
// encoding/json, and gives the place of each error. For a page of 100 members it takes a sixth
// of the time of encoding/json, including the leniency. Without any leniency, jx (4 modules),
// jlexer and fastjson take a fifth, and jsontext takes a quarter.
package wire
