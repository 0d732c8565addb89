// Package nimroom holds the generation: one program derives everything from
// spec/openapi.yaml. What needs the compiled code (recordings, parts of the READMEs)
// is made by make record.
package nimroom

//go:generate go run ./internal/generate
