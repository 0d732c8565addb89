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
// [WithBaseURL] names another host: overseas, a private deployment, an emulator.
// A [Client] is safe for use by several goroutines; make one and keep it.
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
// # Time
//
// A call ends after [DefaultTimeout] unless [WithTimeout], [CallTimeout] or the
// context says otherwise. Nothing is sent twice by itself. When no answer came,
// [Error.MayHaveTakenEffect] tells whether the operation may have been carried out
// all the same; it is never set for operations that only read, nor where the
// request did not leave this machine.
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
