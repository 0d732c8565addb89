package wire

import "strings"

const (
	arenaChunk = 4 << 10        // the memory that one string can keep alive
	arenaLarge = arenaChunk / 4 // longer strings have memory of their own
)

// arena copies the strings of one response into shared chunks, which takes a few allocations
// instead of one for each string.
type arena struct{ chunk strings.Builder }

// copy returns b as a string. A chunk is not larger than left, the rest of the response.
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
