package redislimit_test

import (
	"log"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nimroom/nimroom/contrib/redislimit"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// This client shares the app's quota with a fleet of four processes.
func Example() {
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		log.Fatal(err)
	}
	limiter, err := redislimit.New(
		redis.NewClient(&redis.Options{Addr: "redis:6379"}), credentials.AppKey(), wrapper.DefaultRate,
		redislimit.WithQuota("/chatroom/sendMsg.action", 500, time.Second), // raised by the vendor
		redislimit.WithFallback(4),
		redislimit.WithErrorHandler(func(err error) { log.Print("rate limit without Redis: ", err) }),
	)
	if err != nil {
		log.Fatal(err)
	}
	client, err := wrapper.New(credentials, wrapper.WithLimiter(limiter))
	if err != nil {
		log.Fatal(err)
	}
	_ = client
	// Output:
}
