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

// newEngine returns the engine of a client. The stages are in this package because they use
// its public types; parts that do not need these types are packages in internal.
func newEngine(credentials sign.Credentials, c config) (*engine, error) {
	serviceClock := clock.New(c.now)
	signer := sign.NewSigner(credentials, sign.WithClock(serviceClock.Now))
	httpClient := conn.NewClient(c.httpClient)
	if c.transport != nil {
		if httpClient.Transport = c.transport(credentials, serviceClock.Now); isNil(httpClient.Transport) {
			return nil, errors.New("transport: nil") // a client with a nil transport would use the network
		}
	}
	pool := hosts.NewPool(c.hosts, withMiddleware(conn.WithoutReplay(httpClient), c.middleware), httpClient)
	closeIdle := httpClient.CloseIdleConnections
	budget := retry.NewBudget(c.budget)
	userAgent := withUserAgent(c.userAgent)

	return &engine{settings: c.settings, closeIdle: closeIdle, do: chain(
		observe(c.hooks),             // call the hooks when the call begins and ends
		redactErrors(credentials),    // keep secrets out of the call's error
		validate,                     // check the options and the form, and encode it
		repeat(budget, c.hooks),      // make attempts, and call the hooks after each
		redactErrors(credentials),    // keep secrets out of the attempt's error
		reconnect(closeIdle),         // repeat the attempt if an idle connection was dead
		limit(c.limiter),             // wait for a turn
		route(pool),                  // pick the host
		begin,                        // count the attempt and limit its time
		synchronize(serviceClock),    // learn the service's time
		freshen(closeIdle),           // avoid connections that may be dead
		send(userAgent, signer.Edit), // make the request, sign it and send it
		read(c.maxResponseSize),      // read the body of the response
		decode(credentials),          // decode the result or the error
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
