// Package sign signs requests to the NetEase Yunxin server API and verifies
// signed requests.
//
// A request carries four headers. AppKey names the app. Nonce is a random text
// of at most 128 characters. CurTime is the time in Unix seconds as decimal text;
// the service accepts it if it is at most five minutes off. CheckSum proves that
// the caller knows the app's secret: it is the lower-case hex SHA-1 of
// secret + Nonce + CurTime.
//
//	credentials, err := sign.NewCredentials("app-key", "app-secret")
//	if err != nil {
//		return err
//	}
//	signer := sign.NewSigner(credentials)
//	err = signer.Edit(ctx, req) // sets AppKey, Nonce, CurTime and CheckSum
//
// [Signer.Edit] has the signature of a gen.RequestEditorFn. Call it once for every
// attempt, so that a repeated request gets its own nonce and time. [Verify] checks
// the signature of a received request, for servers and test doubles.
//
// A callback, which the service sends to the app's own server, has the MD5 of its body in place
// of Nonce, and CurTime in milliseconds. [VerifyCallback] checks one, and
// [Credentials.SignCallback] signs one; package callback serves them.
//
// The secret cannot be read from [Credentials] again: printing, logging or encoding
// them shows REDACTED instead.
package sign
