// Package callback receives what the service sends to the app's own server (消息抄送 and 第三方回调):
// copies of the messages of rooms, of entries and exits and of changes of queues, and the question
// before a client logs in to a room.
//
//	http.Handle("/callbacks", callback.New(credentials, callback.Handlers{
//		OnMessage: func(ctx context.Context, m *gen.MessageCallback) error {
//			return store(ctx, m.RoomID, m.FromAccount, m.Attach)
//		},
//	}))
//
// Set the address in the vendor's console, which sends a test request ({}) that the [Receiver]
// acknowledges.
//
// # What a Receiver does
//
// It verifies each callback with [sign.VerifyCallback], so that nothing reaches a function that
// the service did not send: the body is bounded, its MD5 is computed and not believed, and CurTime
// is at most five minutes off. It drops repeats, which the service is known to send ([WithMemory]),
// decodes the body into a struct of package gen, and calls the function for it.
//
// It responds within the five seconds that the service waits, whatever the function does. Status
// 200 says that the callback was handled. After any other status the service delivers it again:
// 503 if too many callbacks are being handled ([WithConcurrency]) or the function takes too long
// ([WithTimeout]), 500 if it returns an error or panics. Nothing is lost while the service goes on
// delivering; how often it does is not documented. A function that ends late and without an error
// has handled its callback, and the repeat is dropped.
//
// Callbacks may arrive in any order; the Time of a callback says when it happened.
//
// # What it rejects
//
// A callback that cannot be verified or read gets a status and a JSON body that name the reason and
// what to do. No function is called. [WithErrorHook] gets every such [*Error], whose kinds are the
// Err variables of this package. A callback of a type without a function is acknowledged and dropped,
// but not one of a known type with a member that cannot be read: it gets status 400, unless OnUnknown
// takes it.
package callback
