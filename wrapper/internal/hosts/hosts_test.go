package hosts_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/nimroom/nimroom/wrapper/internal/hosts"
)

// prober counts the probes of each host, and lets none of the dead ones respond.
type prober struct {
	dead   map[string]bool
	probes map[string]int
}

func (p *prober) Do(r *http.Request) (*http.Response, error) {
	p.probes[r.URL.String()]++
	if p.dead[r.URL.Host] {
		return nil, errors.New("dead")
	}
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

func newPool(bases ...string) (*hosts.Pool, *prober) {
	p := &prober{dead: map[string]bool{}, probes: map[string]int{}}
	return hosts.NewPool(bases, nil, p), p
}

func TestPickTakesTheFirstThatResponds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool, prober := newPool("http://a", "http://b/x")
		a := pool.Pick()
		assert.Equal(t, "http://a", a.Base)
		assert.Equal(t, "http://a/", a.Client.Server)
		a.Failed(time.Now())
		assert.Equal(t, "http://b/x", pool.Pick().Base)

		time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
		assert.Equal(t, "http://b/x", pool.Pick().Base, "the pause is over, but the probe is not")
		synctest.Wait()
		assert.Equal(t, map[string]int{"http://a/health/liveness.action": 1}, prober.probes)
		assert.Equal(t, "http://a", pool.Pick().Base)
	})
}

// panicking is a prober of a caller.
type panicking struct{ probes int }

func (p *panicking) Do(*http.Request) (*http.Response, error) {
	p.probes++
	panic("in a probe")
}

// A probe runs in the background, where nobody can recover from a panic of the caller's code.
func TestAPanicInAProbeIsAFailedProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		prober := new(panicking)
		pool := hosts.NewPool([]string{"http://a", "http://b"}, nil, prober)
		pool.Pick().Failed(time.Now())
		for range 4 {
			time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
			assert.Equal(t, "http://b", pool.Pick().Base)
			synctest.Wait()
		}
		assert.Equal(t, 2, prober.probes)
	})
}

func TestAllPausedTakesTheSoonest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool, _ := newPool("http://a", "http://b")
		a := pool.Pick()
		a.Failed(time.Now().Add(time.Millisecond))
		pool.Pick().Failed(time.Now())
		assert.Equal(t, "http://b", pool.Pick().Base)
		a.Responded(time.Now())
		assert.Equal(t, "http://a", pool.Pick().Base, "a response ends the pause")
	})
}

func TestPausesGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pool, prober := newPool("http://a", "http://b")
		prober.dead["a"] = true
		a := pool.Pick()
		a.Failed(time.Now())
		a.Failed(time.Now()) // calls that were under way together
		var at []int
		start, last := time.Now(), 0
		for time.Since(start) < 200*time.Second {
			pool.Pick()
			synctest.Wait()
			if n := prober.probes["http://a/health/liveness.action"]; n > last {
				at, last = append(at, int(time.Since(start).Seconds())), n
			}
			time.Sleep(time.Second) //nolint:forbidigo // the bubble's time
		}
		assert.Equal(t, []int{1, 3, 7, 15, 31, 63, 123, 183}, at)
	})
}

func TestPin(t *testing.T) {
	pool, _ := newPool("http://a", "http://b")
	assert.Same(t, pool.Pick(), pool.Pin("http://a"))
	other := pool.Pin("http://c")
	assert.Equal(t, "http://c", other.Base)
	assert.Same(t, other, pool.Pin("http://c"))
}

func TestIdleFor(t *testing.T) {
	pool, _ := newPool("http://a")
	h, now := pool.Pick(), time.Now()
	assert.Zero(t, h.IdleFor(now), "it was never used")
	h.Responded(now.Add(-time.Minute))
	assert.Equal(t, time.Minute, h.IdleFor(now))
}
