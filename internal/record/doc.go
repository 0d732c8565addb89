// Package record makes the cassettes of this repository: from the examples of
// the documents, from the emulator playing the conformance suite, and their
// index. Package live below it plays the same against the real service.
package record
