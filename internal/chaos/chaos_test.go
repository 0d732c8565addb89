package chaos

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/long"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

var seed = flag.Uint64("seed", 1, "of a run; the same seed gives the same run")

// chaos runs in a bubble, where time stands still while anything is being done.
func chaos(t *testing.T, seed uint64, calls int, options ...wrapper.Option) *Report {
	t.Helper()
	var report *Report
	synctest.Test(t, func(t *testing.T) {
		var err error
		report, err = Run(t.Context(), emulator.Start(t, emulator.WithoutPort()), seed, calls, options...)
		require.NoError(t, err)
	})
	return report
}

// TestNobodyIsToldWrong, whatever happens on the way: nothing happens twice, nothing that
// succeeded is missing, and nothing that failed for certain happened.
func TestNobodyIsToldWrong(t *testing.T) {
	report := chaos(t, *seed, long.Rounds(t, 5_000, 100_000))
	t.Log(report)
	assert.Empty(t, report.Duplicates)
	assert.Empty(t, report.Lost)
	assert.Empty(t, report.Wrong)
	failed := 0
	for _, o := range gen.Operations {
		endings := report.Endings[o.ID]
		assert.Positive(t, endings["succeeded"], "%s never succeeded", o.ID)
		failed += endings["failed"]
		if o.Idempotency != gen.Safe {
			assert.Positive(t, endings["unknown"], "the outcome of %s was never unknown", o.ID)
		}
	}
	assert.Positive(t, failed, "no call failed for certain")
	for _, f := range fates {
		assert.Positive(t, report.Fates[f.name], "%s: no request met it", f.name)
	}
}

// TestTheSameSeedGivesTheSameFates: how an attempt ends may still depend on which of two
// goroutines comes first.
func TestTheSameSeedGivesTheSameFates(t *testing.T) {
	first, again, other := chaos(t, 7, 300), chaos(t, 7, 300), chaos(t, 8, 300)
	assert.Equal(t, first.Fates, again.Fates)
	assert.NotEqual(t, first.Fates, other.Fates)
}

// TestAFaultInTheClientIsFound: each way in which a client could be wrong is counted as
// what it is. A middleware makes the client wrong.
func TestAFaultInTheClientIsFound(t *testing.T) {
	says := func(r *http.Request, code int) *http.Response {
		return respond(r, http.StatusOK, http.Header{}, strings.NewReader(fmt.Sprintf(`{"code":%d}`, code)))
	}
	type next = func(*http.Request) (*http.Response, error)
	for name, wrong := range map[string]struct {
		do    func(r *http.Request, next next) (*http.Response, error)
		found func(*Report) []string
	}{
		"503 of a gateway means that nothing was done": {func(r *http.Request, next next) (*http.Response, error) {
			response, err := next(r)
			if err == nil && response.StatusCode == http.StatusServiceUnavailable {
				return says(r, 503), nil
			}
			return response, err
		}, func(r *Report) []string { return r.Duplicates }},
		"any status is a refusal": {func(r *http.Request, next next) (*http.Response, error) {
			response, err := next(r)
			if err == nil && response.StatusCode != http.StatusOK {
				return says(r, 403), nil
			}
			return response, err
		}, func(r *Report) []string { return r.Wrong }},
		"a lost response is a success": {func(r *http.Request, next next) (*http.Response, error) {
			response, err := next(r)
			if err != nil {
				return says(r, 200), nil //nolint:nilerr // that is the fault
			}
			return response, err
		}, func(r *Report) []string { return r.Lost }},
		"a layer below repeats by itself": {func(r *http.Request, next next) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			again := r.Clone(r.Context())
			again.Header.Set("Nonce", "again")
			again.Header.Set("CheckSum", sign.CheckSum(emulator.DefaultAppSecret, "again", r.Header.Get("CurTime")))
			r.Body, again.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
			response, err := next(r)
			if err != nil && r.Context().Err() == nil {
				return next(again)
			}
			return response, err
		}, func(r *Report) []string { return r.Duplicates }},
		"messages are not marked": {func(r *http.Request, next next) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			plain := strings.NewReader(strings.Replace(string(body), "resendFlag=1", "resendFlag=0", 1))
			r.Body, r.ContentLength = io.NopCloser(plain), plain.Size()
			return next(r)
		}, func(r *Report) []string { return r.Duplicates }},
	} {
		t.Run(name, func(t *testing.T) {
			const soon = 20 // runs
			for seed := range uint64(soon) {
				if len(wrong.found(chaos(t, seed, 500, wrapper.WithMiddleware(wrong.do)))) > 0 {
					return
				}
			}
			t.Error("not found")
		})
	}
}
