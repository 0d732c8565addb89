package callback

import (
	"context"
	"sync"
)

// Seen says what a [Memory] knows of a callback.
type Seen int

const (
	// Unseen callbacks are to be handled.
	Unseen Seen = iota
	// Busy callbacks are being handled.
	Busy
	// Handled callbacks need nothing more.
	Handled
)

// Memory recognizes repeated callbacks. It is safe for use by several goroutines.
//
// A key is 64 hex digits, which stand for the app and the body of a callback.
type Memory interface {
	// Begin notes that a callback is being handled, if it is Unseen, and returns what was known
	// of it before.
	Begin(ctx context.Context, key string) (Seen, error)
	// End notes that a callback, for which Begin returned Unseen, was handled. If it was not
	// handled, End forgets it.
	End(ctx context.Context, key string, handled bool) error
}

// NewMemory returns the memory of one process. It holds the latest n callbacks that were handled, at
// least one; each takes about 250 bytes.
func NewMemory(n int) Memory {
	return &memory{handled: map[string]bool{}, size: max(1, n)}
}

type memory struct {
	mu      sync.Mutex
	handled map[string]bool // false while a callback is being handled
	order   []string        // handled callbacks; a ring once it is full
	oldest  int
	size    int
}

func (m *memory) Begin(_ context.Context, key string) (Seen, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	handled, known := m.handled[key]
	switch {
	case handled:
		return Handled, nil
	case known:
		return Busy, nil
	}
	m.handled[key] = false
	return Unseen, nil
}

func (m *memory) End(_ context.Context, key string, handled bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !handled {
		delete(m.handled, key)
		return nil
	}
	m.handled[key] = true
	if len(m.order) < m.size {
		m.order = append(m.order, key)
		return nil
	}
	delete(m.handled, m.order[m.oldest])
	m.order[m.oldest] = key
	m.oldest = (m.oldest + 1) % m.size
	return nil
}
