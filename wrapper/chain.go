package wrapper

import (
	"errors"
	"slices"

	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/internal/clock"
	"github.com/nimroom/nimroom/wrapper/internal/conn"
	"github.com/nimroom/nimroom/wrapper/internal/hosts"
	"github.com/nimroom/nimroom/wrapper/internal/retry"
)

// newEngine makes the engine of a client. The stages stay in this package because they
// speak its public types, whose documentation belongs here; the parts that need none of
// these are packages below internal.
func newEngine(credentials sign.Credentials, c config) (*engine, error) {
	serviceClock := clock.New(c.now)
	signer := sign.NewSigner(credentials, sign.WithClock(serviceClock.Now))
	httpClient := conn.NewClient(c.httpClient)
	if c.transport != nil {
		if httpClient.Transport = c.transport(credentials, serviceClock.Now); httpClient.Transport == nil {
			return nil, errors.New("transport: nil") // which would be the network
		}
	}
	pool := hosts.NewPool(c.hosts, withMiddleware(httpClient, c.middleware), httpClient)
	closeIdle := httpClient.CloseIdleConnections

	return &engine{credentials: credentials, settings: c.settings, do: chain(decode, // the last stage
		observe(c.hooks), // call the hooks of the call
		redactErrors,     // let no secret out of the call
		validate,         // check the form and encode it
		repeat(retry.NewBudget(c.budget), c.hooks), // make attempts, and call the hooks of each
		redactErrors,              // let no secret out of an attempt
		reconnect(closeIdle),      // attempt again past a dead idle connection
		limit(c.limiter),          // wait for a turn
		route(pool),               // pick the host
		begin,                     // bound the attempt in time
		synchronize(serviceClock), // learn the service's time
		freshen(closeIdle),        // keep away from connections that may be dead
		send(withUserAgent(c.userAgent), signer.Edit), // make the request, sign and send it
		read(c.maxResponseSize),                       // read the body of the response
	)}, nil
}

// chain returns the layers as one stage, the first one outermost.
func chain(last stage, layers ...layer) stage {
	for _, layer := range slices.Backward(layers) {
		last = layer(last)
	}
	return last
}
