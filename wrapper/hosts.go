package wrapper

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// ChinaHosts are the base URLs of the service in China: the documented host,
// the newer one, and the newer one's backup.
func ChinaHosts() []string {
	return []string{
		DefaultBaseURL,
		"https://api.yunxinapi.com/nimserver",
		"https://api-cn-bak.yunxinapi.com/nimserver",
	}
}

// OverseasHosts are the base URLs of the service outside China, in Singapore.
func OverseasHosts() []string {
	return []string{
		"https://api-sg.netease.im/nimserver",
		"https://api-sg.yunxinapi.com/nimserver",
		"https://api-sg-bak.yunxinapi.com/nimserver",
	}
}

// WithHosts sets the base URLs of one deployment, the preferred one first; see
// [WithBaseURL] for their form. Calls go to the first one that answers. One that
// does not is left alone for a while, longer each time, and asked for its
// liveness before it is used again. A call moves on to another host only where
// sending it again is safe.
func WithHosts(bases ...string) Option {
	return clientOption(func(c *config) error {
		if len(bases) == 0 {
			return errors.New("hosts: none given")
		}
		hosts := make([]string, len(bases))
		for i, base := range bases {
			host, err := checkBaseURL(base)
			if err != nil {
				return fmt.Errorf("host %d: %w", i+1, err)
			}
			hosts[i] = host
		}
		c.hosts = hosts
		return nil
	})
}

const (
	firstPause   = time.Second
	longestPause = time.Minute
	probeTimeout = 3 * time.Second
	probePath    = "/health/liveness.action"
)

// host is one base URL with what is known of it.
type host struct {
	base   string
	raw    *gen.Client
	probes gen.HttpRequestDoer // without the caller's middleware, which is for signed calls

	used     atomic.Int64 // when the last attempt that was answered began, in Unix nanoseconds
	down     atomic.Bool  // failures > 0, to be read without the lock
	mu       sync.Mutex
	failures int       // in a row
	until    time.Time // not used before
	probing  bool
}

// usable tells whether the host has not failed lately. One whose pause is over
// is asked for its liveness, in the background, and usable once it has answered.
func (h *host) usable(now time.Time) bool {
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

// fail notes that the host did not answer.
func (h *host) fail(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Before(h.until) {
		return // of the same failure: calls that were under way together fail together
	}
	pause := longestPause
	if h.failures < 6 { // a second doubled six times is over a minute
		pause = firstPause << h.failures
	}
	h.failures++
	h.until = now.Add(pause)
	h.down.Store(true)
}

// answer notes that the host answered an attempt that began at a time.
func (h *host) answer(began time.Time) {
	h.used.Store(began.UnixNano())
	h.revive()
}

// revive ends the host's pause.
func (h *host) revive() {
	if !h.down.Load() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures, h.until = 0, time.Time{}
	h.down.Store(false)
}

func (h *host) probe() {
	ctx, cancel := context.WithTimeout(context.Background(), probeTimeout)
	defer cancel()
	if h.alive(ctx) {
		h.revive()
	} else {
		h.fail(time.Now())
	}
	h.mu.Lock()
	h.probing = false
	h.mu.Unlock()
}

func (h *host) alive(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.base+probePath, nil)
	if err != nil {
		return false
	}
	response, err := h.probes.Do(req)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

func (h *host) pausedUntil() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.until
}

// pool picks the host of each attempt.
type pool []*host

// pick returns the first usable host, and where there is none the one that may
// be used soonest.
func (p pool) pick() *host {
	if len(p) == 1 {
		return p[0]
	}
	now := time.Now()
	for _, h := range p {
		if h.usable(now) {
			return h
		}
	}
	soonest := p[0]
	for _, h := range p[1:] {
		if h.pausedUntil().Before(soonest.pausedUntil()) {
			soonest = h
		}
	}
	return soonest
}
