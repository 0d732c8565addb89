package wire

import "strings"

const (
	arenaChunk = 4 << 10        // what one kept string can hold in memory beside itself
	arenaLarge = arenaChunk / 4 // longer strings are copied on their own
)

// arena copies the strings of one response into shared chunks: a few allocations
// instead of one a string.
type arena struct{ chunk strings.Builder }

// copy returns b as a string. left bounds the chunk by what is still to come.
func (a *arena) copy(b []byte, left int) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > arenaLarge {
		return string(b)
	}
	if a.chunk.Cap()-a.chunk.Len() < len(b) {
		a.chunk = strings.Builder{}
		a.chunk.Grow(max(len(b), min(arenaChunk, left)))
	}
	start := a.chunk.Len()
	a.chunk.Write(b)
	return a.chunk.String()[start:]
}
