// Package cassettes records what a client and the chat room service say to
// each other, and replays it: tests against the real service that run without
// it, without an account and without a network.
//
//	func TestCreateRoom(t *testing.T) {
//		client, err := wrapper.New(cassettes.Credentials(t), cassettes.Use(t, "create-room"))
//		...
//	}
//
// The test replays testdata/cassettes/create-room.yaml. Run once with
// NIMROOM_RECORD=1, NIM_APP_KEY and NIM_APP_SECRET in the environment it
// records the file instead.
//
// In replay nothing is dialled. A request is answered by the first recorded one
// not yet replayed with the same method, path and form, where fields may come
// in any order and in any spelling that the spec calls equal. A request that
// was not recorded fails the test, and so do a recorded one that was not made
// and a request that is not signed as the service wants it: by the client's
// credentials, within five minutes of its clock, and anew for each attempt.
//
// What is saved is scrubbed: the signature, the AppKey, tokens, cookies, and all
// headers but a few are replaced or left out, and a file in which something is
// left of them is not written. Ids that the client made up, such as the msgId
// of a message without one, are numbered; in replay the numbers stand for those
// that it makes up then.
//
// The files are in the format of gopkg.in/dnaeon/go-vcr.v4. A connection that
// breaks leaves nothing that the format could hold: use the emulator's faults
// for that.
package cassettes
