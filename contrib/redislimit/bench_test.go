package redislimit

import (
	"sync/atomic"
	"testing"

	"github.com/nimroom/nimroom/gen"
)

// BenchmarkReserve measures a round trip that runs the script, with Redis on the same
// machine.
func BenchmarkReserve(b *testing.B) {
	client := startRedis(b).client(b)
	l := newLimiter(b, client, maxCalls)
	var paths atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		o := l.operation(&gen.Operation{Path: string(rune('a' + paths.Add(1)))})
		for pb.Next() {
			if _, err := l.reserve(o, 1, -1); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
