// Package gentest holds the tests of the generated package gen, whose own
// folder is for generated files only.
package gentest
