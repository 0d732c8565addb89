// Package wrapper is the client for the chat room API of NetEase Yunxin IM
// (CommsEase): all documented operations as methods, typed answers, and
// errors that say what happened.
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
// A program imports this package alone. Each method has a verb of its own, and one word
// says how much it takes: Get takes one thing, GetBatch, AddBatch and RemoveBatch as many
// as one call holds, GetMany, AddMany and RemoveMany any number; List returns a page, and
// All every page.
//
// Requests are structs: required fields are plain values, optional ones are pointers,
// made with [Ptr], so that false, 0 and "" can be sent too. Responses are plain values; a
// pointer in a response is nil where the service left the field out and that means
// something. Members of a response that the spec does not know are in its Extra.
//
// Room ids are a type, [RoomID], which [ParseRoomID] reads from text. Times are
// [time.Time], in UTC in answers; the zero time stands for the service's 0, which is
// now, no bound, or nothing. Lengths of time are [time.Duration]; where the service
// counts in seconds, parts of one are sent as a whole one. What is too large for
// these types in an answer becomes the largest there is. Enums are open: a value that
// the spec does not know keeps itself, and String tells it.
//
// # Errors
//
// Every failure of a method is an *[Error]. [errors.Is] finds its kind:
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
// The service responds with HTTP status 200 whatever happened and puts a code into the
// body. A code other than 200 is an error here, and so is a response that cannot be
// read. A successful response always holds its data. Fields are checked against the
// spec's limits before anything is sent, and [Error.Field] then names the field.
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
// [TagsService.AllMembers], [TagsService.AllMessages] and [StatisticsService.Days] work
// alike. Leaving the loop ends the requests, ranging again starts over, and nothing is
// lost or repeated where pages meet at equal times.
//
// # Batches
//
// [RoomsService.GetMany], [MembersService.GetMany], [RobotsService.AddMany] and
// [RobotsService.RemoveMany] take any number of elements, make as many calls as that
// needs, several at once, and return the outcome of each element in its place. A
// *[BatchError] names what failed.
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
//	code 416, HTTP 429                again, after the block
//	code 503 or 514, HTTP 503         again              again               again
//	code 500 or 408, HTTP 502, 504    again              again, marked       ErrOutcomeUnknown
//	the time in the signature is off  once more, by the service's clock
//	code 417 or 431 after an attempt  a success if the response holds nothing,
//	that may have arrived             else ErrOutcomeUnknown; a read is sent again
//	any other code                    no                 no                  no (an unknown code
//	                                                                         leaves the outcome unknown)
//
// The one deduplicated operation sends messages. A message without a MsgID gets one and
// keeps it, and it is marked as a repeat (ResendFlag) once it may have arrived. The
// service checks marked messages only: an attempt that timed out and arrives after its
// own repeat is dropped not by the service but by the receiving clients, which know its
// MsgID. To rule that out, set ResendFlag from the start.
//
// A connection that was idle and turns out to be dead is replaced by a new one, which
// does not count as an attempt, if the call may be sent again. If it may not,
// connections that were idle for a second are not used.
//
// The response to a repeat can hide what the lost attempt did: how many robots there
// were to clear, or which of them were removed. Such a call fails with
// [ErrResultUnknown].
//
// Each attempt is signed anew. The wait between two attempts is random, up to a bound
// that doubles from a tenth of a second to five seconds. When the response has a
// Retry-After header, or the service blocks the operation for ten seconds (code 416), the
// call waits that long. A call that would wait past its deadline returns at once, with the
// wait in [Error.RetryAfter]. [WithRetry] changes the number and the pace of attempts, and
// [WithRetryBudget] bounds how many a client makes while the service is in trouble.
// Whether a call may be sent again at all cannot be changed. The policy may change
// between releases.
//
// # Time
//
// A call ends after [DefaultTimeout] unless [WithTimeout] or the context says otherwise,
// and an attempt after [DefaultAttemptTimeout]. An attempt that takes too long may be
// made again; a call that its caller cancelled is not.
//
// When no response came, [Error.MayHaveTakenEffect] says whether the operation may have
// been carried out nevertheless, and [Error.Ask] names the operation that shows whether
// it was. MayHaveTakenEffect is never set for operations that only read, nor when no
// request left this machine.
//
// # Clock
//
// The service rejects a signature whose time is more than five minutes off. The client
// takes the service's time from the Date header of the responses, so that a machine with
// a wrong clock is rejected once at most.
//
// # Hosts
//
// [ChinaHosts], the default, and [OverseasHosts] are the vendor's; [WithHosts] and
// [WithBaseURL] set others. Calls go to the first host that responds. A host that does
// not respond is not used for a second, then for two, up to a minute, and only after it
// has responded on its liveness path.
//
// # Limits
//
// All programs of an app together may call each operation [DefaultRate] times a second.
// The client keeps to that on this machine ([WithRate]). Package contrib/redislimit
// shares the quota of a fleet ([WithLimiter]).
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
// A [Client] is safe for use by several goroutines, with all its services and options;
// a program makes one and keeps it. It starts goroutines only to ask a failed host for
// its liveness and to make the calls of a batch, and it needs no closing. Forms are not
// changed and may be shared. Iterators may be ranged over by several goroutines, each
// for itself. Functions given to options, such as hooks, middleware, limiters and
// clocks, are called by all goroutines that make calls.
//
// # Safety
//
// Redirects are not followed, so that signed headers stay with the host they are meant
// for. The size of responses is bounded ([WithMaxResponseSize]). Credentials print as
// REDACTED, and errors hold neither the secret nor a signature.
//
// # Testing
//
// Package emulator is the service for tests, in one line:
//
//	srv := emulator.Start(t)
//	client, err := wrapper.New(srv.Credentials(), wrapper.WithBaseURL(srv.URL))
package wrapper
