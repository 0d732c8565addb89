// Package emulator is the chat room service on this machine: all documented
// operations with real state and rules, signatures and clock checked, no
// account with the vendor needed.
//
// In a test it is one line:
//
//	srv := emulator.Start(t)
//	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
//
// What clients do to a room (entering it, with tags, and leaving) has no
// operation in the server API; [Server.Join] and [Server.Leave] stand in for
// it. [Server.Room] shows a room with everything in it, [Server.Events] what
// its members receive, [Server.Requests] what was asked and why it was refused.
// [Call] runs any operation directly, to bring about what a test is not about.
//
// [WithoutPort] serves in memory, which is the way into a testing/synctest
// bubble.
//
// [Server.AddFault] lets something go wrong: an answer is lost although the
// message is stored, comes late, or says 416. [WithRate] and
// [WithoutFeatures] bring the refusals that an app meets sooner or later.
//
// One clock moves everything: mutes, robots, statistics, the window in which a
// signature is good, and the Date header. [Server.Advance] sets it forward.
//
// [Server.Snapshot] gives the whole state as JSON and [Server.Restore] takes it
// back; [WithData] keeps it in a directory, through restarts and kills.
//
// All of it is to be had over HTTP as well, for tests in other languages,
// under /_emulator/; see README.md, which also says what is supported, what
// the documents leave open and was decided here, and what is not modelled.
package emulator
