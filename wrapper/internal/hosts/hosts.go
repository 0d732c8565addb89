// Package hosts picks the host of each attempt, which is the first base URL of a deployment
// that responds. It pauses a host that does not respond, for longer each time, and checks the
// host's liveness before it uses the host again.
package hosts

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/gen"
)

const (
	firstPause   = time.Second
	longestPause = time.Minute
	probeTimeout = 3 * time.Second
	probePath    = "/health/liveness.action"
)

// Pool holds the hosts of a client.
type Pool struct {
	hosts  []*Host
	pinned sync.Map // base URL to *Host, for Pin
	make   func(base string) *Host
}

// NewPool returns a pool of base URLs without a last slash, the preferred one first.
// The hosts send calls with sender. They check liveness with prober, which has no middleware
// because middleware expects signed requests.
func NewPool(bases []string, sender, prober gen.HttpRequestDoer) *Pool {
	p := &Pool{make: func(base string) *Host {
		return &Host{Base: base, Client: &gen.Client{Server: base + "/", Client: sender}, prober: prober}
	}}
	for _, base := range bases {
		p.hosts = append(p.hosts, p.make(base))
	}
	return p
}

// Pick returns the first host that is not paused. If all are paused, it returns the host
// whose pause ends first.
func (p *Pool) Pick() *Host {
	if len(p.hosts) == 1 {
		return p.hosts[0]
	}
	now := time.Now()
	for _, h := range p.hosts {
		if h.usable(now) {
			return h
		}
	}
	soonest := p.hosts[0]
	for _, h := range p.hosts[1:] {
		if h.pausedUntil().Before(soonest.pausedUntil()) {
			soonest = h
		}
	}
	return soonest
}

// Pin returns the host with a base URL, whether or not it is one of the pool's own.
func (p *Pool) Pin(base string) *Host {
	for _, h := range p.hosts {
		if h.Base == base {
			return h
		}
	}
	if h, ok := p.pinned.Load(base); ok {
		return h.(*Host)
	}
	h, _ := p.pinned.LoadOrStore(base, p.make(base))
	return h.(*Host)
}

// Host is a base URL and what is known about it.
type Host struct {
	Base   string
	Client *gen.Client

	prober   gen.HttpRequestDoer
	used     atomic.Int64 // start of the last attempt that got a response, in Unix nanoseconds
	down     atomic.Bool  // failures > 0, readable without the lock
	mu       sync.Mutex
	failures int       // in a row
	until    time.Time // end of the pause
	probing  bool
}

// Failed pauses a host that did not respond.
func (h *Host) Failed(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Before(h.until) {
		return // calls that were in flight at the same time fail together
	}
	pause := longestPause
	if h.failures < 6 { // a second doubled six times is more than a minute
		pause = firstPause << h.failures
	}
	h.failures++
	h.until = now.Add(pause)
	h.down.Store(true)
}

// Responded ends the host's pause after it responded to the attempt that began at this time.
func (h *Host) Responded(began time.Time) {
	h.used.Store(began.UnixNano())
	h.revive()
}

// IdleFor returns how long before now the last attempt began that got a response, or 0
// if none did.
func (h *Host) IdleFor(now time.Time) time.Duration {
	used := h.used.Load()
	if used == 0 {
		return 0
	}
	return time.Duration(now.UnixNano() - used)
}

// usable reports whether the host is not paused. When its pause is over, usable starts a check
// of its liveness in the background, and the host is usable after it has responded.
func (h *Host) usable(now time.Time) bool {
	if !h.down.Load() {
		return true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.probing && !now.Before(h.until) {
		h.probing = true
		go h.probe()
	}
	return false
}

func (h *Host) revive() {
	if !h.down.Load() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures, h.until = 0, time.Time{}
	h.down.Store(false)
}

func (h *Host) probe() {
	ctx, cancel := context.WithTimeout(context.Background(), probeTimeout)
	defer cancel()
	if h.alive(ctx) {
		h.revive()
	} else {
		h.Failed(time.Now())
	}
	h.mu.Lock()
	h.probing = false
	h.mu.Unlock()
}

func (h *Host) alive(ctx context.Context) bool {
	// The transport may be the caller's. A call in which it panics does so where the caller can
	// recover; here the panic would end the program.
	defer func() { _ = recover() }()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.Base+probePath, nil)
	if err != nil {
		return false
	}
	response, err := h.prober.Do(req)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

func (h *Host) pausedUntil() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.until
}
