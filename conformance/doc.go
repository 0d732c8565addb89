// Package conformance is the suite that every client and every service of the
// chat room API is held to: what each operation responds, and with
// which code it fails.
//
// The suite is data, in scenarios, for clients of any language; README.md
// explains the format. This package is its player for Go. It plays against a
// [Target]: a client with a service behind it, such as [NewEmulated], which is
// the SDK's typed methods and an emulator.
//
//	suite, err := conformance.Load()
//	...
//	suite.Run(t, func(t *testing.T, options conformance.Options) conformance.Target {
//		srv := emulator.Start(t, emulator.WithStrict(options.Strict), ...)
//		target, err := conformance.NewEmulated(t.Context(), srv.URL, srv.Credentials())
//		...
//		return target
//	})
package conformance
