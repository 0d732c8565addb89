// Package emulator is the chat room service on this machine: all documented
// operations with real state and rules, signatures and clock checked, no
// account with the vendor needed.
//
// In a test it is one line:
//
//	srv := emulator.Start(t, emulator.WithCreatedAccounts("lena", "ben"))
//	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
//
// [WithCreatedAccounts] lets only those accounts exist that are created, as in
// production. Without it every account exists, which lets tests pass that the
// service would fail.
//
// The server API has no operation for what clients do: entering a room, with
// tags, and leaving it. [Server.Join] and [Server.Leave] stand in for them. [Server.Room] shows a room with everything in it, [Server.Events] what
// its members receive, [Server.Requests] the requests that came and what was wrong with them.
// [Call] runs any operation directly, to bring about what a test is not about.
//
// [WithoutPort] serves in memory, which is the way into a testing/synctest
// bubble.
//
// [Server.AddFault] lets something go wrong: a response is lost although the
// message is stored, comes late, or says 416. [WithRate] and
// [WithoutFeatures] bring the errors that an app meets sooner or later.
//
// One clock moves everything: mutes, robots, statistics, the window in which a
// signature is good, and the Date header. [Server.Advance] sets it forward.
// [WithCurTime] lets clients sign by the machine's time beside it.
//
// [Server.Snapshot] gives the whole state as JSON and [Server.Restore] takes it
// back; [WithData] keeps it in a directory, through restarts and kills.
//
// Tests in other languages reach all of it over HTTP, under /_emulator/. See
// README.md, which also says what is supported, what the documents leave open
// and was decided here, and what is not modelled.
package emulator
