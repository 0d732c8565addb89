// Package prose keeps expressions out of the project's texts that a reader must
// read twice. Its test reads comments, messages, guides and the descriptions of the spec.
package prose
