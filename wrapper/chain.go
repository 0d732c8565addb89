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
	budget := retry.NewBudget(c.budget)
	userAgent := withUserAgent(c.userAgent)

	return &engine{c.settings, chain(
		observe(c.hooks),             // call the hooks when the call begins and ends
		redactErrors(credentials),    // keep secrets out of the call's error
		validate,                     // check the options and the form, and encode it
		repeat(budget, c.hooks),      // make attempts, and call the hooks after each
		redactErrors(credentials),    // keep secrets out of the attempt's error
		reconnect(closeIdle),         // once more when an idle connection was dead
		limit(c.limiter),             // wait for a turn
		route(pool),                  // pick the host
		begin,                        // count the attempt and bound its time
		synchronize(serviceClock),    // learn the service's time
		freshen(closeIdle),           // avoid connections that may be dead
		send(userAgent, signer.Edit), // make the request, sign it and send it
		read(c.maxResponseSize),      // read the body of the response
		decode(credentials),          // read the result, or the error in its place
	)}, nil
}

// chain joins layers into one stage, the first layer outermost.
func chain(layers ...layer) stage {
	var next stage
	for _, layer := range slices.Backward(layers) {
		next = layer(next)
	}
	return next
}
