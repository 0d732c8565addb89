// Package gentest has the tests of package gen, whose folder has generated files only.
package gentest
