package environment

import (
	"net/url"
	"slices"
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

// isVendor reports whether a base URL is one of the vendor's hosts.
func isVendor(base string) bool {
	u, err := url.Parse(base)
	return err == nil && slices.ContainsFunc(slices.Concat(Hosts(China), Hosts(Overseas)), func(host string) bool {
		vendor, err := url.Parse(host)
		return err == nil && vendor.Hostname() == u.Hostname()
	})
}
