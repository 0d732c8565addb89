// Package wrapper is the client for the chat room API of NetEase Yunxin IM
// (CommsEase): all documented operations as methods, typed responses, and
// errors that say what happened.
//
// # Before you begin
//
// The vendor's console gives an app its key and its secret. They sign every request, and
// belong only on your server. An account of the app has an id, the accid, of up to 32
// letters, digits and _ @ . -, without regard to case. Your server creates it with
// [AccountsService.Create] before it does anything in a room; a call with an account that
// does not exist fails. The token that Create returns is for the client's SDK, with which a
// user logs in and enters a room: entering, leaving and receiving are no operations of this
// API. A room has an id, the [RoomID] that [RoomsService.Create] returns. The user's client
// needs it and the addresses from [RoomsService.RequestAddress] in order to enter.
//
// # Getting started
//
//	credentials, err := wrapper.NewCredentials(appKey, appSecret)
//	if err != nil {
//		return err
//	}
//	client, err := wrapper.New(credentials)
//	if err != nil {
//		return err
//	}
//	room, err := client.Rooms.Create(ctx, wrapper.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
//
// A program imports this package alone. The names of the methods say how much they take.
// Get takes one thing. GetBatch, AddBatch, RemoveBatch and SendBatch take as many as one call
// holds. GetMany, AddMany, RemoveMany and SendMany take any number. List returns a page, and
// All yields every page.
//
// Requests are structs. Required fields are plain values. Optional fields are pointers, made
// with [Ptr], so that false, 0 and "" can be sent. Fields of responses are plain values. A
// pointer in a response is nil if the service left the field out and that has a meaning.
// Extra holds the members of a response that the spec does not know.
//
// The id of a room is a [RoomID], which [ParseRoomID] reads from text. Times are
// [time.Time], and in UTC in responses. The zero time is 0 on the wire, which the service
// takes for now, for no bound, or for nothing. Lengths of time are [time.Duration]. Where
// the service counts in seconds, they are rounded up. A number in a response that is too
// large for these types becomes their largest value. Enums are open: they keep values that
// the spec does not know, and String returns them.
//
// # Errors
//
// Every failure of a method is an *[Error]. [errors.Is] finds its kind:
//
//	switch {
//	case errors.Is(err, wrapper.ErrNotFound):
//		// no such room
//	case errors.Is(err, wrapper.ErrRateLimited):
//		// wait: the operation is blocked for 10 seconds or more
//	case errors.Is(err, wrapper.ErrOutcomeUnknown):
//		// it may have happened: look before calling again
//	}
//
// The service always responds with HTTP status 200 and puts a code into the body. The
// client returns an error for a code other than 200, and for a response that it cannot
// read. A successful response always holds its data and says what it is about, such as the
// id of a room. The client checks fields against the spec's limits before it sends anything;
// [Error.Field] then names the field.
//
// Each method lists the errors that its document names. Any call can fail with
// [ErrBadParameter], [ErrRateLimited], [ErrServerFault], [ErrUnavailable],
// [ErrBadResponse], [ErrBadSignature], [ErrClock] and [ErrDuplicate] (code 431: the
// request arrived twice), and any call that changes something with [ErrOutcomeUnknown].
//
// # Messages
//
// [NewMessage] makes the form of a message from its content ([Text], [Image], [Audio],
// [Video], [Location], [File], [Tip], [Custom]), and [Tag] builds expressions that
// select receivers and cannot be malformed.
//
// # Pages
//
// All members of a list, page after page:
//
//	for member, err := range client.Members.All(ctx, wrapper.ListMembersForm{RoomID: id, Type: wrapper.Ptr(wrapper.MemberKindFixed)}) {
//		if err != nil {
//			return err
//		}
//		// ...
//	}
//
// [TagsService.AllMembers], [TagsService.AllMessages], [HistoryService.All] and
// [StatisticsService.Days] work alike. Leaving the loop ends the requests, ranging again
// starts over, and nothing is lost or repeated where pages meet at equal times.
//
// # Batches
//
// [RoomsService.GetMany], [MembersService.GetMany], [RobotsService.AddMany] and
// [RobotsService.RemoveMany] take any number of elements, make as many calls as that
// needs, several at once, and return the outcome of each element in its place. A
// *[BatchError] names what failed. [MessagesService.SendMany] and
// [MessagesService.SendManyTo] do so with messages, one call after another.
//
// # Retries
//
// A call is sent up to [DefaultAttempts] times, if sending it again may help and does no
// harm. Whether it may be sent again follows from the spec, which says of each operation
// whether it is safe (it reads), idempotent (repeating it changes nothing more),
// deduplicated (the service drops a repeat) or unsafe:
//
//	what happened                     safe, idempotent   deduplicated        unsafe
//	the request was not sent          again, next host   again, next host    again, next host
//	it was sent, no response came     again              again, marked       ErrOutcomeUnknown
//	code 416                          again, after the block
//	code 503 or 514                   again              again               again
//	code 500 or 408                   again              again, marked       ErrOutcomeUnknown
//	HTTP 408, 429, 5xx without a code again              again, marked       ErrOutcomeUnknown
//	other HTTP status without a code  no                 ErrOutcomeUnknown   ErrOutcomeUnknown
//	the time in the signature is off  once more, by the service's clock
//	code 417 or 431, or a code of     a success if the response holds nothing,
//	x-repeat-done in the spec, after  else ErrOutcomeUnknown; a read is sent again
//	an attempt that may have arrived
//	any other code                    no                 no                  no (an unknown code
//	                                                                         leaves the outcome unknown)
//
// Only a response of the service, with its code, says what the service did. A gateway may
// send any HTTP status after the service got the request.
//
// The deduplicated operations send messages. The client gives a message without a MsgID
// one for all attempts. The documents say that the service compares the ids of messages
// with ResendFlag 1, and of no others. An attempt can time out and arrive after its own
// repeat, so the client sets ResendFlag to 1 from the first attempt on if the call may be
// repeated at all ([RetryPolicy]). A ResendFlag in the form stays as it is; with 0 the call
// is treated as unsafe.
//
// If an idle connection turns out to be dead and the call may be sent again, the client
// sends it over another connection, which does not count as an attempt. For other calls it
// does not use connections that were idle for a second.
//
// The response to a repeat can hide what the lost attempt did: how many robots it cleared,
// which ones it removed, or which element it took out of a queue. Such a call fails with
// [ErrResultUnknown].
//
// Each attempt is signed anew. The wait between two attempts is random, up to a bound
// that doubles from a tenth of a second to five seconds. When the response has a
// Retry-After header, or the service blocks the operation because of its rate (code 416), the
// call waits that long, but not more than two minutes, whatever the header says. If the wait
// would end after the call's deadline, the call returns at once, with the wait in
// [Error.RetryAfter]. [WithRetry] changes the number and the pace of attempts, and
// [WithRetryBudget] bounds how many a client makes while the service is in trouble.
// Whether a call may be sent again at all cannot be changed. The policy may change
// between releases.
//
// # Time
//
// A call ends after [DefaultTimeout] unless [WithTimeout] or the context says otherwise,
// and an attempt after [DefaultAttemptTimeout]. The client may repeat an attempt that takes
// too long. It does not repeat a call that its caller cancelled.
//
// If no response came, [Error.MayHaveTakenEffect] says whether the operation may have been
// carried out nevertheless, and [Error.Ask] names the operation that shows whether it was.
// MayHaveTakenEffect is false for operations that only read, and if no request left this
// machine.
//
// # Clock
//
// The service rejects a signature whose time is more than five minutes off. The client
// takes the service's time from the Date header of the responses, so that the service
// rejects a machine with a wrong clock once at most.
//
// # Hosts
//
// [ChinaHosts], the default, and [OverseasHosts] are the vendor's hosts; [WithHosts] and
// [WithBaseURL] set others. Calls go to the first host that responds. The client does not
// use a host that fails to respond for a second, then for two, and so on up to a minute.
// After that it uses the host again once it has responded on its liveness path.
//
// # Limits
//
// All programs of an app together may call each operation [DefaultRate] times a second, except
// operations with a rate limit of their own, such as [HistoryService.List]. The documentation
// of each method gives the limit. The client keeps to these limits on this machine ([WithRate],
// [WithQuota]). Package contrib/redislimit has a limiter ([WithLimiter]) with which several
// processes share them.
//
// # Telemetry
//
// [WithLogger] logs calls and attempts with log/slog, [WithHooks] calls functions, and
// contrib/otel traces and measures with OpenTelemetry. [WithMiddleware] wraps each
// attempt on the wire. Each call has a RequestId, on the wire and in its error.
//
// # Options
//
// [New] takes an [Option], a method a [CallOption], and a batch a [BatchOption]. A
// [CommonOption], such as [WithTimeout], is all three.
//
// # Concurrency
//
// A [Client] with all its services and options is safe for concurrent use by several
// goroutines. A program makes one client and keeps it. The client starts goroutines only to
// check the liveness of a failed host and to make the calls of a batch, and it needs no
// closing. The client does not change forms, so that calls can share them. Several
// goroutines can range over the same iterator; each of them makes its own pass. All
// goroutines that make calls also call the functions given to options, such as hooks,
// middleware, limiters and clocks.
//
// # Safety
//
// The client does not follow redirects, so that no other host receives signed headers. It
// bounds the size of responses ([WithMaxResponseSize]). Credentials print as REDACTED, and
// errors hold neither the secret nor a signature.
//
// # Testing
//
// Package emulator runs an emulator of the service in tests. As in production, only created
// accounts exist there:
//
//	srv := emulator.Start(t, emulator.WithCreatedAccounts("lena", "ben"))
//	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
package wrapper
