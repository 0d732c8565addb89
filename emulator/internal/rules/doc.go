// Package rules holds what each operation of the service does to the state.
//
// A rule is a method of call whose name is the operationId; generated code lists
// the rules and binds each to the form and the response of its operation, so
// that a missing rule does not compile.
package rules
