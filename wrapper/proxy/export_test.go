package proxy

import (
	"crypto/tls"
	"net/http"
)

// Trust lets a proxy trust the certificate of a test server.
func Trust(p *Proxy, c *tls.Config) {
	p.forward.Transport.(*transport).sender.Transport.(*http.Transport).TLSClientConfig = c
}
