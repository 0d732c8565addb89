// Package cassettes records the requests of a client and the responses of the chat
// room service, and replays them. Tests against the real service then run without
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
// A replay never dials. A request gets the response of the first recorded request
// that has the same method, path and form and was not replayed yet. The fields of
// the form may come in any order and in any spelling that the spec calls equal. The
// test fails for a request that was not recorded, for a recorded one that was not
// made, and for one that is not signed as the service requires: with the client's
// credentials, within five minutes of its clock, and anew for each attempt.
//
// Files hold no secrets. The signature, the app's key and secret, what is named or looks
// like a secret, in any encoding, and all headers but a few are replaced or left out. A
// file in which one of them remains is not written. Ids that the client made up, such as the msgId of a message without one,
// are numbered; in replay the numbers stand for the new ids.
//
// The files are in the format of gopkg.in/dnaeon/go-vcr.v4. The format cannot hold a
// connection that breaks: use the emulator's faults for that.
package cassettes
