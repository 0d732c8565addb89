// Package chaos makes calls of all operations over a network that goes wrong in every way,
// and compares what the client reported with what the service did.
//
// A [Report] counts three faults of a client. A duplicate is a call that changed something
// twice. A loss is a success of which the service knows nothing. A wrong word is a failure
// that happened nevertheless, or a response that the service did not send.
//
// The operations, their forms and whether they may be repeated come from the tables of
// package gen. What the network does is drawn from a seed, so that it can be repeated. How an
// attempt ends may still depend on which of two goroutines comes first.
package chaos
