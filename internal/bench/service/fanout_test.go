package service

import (
	"strings"
	"testing"
	"time"
)

// BenchmarkFanOut measures what connections that watch a room without reading take from
// others: from messages to that room, and from reads of another room meanwhile.
func BenchmarkFanOut(b *testing.B) {
	const watchers, length = 900, 4 * time.Second
	send := sendLoad
	send.Form = strings.Replace(sendLoad.Form, "Hello", strings.Repeat("x", 4000), 1)
	send.Connections, send.Duration = 1, length
	read := getLoad
	read.Form = strings.Replace(getLoad.Form, "10010000001", "10010000002", 1)
	read.Connections, read.Duration = 1, length
	for _, tt := range []struct {
		name   string
		load   load
		beside *load
	}{
		{"sendMsg", send, nil},
		{"get-another-room", read, &send},
	} {
		b.Run(tt.name, func(b *testing.B) {
			alone := tt.load
			var reset func()
			alone.Address, reset = service(b)
			if tt.beside != nil {
				beside := *tt.beside
				beside.Address = alone.Address
				alone.Beside = &beside
			}
			watched := alone
			watched.Watchers = watchers
			compareLoads(b, [2]load{watched, alone}, 3, reset, [2]string{"watched", "alone"})
		})
	}
}
