// Package wrapper is the client for the chat room API of NetEase Yunxin IM
// (CommsEase): all 25 documented operations as methods, typed answers, and
// errors that say what happened.
//
// # Getting started
//
//	credentials, err := sign.NewCredentials(appKey, appSecret)
//	if err != nil {
//		return err
//	}
//	client, err := wrapper.New(credentials)
//	if err != nil {
//		return err
//	}
//	room, err := client.Rooms.Create(ctx, gen.CreateChatroomForm{Creator: "zhangsan", Name: "Evening show"})
//
// Requests are the forms of package gen: required fields are plain values,
// optional ones are pointers, made with [Ptr], so that false, 0 and "" can be sent
// too. Answers are plain values; a pointer in an answer is nil where the service
// left the field out and that means something. What the spec does not know of an
// answer is in its Extra.
//
// Room ids are a type, [RoomID], which [gen.ParseRoomID] reads from text. Times are
// [time.Time], in UTC in answers; the zero time stands for the service's 0, which is
// now, no bound, or nothing. Lengths of time are [time.Duration]; where the service
// counts in seconds, parts of one are sent as a whole one. What is too large for
// these types in an answer becomes the largest there is. Enums are open: a value that
// the spec does not know keeps itself, and String tells it.
//
// # Errors
//
// Every failure of a method is an *[Error]. [errors.Is] tells the kind:
//
//	switch {
//	case errors.Is(err, wrapper.ErrNotFound):
//		// no such room
//	case errors.Is(err, wrapper.ErrRateLimited):
//		// wait: the operation is blocked for 10 seconds
//	case errors.Is(err, wrapper.ErrOutcomeUnknown):
//		// it may have happened: look before calling again
//	}
//
// The service answers HTTP status 200 whatever happened and puts a code into the
// body; a code other than 200 is an error here, and so is an answer that cannot be
// read. An answer in success always holds data. Fields are checked against the
// spec's limits before anything is sent; [Error.Field] then names the field.
//
// Each method lists the errors that its document names. Any call can fail with
// [ErrBadParameter], [ErrRateLimited], [ErrServerFault], [ErrUnavailable],
// [ErrBadResponse], [ErrBadSignature], [ErrClock], [ErrDuplicate] (code 431, the request
// came twice), and any that changes something with [ErrOutcomeUnknown].
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
//	for member, err := range client.Members.All(ctx, gen.ListMembersForm{RoomID: id, Type: wrapper.Ptr(gen.MemberKindFixed)}) {
//		if err != nil {
//			return err
//		}
//		// ...
//	}
//
// [TagsService.AllMembers], [TagsService.AllMessages] and [StatisticsService.Days] work
// alike. Leaving the loop ends the requests, ranging again starts anew, and nothing is
// lost or repeated where pages meet at equal times.
//
// # Batches
//
// [RoomsService.GetMany], [MembersService.GetMany], [RobotsService.AddMany] and
// [RobotsService.RemoveMany] take any number of elements, make as many calls as that
// needs, several at once, and tell the outcome of each element in its place. What
// failed is told by a *[BatchError].
//
// # Retries
//
// A call is sent up to [DefaultAttempts] times, where sending it again may help and
// does no harm. Which calls may be sent again follows from the spec, which says of
// each operation whether it is safe (it reads), idempotent (repeating it changes
// nothing more), deduplicated (the service drops a repeat) or unsafe:
//
//	what happened                     safe, idempotent   deduplicated        unsafe
//	the request was not sent          again, next host   again, next host    again, next host
//	it was sent, no answer came       again              again, marked       ErrOutcomeUnknown
//	code 416, HTTP 429                again, after the block
//	code 503 or 514, HTTP 503         again              again               again
//	code 500 or 408, HTTP 502, 504    again              again, marked       ErrOutcomeUnknown
//	the time in the signature is off  once more, by the service's clock
//	code 417 or 431 after an attempt  a success where the answer holds nothing,
//	that may have arrived             else ErrOutcomeUnknown; a read is asked anew
//	any other code                    no                 no                  no (unknown codes leave
//	                                                                         the outcome unknown)
//
// The one deduplicated operation sends messages. It gets a MsgID when it has none,
// keeps it, and is marked as a repeat (ResendFlag) once it may have arrived. The
// service checks marked ones only: an attempt that was given up for its time and
// arrives after its own repeat is not dropped by the service, but by clients, which
// know its MsgID. Who cannot have that sets ResendFlag from the start.
//
// A connection that had been idle and turns out to be dead is replaced by a new one,
// beside the attempts, where the call may be sent again. Where it may not, connections
// that were idle for a second are not used.
//
// The answer of a repeat can hide what the lost attempt did: how many robots there
// were to clear, or which of them it removed. Such an answer is [ErrResultUnknown].
//
// Each attempt is signed anew. Between attempts it waits for a random time up to a
// bound that doubles from a tenth of a second to five seconds, for as long as
// Retry-After says, or for the ten seconds that the service blocks an operation
// after code 416; where that would take it past its deadline it returns at once,
// with the wait in [Error.RetryAfter]. [WithRetry] changes the number
// and the pace, [WithRetryBudget] bounds what a client spends on a service in
// trouble. Whether a call may be sent again at all cannot be changed. The policy may
// change between releases.
//
// # Time
//
// A call ends after [DefaultTimeout] unless [WithTimeout] or the
// context says otherwise, an attempt after [DefaultAttemptTimeout]. An attempt that
// takes too long may be made again; a call that its caller cancelled is not.
//
// When no answer came, [Error.MayHaveTakenEffect] tells whether the operation may
// have been carried out all the same, and [Error.Ask] which operation tells. It is
// never set for operations that only read, nor where no request left this machine.
//
// # Clock
//
// The service refuses a signature whose time is more than five minutes off. The
// client takes the service's time from the Date header of its answers, so that a
// machine whose clock is wrong is refused once at most; nothing needs to be set up.
//
// # Hosts
//
// [ChinaHosts], the default, and [OverseasHosts] are the vendor's; [WithHosts] and
// [WithBaseURL] name others. Calls go to the first host that answers. One that does
// not is left alone for a second, then two, up to a minute, and used again after it
// has answered on its liveness path.
//
// # Limits
//
// An app may call each operation [DefaultRate] times a second, all its programs
// together. The client keeps to that on this machine ([WithRate]); package
// contrib/redislimit shares the quota of a fleet ([WithLimiter]).
//
// # Telemetry
//
// [WithLogger] logs calls and attempts with log/slog, [WithHooks] calls functions,
// contrib/otel traces and measures with OpenTelemetry. [WithMiddleware] stands around
// each attempt on the wire. Each call has a RequestId, on the wire and in its error.
//
// # Concurrency
//
// A [Client] is safe for use by several goroutines, with all its services and
// options; make one and keep it. It starts no goroutine but to ask a host that
// failed for its liveness and for the calls of a batch, and needs no closing. Forms
// are not changed and may be shared, iterators may be ranged over by several
// goroutines, each for itself. Functions given to options, such as hooks, middleware,
// limiters and clocks, are called by all goroutines that call.
//
// # Safety
//
// Redirects are not followed: signed headers stay with the host they are meant
// for. Answers are bounded ([WithMaxResponseSize]). Credentials print as REDACTED,
// and errors hold neither secret nor signature.
//
// # Testing
//
// Package emulator is the service for tests, in one line:
//
//	srv := emulator.Start(t)
//	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
package wrapper
