package proxy

import "net/http"

// Service returns the transport of the connections to the service.
func Service(p *Proxy) *http.Transport {
	return p.forward.Transport.(*transport).sender.Transport.(*http.Transport)
}
