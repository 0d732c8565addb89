module github.com/nimroom/nimroom/contrib/redislimit

go 1.25.0

require (
	github.com/nimroom/nimroom v0.0.0
	github.com/redis/go-redis/v9 v9.22.0
	golang.org/x/time v0.15.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	go.uber.org/atomic v1.11.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
)

replace github.com/nimroom/nimroom => ../..
