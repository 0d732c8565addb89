// Package record makes and reads the recordings of this repository: what the SDK
// and the emulator send to each other in the conformance suite, and the examples
// of the documentation pages. Package live plays the same scenarios against the
// real service.
package record
