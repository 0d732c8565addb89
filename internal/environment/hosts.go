package environment

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// The regions of the service.
const (
	China    = "china"
	Overseas = "overseas"
)

// Hosts returns the vendor's base URLs in a region: the documented host, the newer one, and
// the backup of the newer one.
func Hosts(region string) []string {
	if region == Overseas {
		return []string{
			"https://api-sg.netease.im/nimserver",
			"https://api-sg.yunxinapi.com/nimserver",
			"https://api-sg-bak.yunxinapi.com/nimserver",
		}
	}
	return []string{
		"https://api.netease.im/nimserver",
		"https://api.yunxinapi.com/nimserver",
		"https://api-cn-bak.yunxinapi.com/nimserver",
	}
}

// isVendor reports whether a base URL is at one of the vendor's hosts.
func isVendor(base string) bool {
	name, _, _ := strings.Cut(host(base), ":")
	return slices.ContainsFunc(slices.Concat(Hosts(China), Hosts(Overseas)), func(vendor string) bool { return host(vendor) == name })
}

// host returns the name and the port of the host of a base URL in one spelling: in lower case, without the port
// that the scheme has by default, and with one name for this machine.
func host(base string) string {
	u, err := url.Parse(strings.TrimSpace(base))
	if err != nil || u.Host == "" {
		return base
	}
	name, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	if ip, err := netip.ParseAddr(name); err == nil {
		if name = strings.ReplaceAll(ip.Unmap().String(), ":", "."); ip.Unmap().IsLoopback() {
			name = "localhost"
		}
	}
	if port == "" || port == map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		return name
	}
	return name + ":" + port
}
