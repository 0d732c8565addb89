package wire

import (
	"fmt"
	"strings"
	"testing"
)

func TestArenaKeepsStringsApart(t *testing.T) {
	var a arena
	var got, want []string
	for i := range 500 {
		s := fmt.Sprint(i, strings.Repeat("x", i*37%6000))
		buf := []byte(s)
		got = append(got, a.copy(buf, 1<<20))
		want = append(want, s)
		clear(buf)
		if a.chunk.Cap() > arenaChunk {
			t.Fatalf("a chunk of %d bytes", a.chunk.Cap())
		}
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("string %d changed", i)
		}
	}
}

func TestArenaMakesNoMoreRoomThanIsToCome(t *testing.T) {
	var a arena
	a.copy([]byte("zhangsan"), 40)
	if a.chunk.Cap() > 64 {
		t.Errorf("a chunk of %d bytes for a response with 40 to come", a.chunk.Cap())
	}
}
