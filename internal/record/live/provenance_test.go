package live

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAddressesThatAreNotPublicAreRefused, by name and by what a name stands for.
func TestAddressesThatAreNotPublicAreRefused(t *testing.T) {
	resolved := map[string]string{"api.netease.im": "59.111.1.1", "gate.example.com": "10.1.2.3", "rebound.example.com": "8.8.8.8,127.0.0.1", "six.example.com": "fd00::1"}
	resolve := func(_ context.Context, host string) ([]netip.Addr, error) {
		var list []netip.Addr
		for _, text := range strings.FieldsFunc(resolved[host], func(r rune) bool { return r == ',' }) {
			list = append(list, netip.MustParseAddr(text))
		}
		if len(list) == 0 {
			return nil, errors.New("no such host")
		}
		return list, nil
	}
	for _, base := range []string{
		"http://127.0.0.1:8500/nimserver", "http://127.9.9.9", "http://[::1]:8500", "http://[::ffff:127.0.0.1]", "http://0.0.0.0:1", "http://[::]", "http://localhost:1",
		"http://LOCALHOST.", "http://a.localhost", "http://emulator.test/nimserver", "http://10.0.0.1", "http://172.16.0.9", "http://192.168.1.1", "http://169.254.169.254",
		"http://[fe80::1]", "http://[fe80::1%25eth0]", "http://[fd00::1]", "http://100.64.0.1", "http://service.invalid", "http://printer.local", "http://gate.internal",
		"https://gate.example.com/nimserver", "https://rebound.example.com", "https://six.example.com", "http://224.0.0.1",
	} {
		assert.ErrorIs(t, checkAddress(t.Context(), base, resolve), ErrNotLive, base)
	}
	for _, base := range []string{"https://nowhere.example.com", "ftp://api.netease.im", "api.netease.im", ":", "http://"} {
		err := checkAddress(t.Context(), base, resolve)
		require.Error(t, err, base)
		assert.Contains(t, err.Error(), "NIM_BASE_URL")
	}
	assert.NoError(t, checkAddress(t.Context(), "https://api.netease.im/nimserver", resolve))
	assert.NoError(t, checkAddress(t.Context(), "https://59.111.1.1/nimserver", resolve))
}

// TestTheNetworkOfARunReachesPublicAddressesOnly, whatever a name stands for by then.
func TestTheNetworkOfARunReachesPublicAddressesOnly(t *testing.T) {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:1/", nil)
	require.NoError(t, err)
	_, err = network("https://api.netease.im/nimserver").RoundTrip(request)
	assert.ErrorIs(t, err, ErrNotLive)
}

// TestAServerThatShowsItselfInTheMidstEndsTheRun, and the scenario is not recorded.
func TestAServerThatShowsItselfInTheMidstEndsTheRun(t *testing.T) {
	srv := service(t)
	c, _ := configure(t, srv)
	requests := 0
	next := c.Transport
	c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		response, err := next.RoundTrip(r)
		if requests++; err == nil && requests == 40 {
			response.Header.Set("X-Upstream", "nimroom-emulator/devel")
		}
		return response, err
	})
	report, err := Run(t.Context(), c)
	require.ErrorIs(t, err, ErrNotLive)
	require.NotNil(t, report)
	assert.NotEmpty(t, report.Played)
	assert.Len(t, report.Failed, 1)
	assert.Less(t, requests, 80, "no further scenario was played")
	allClosed(t, srv)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
