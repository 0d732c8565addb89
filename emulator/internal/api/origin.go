package api

import (
	"net/http"
	"net/url"

	"github.com/nimroom/nimroom/emulator/internal/web"
)

// allowPages lets pages that this machine serves call the API from a browser,
// such as the reference page from a server of static files. Pages of other
// sites stay shut out, though they may know a test server's secret. It reports
// whether the request only asked for this, before the call itself.
func allowPages(w http.ResponseWriter, r *http.Request) (asked bool) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	page, err := url.Parse(origin)
	if err != nil || page.Host == r.Host || !web.IsLoopback(page.Host) {
		return false // not another one of this machine
	}
	header := w.Header()
	header.Add("Vary", "Origin")
	header.Set("Access-Control-Allow-Origin", origin)
	header.Set("Access-Control-Expose-Headers", "Date")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	header.Set("Access-Control-Allow-Methods", http.MethodPost)
	header.Set("Access-Control-Allow-Headers", "AppKey, Nonce, CurTime, CheckSum, Content-Type")
	w.WriteHeader(http.StatusNoContent)
	return true
}
