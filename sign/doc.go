// Package sign is the signature of the NetEase Yunxin server API: it puts it
// on requests and checks it on the other side.
//
// A request carries four headers. AppKey names the app. Nonce is random, at
// most 128 characters. CurTime is the time in Unix seconds as decimal text,
// good for five minutes either way. CheckSum proves the app's secret: the
// lower-case hex SHA-1 of secret + Nonce + CurTime.
//
//	credentials, err := sign.NewCredentials("app-key", "app-secret")
//	if err != nil {
//		return err
//	}
//	signer := sign.NewSigner(credentials)
//	err = signer.Edit(ctx, req) // sets AppKey, Nonce, CurTime and CheckSum
//
// [Signer.Edit] has the shape of a gen.RequestEditorFn. Call it once for every
// attempt, so that a repeated request has a nonce and a time of its own.
// [Verify] is the same rule read backwards, for servers and test doubles.
//
// A secret goes in through [NewCredentials] and does not come out again: every
// way of printing, logging or encoding [Credentials] shows REDACTED.
package sign
