// Package redislimit is a [wrapper.Limiter] for a fleet: all processes that
// share an app's quota take turns through one Redis.
//
//	limiter, err := redislimit.New(redisClient, appKey, wrapper.DefaultRate)
//	...
//	client, err := wrapper.New(credentials, wrapper.WithLimiter(limiter))
//
// # Turns
//
// Calls of a process wait in line, and one round trip reserves turns for the first of
// them: a window's worth at most, and none but the next that are more than a quarter
// of a second ahead. Processes that all have calls waiting go in turns. Redis's own
// clock decides, and waits are passed on as lengths of time, so that the clocks of the
// fleet do not matter.
//
// The turns are a sliding window: of a quota of 100 a second ten may come at
// once, and no ten more within 105 ms of them. So no second, wherever it
// begins, holds more than 100 turns, and 95 % of the quota can be used (93 %
// where it cannot be cut into equal parts). The rest is the margin
// ([WithMargin]): it covers calls that leave later after their turn than others
// do.
//
// A call that gives up leaves its place to those behind it. When all calls of a process
// give up, or it dies, the few turns that it had reserved are lost: those that are due
// within a quarter of a second, and one beyond. A call whose turn would come after its
// deadline fails at once.
//
// # Blocks
//
// When the service blocks an operation for its rate (code 416), the whole fleet
// stops calling it: the block is a key in Redis that ends by itself. Calls that
// wait for their turn then learn of it within a quarter of a second, from the response
// to any call of the process or, without one, by asking Redis.
//
// # When Redis fails
//
// Calls go on, unless [WithoutFallback] is given: each process keeps to a share
// of the quota by itself, a tenth unless [WithFallback] sets another. A failed
// Redis is asked again once a second, by one call.
//
// Turns that a Redis forgets (a restart without persistence, a fail-over to a
// replica that lags) can be given twice, once. So can turns when Redis's clock
// is set forward.
package redislimit
