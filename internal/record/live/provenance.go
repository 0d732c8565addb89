package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/record"
	"github.com/nimroom/nimroom/wrapper"
)

// ErrNotLive says that an address or a server is not the service, but something of ours
// or near to us. What it answers proves nothing.
var ErrNotLive = errors.New("not the real service")

// reserved are the ends of names that no public host has.
var reserved = []string{"localhost", "test", "invalid", "example", "local", "localdomain", "internal", "lan", "intranet", "home.arpa"}

// nat is the address space that providers share among customers (RFC 6598).
var nat = netip.MustParsePrefix("100.64.0.0/10")

// checkAddress reports why a base URL is not the one of a live service, by its name and
// by all addresses that the name has.
func checkAddress(ctx context.Context, base string, resolve func(ctx context.Context, host string) ([]netip.Addr, error)) error {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return fmt.Errorf("%s: want an absolute http or https URL, such as %s", wrapper.EnvBaseURL, wrapper.DefaultBaseURL)
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	for _, end := range reserved {
		if host == end || strings.HasSuffix(host, "."+end) {
			return fmt.Errorf("%w: %s=%s: no public host has a name in %s", ErrNotLive, wrapper.EnvBaseURL, base, end)
		}
	}
	addresses := []netip.Addr{}
	if address, err := netip.ParseAddr(host); err == nil {
		addresses = append(addresses, address)
	} else if addresses, err = resolve(ctx, host); err != nil {
		return fmt.Errorf("%s=%s: %w", wrapper.EnvBaseURL, base, err)
	}
	for _, address := range addresses {
		if !public(address) {
			return fmt.Errorf("%w: %s=%s is at %v, which is not a public address", ErrNotLive, wrapper.EnvBaseURL, base, address)
		}
	}
	return nil
}

func resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

func public(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	return address.IsGlobalUnicast() && !address.IsPrivate() && !nat.Contains(address)
}

// network is the transport of a run against a base URL. It connects to public addresses
// only, whatever the name stands for by then. A proxy of the environment may be anywhere.
func network(base string) http.RoundTripper {
	dialer := &net.Dialer{Timeout: 30 * time.Second}
	if u, err := url.Parse(base); err == nil {
		if proxy, err := http.ProxyFromEnvironment(&http.Request{URL: u}); proxy == nil || err != nil {
			dialer.Control = publicOnly
		}
	}
	return &http.Transport{Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, ForceAttemptHTTP2: true}
}

// publicOnly is a dialer's control function.
func publicOnly(_, address string, _ syscall.RawConn) error {
	if to, err := netip.ParseAddrPort(address); err != nil || !public(to.Addr()) {
		return fmt.Errorf("%w: %s is not a public address", ErrNotLive, address)
	}
	return nil
}

// identityPath is a path that no service has. An emulator says that it is one.
const identityPath = "/nimroom/identity.action"

// emulated reports what in a response shows that it is one of our emulator's: its
// headers, or what it says of a path that it does not know.
func emulated(response *http.Response, path string, body []byte) string {
	for name, values := range response.Header {
		for _, value := range values {
			if strings.Contains(value, emulator.ServerName) {
				return name + ": " + value
			}
		}
	}
	if strings.HasSuffix(path, identityPath) && strings.Contains(string(body), "nimroom does not emulate") {
		return string(body)
	}
	return ""
}

// seenIn is what a response shows of who sent it.
func seenIn(request *http.Request, response *http.Response) record.Seen {
	seen := record.Seen{Host: request.URL.Host, Server: response.Header.Get("Server")}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		seen.Date = date.UTC().Format(time.DateOnly)
	}
	return seen
}
