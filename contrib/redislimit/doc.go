// Package redislimit implements [wrapper.Limiter] for a fleet of processes. The processes
// share an app's quota through one Redis, in which they reserve turns. A turn is the time
// at which one call may be sent.
//
//	limiter, err := redislimit.New(redisClient, appKey, wrapper.DefaultRate)
//	...
//	client, err := wrapper.New(credentials, wrapper.WithLimiter(limiter))
//
// # Turns
//
// The calls of a process wait in a queue. One round trip to Redis reserves turns for the
// calls at the head of the queue: the next turn, and of the following turns those that are
// due within a quarter of a second, but at most the turns of one window or of 20 ms,
// whichever are more. If several processes have waiting calls, they alternate. Redis's
// clock decides when a turn is, and Redis returns how long to wait for it, so the clocks
// of the processes need not agree.
//
// The turns fill a sliding window. With a quota of 100 calls per second, at most ten turns
// are in any 105 ms. Therefore no second, wherever it begins, has more than 100 turns, and
// the fleet can use 95 % of the quota (93 % if the quota cannot be divided into equal
// parts). The rest is the margin ([WithMargin]), which allows for calls that do not all
// take the same time from their turn to the service.
//
// If a call is cancelled, the calls behind it move up. If a process dies or all its calls
// are cancelled, the fleet loses only the few turns that the process had reserved: those
// that were due within a quarter of a second, and one more. If a call's turn would come
// after the call's deadline, the call fails at once.
//
// # Blocks
//
// When the service blocks an operation because of its rate (code 416), the whole fleet
// stops calling that operation. The block is a key in Redis that expires. Calls that
// already wait for their turn learn about the block within a quarter of a second: every
// reply of Redis to the process reports it, and a process that has had no recent reply
// asks for it.
//
// # When Redis fails
//
// By default, calls continue: each process limits itself to a share of the quota, which is
// a tenth unless [WithFallback] sets another. With [WithoutFallback], calls fail. One call
// per second tries Redis again.
//
// Redis may lose reserved turns, in a restart without persistence or in a fail-over to a
// replica that lags behind or is empty. If it knows no turns of an operation, or only older
// ones than the calling process has had, the time before counts as full: the first turn
// comes after the quota's time, the margin and a quarter of a second. This is also so for
// the first call of an operation in a day. For an operation with a quota per minute, that
// is a minute: give such a call the time ([wrapper.WithTimeout]), or make one when the
// fleet starts. Redis can give turns a second time only if it
// lost the last turns of other processes and kept older ones, or if its clock is set
// forward.
package redislimit
