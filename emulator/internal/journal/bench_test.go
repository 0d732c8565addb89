package journal

import (
	"bytes"
	"io"
	"testing"
)

// BenchmarkAppend keeps records of a usual size, 64 writers at once.
func BenchmarkAppend(b *testing.B) {
	for name, sync := range map[string]bool{"system": false, "disk": true} {
		b.Run(name, func(b *testing.B) {
			j, err := Open(b.TempDir(), Options{Sync: sync})
			if err != nil {
				b.Fatal(err)
			}
			if err := j.Load(func(io.Reader) error { return nil }, func([]byte) error { return nil }); err != nil {
				b.Fatal(err)
			}
			record := bytes.Repeat([]byte("x"), 250)
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := j.Wait(j.Append(record)); err != nil {
						b.Error(err)
					}
				}
			})
			if err := j.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
