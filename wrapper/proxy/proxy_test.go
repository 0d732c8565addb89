package proxy_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/proxy"
)

const (
	testSecret = "secret-of-a-test"
	testToken  = "token-of-a-test-ok"
	formType   = "application/x-www-form-urlencoded"
)

func testCredentials(t testing.TB) sign.Credentials {
	t.Helper()
	c, err := sign.NewCredentials("app-key", testSecret)
	require.NoError(t, err)
	return c
}

// start serves a proxy in front of a base URL and returns its own.
func start(t testing.TB, c proxy.Config) string {
	t.Helper()
	if c.Credentials.IsZero() {
		c.Credentials = testCredentials(t)
	}
	p, err := proxy.New(c)
	require.NoError(t, err)
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	t.Cleanup(p.CloseIdleConnections)
	return server.URL + proxy.Prefix
}

// behind serves a proxy in front of a handler.
func behind(t testing.TB, service http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	return start(t, proxy.Config{BaseURL: server.URL + "/nimserver"})
}

type reply struct {
	status int
	header http.Header
	body   string
	err    error
}

func send(t testing.TB, method, url, form string, change ...func(*http.Request)) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(form))
	require.NoError(t, err)
	r.Header.Set("Content-Type", formType)
	for _, c := range change {
		c(r)
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, string(body), err}
}

func post(t testing.TB, url, form string, change ...func(*http.Request)) reply {
	t.Helper()
	return send(t, http.MethodPost, url, form, change...)
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestClientsWithoutASignatureCallTheEmulator(t *testing.T) {
	srv := emulator.Start(t)
	base := start(t, proxy.Config{Credentials: srv.Credentials(), BaseURL: srv.URL})

	created := post(t, base+"/chatroom/create.action", "creator=lena&name=show")
	assert.Equal(t, http.StatusOK, created.status)
	assert.Contains(t, created.body, `"creator":"lena"`)
	assert.Empty(t, created.header.Get("Nimroom-Code"))

	missing := post(t, base+"/chatroom/get.action", "roomid=1")
	assert.Equal(t, http.StatusNotFound, missing.status)
	assert.Equal(t, "404", missing.header.Get("Nimroom-Code"))
	assert.Equal(t, "NotFound", missing.header.Get("Nimroom-Code-Name"))
	assert.Equal(t, "Check the room's id, and that the app and its environment are those of the room.", missing.header.Get("Nimroom-Advice"))
	assert.JSONEq(t, `{"code":404,"desc":"`+srv.Requests()[1].Desc+`"}`, missing.body)

	alive := send(t, http.MethodGet, base+"/health/liveness.action", "")
	assert.Equal(t, http.StatusOK, alive.status)
}

func TestStatusComesFromTheCode(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		want   int
		code   string // in the header
	}{
		{"a success", 200, `{"code":200,"chatroom":{}}`, 200, ""},
		{"an error's status", 200, `{"code":414,"desc":"creator is empty"}`, 414, "414"},
		{"the code at the end", 200, `{"desc":{"code":200},"code":599}`, 599, "599"},
		{"the first one of an error", 200, `{"code":400}`, 400, "400"},
		{"no status", 200, `{"code":13002}`, 400, "13002"},
		{"a redirect", 200, `{"code":301}`, 400, "301"},
		{"one too much", 200, `{"code":600}`, 400, "600"},
		{"negative", 200, `{"code":-1}`, 400, "-1"},
		{"a text", 200, `{"code":"404"}`, 404, "404"},
		{"zero", 200, `{"code":0}`, 200, ""},
		{"a byte order mark", 200, "\ufeff{\"code\":403}", 403, "403"},
		{"white space", 200, "\n {\"code\":403}", 403, "403"},
		{"a gateway repeats its status", 503, `{"code":503}`, 503, "503"},
		{"a success of a gateway", 502, `{"code":200}`, 502, ""},
		{"no code", 200, `{"desc":"x"}`, 200, ""},
		{"no code and a status", 429, `{"desc":"x"}`, 429, ""},
		{"nested only", 200, `{"desc":{"code":404}}`, 200, ""},
		{"null", 200, `{"code":null}`, 200, ""},
		{"a list", 200, `[{"code":404}]`, 200, ""},
		{"no JSON", 502, "<html>Bad Gateway</html>", 502, ""},
		{"half of JSON", 200, `{"code":404`, 200, ""},
		{"two documents", 200, `{"code":404}{"code":404}`, 200, ""},
		{"nothing", 504, "", 504, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			base := behind(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.body)
			})
			got := post(t, base+"/chatroom/get.action", "roomid=1")
			assert.Equal(t, tt.want, got.status)
			assert.Equal(t, tt.code, got.header.Get("Nimroom-Code"))
			assert.Equal(t, tt.body, got.body, "the body stays as it is")
		})
	}
}

func TestJSONIsCalledJSON(t *testing.T) {
	for _, kind := range []string{"text/plain", "text/html;charset=utf-8", "application/json;charset=UTF-8"} {
		base := behind(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, "{}")
		})
		got := post(t, base+"/x.action", "")
		assert.Equal(t, kind, got.header.Get("Content-Type"), "what is no response of the service keeps its type")

		base = behind(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = io.WriteString(w, `{"code":200}`)
		})
		assert.Contains(t, post(t, base+"/x.action", "").header.Get("Content-Type"), "application/json")
	}
}

func TestRateLimitSaysHowLongToWait(t *testing.T) {
	base := behind(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "patient.action") {
			w.Header().Set("Retry-After", "77")
		}
		if strings.HasSuffix(r.URL.Path, "timeout.action") {
			w.WriteHeader(http.StatusRequestTimeout)
			return
		}
		_, _ = io.WriteString(w, `{"code":416}`)
	})
	for path, want := range map[string]string{
		"/chatroom/create.action": "10", "/chatroom/broadcast.action": "60", "/team/create.action": "10", "/patient.action": "77",
		"/timeout.action": "1", // OkHttp sends a request with status 408 again at once otherwise
	} {
		assert.Equal(t, want, post(t, base+path, "").header.Get("Retry-After"), path)
	}
}

func TestFollowsTheClockOfTheService(t *testing.T) {
	srv := emulator.Start(t, emulator.WithCurTime(emulator.EmulatorCurTime))
	require.NoError(t, srv.Advance(24*time.Hour))
	base := start(t, proxy.Config{Credentials: srv.Credentials(), BaseURL: srv.URL})
	for range 2 {
		assert.Equal(t, http.StatusOK, post(t, base+"/chatroom/create.action", "creator=lena&name=show").status)
	}
	var signatures []string
	for _, r := range srv.Requests() {
		signatures = append(signatures, r.Signature)
	}
	assert.Equal(t, []string{"CurTime is expired", "ok", "ok"}, signatures)
}

func TestAnExpiredTimeIsCorrectedOnce(t *testing.T) {
	for _, date := range []string{"Mon, 02 Jan 2040 15:04:05 GMT", "yesterday", ""} {
		var calls atomic.Int32
		base := behind(t, func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			w.Header()["Date"] = []string{date}
			_, _ = io.WriteString(w, `{"code":414,"desc":"CurTime is expired"}`)
		})
		got := post(t, base+"/chatroom/create.action", "creator=lena")
		assert.Equal(t, 414, got.status)
		assert.LessOrEqual(t, calls.Load(), int32(2), date)
	}
}

func TestNothingThatMayHaveHappenedIsSentAgain(t *testing.T) {
	for name, fail := range map[string]func(w http.ResponseWriter, n int32){
		"closed without a response": func(w http.ResponseWriter, n int32) {
			if n > 1 {
				c, _, _ := http.NewResponseController(w).Hijack()
				_ = c.Close()
			}
		},
		"a status that HTTP does not have": func(w http.ResponseWriter, n int32) {
			if n > 1 {
				c, _, _ := http.NewResponseController(w).Hijack()
				_, _ = io.WriteString(c, "HTTP/1.1 099 Odd\r\nContent-Length: 12\r\n\r\n{\"code\":200}")
				_ = c.Close()
			}
		},
		"broken off": func(w http.ResponseWriter, n int32) {
			if n > 1 {
				w.Header().Set("Content-Length", "100")
				_, _ = io.WriteString(w, `{"code":200,"chatroom":{"roomid":`)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			base := behind(t, func(w http.ResponseWriter, _ *http.Request) { fail(w, calls.Add(1)) })
			require.Equal(t, http.StatusOK, post(t, base+"/chatroom/create.action", "creator=lena").status) // leaves an idle connection
			got := post(t, base+"/chatroom/create.action", "creator=lena", header("Idempotency-Key", "k"))
			assert.Equal(t, http.StatusBadGateway, got.status)
			assert.Contains(t, got.body, `"code":502`)
			assert.Contains(t, got.body, "whether the service carried out the request is unknown")
			assert.Equal(t, int32(2), calls.Load())
		})
	}
}

func TestAServiceOutOfReachSaysThatNothingWasSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	base := start(t, proxy.Config{BaseURL: "http://" + l.Addr().String() + "/nimserver"})
	got := post(t, base+"/chatroom/create.action?password=hidden", "creator=lena")
	assert.Equal(t, http.StatusBadGateway, got.status)
	assert.Contains(t, got.body, "did not get the request")
	assert.Contains(t, got.body, "nimroom proxy: ")
	assert.NotContains(t, got.body, "hidden")
}

func TestASlowServiceIsNotWaitedForWithoutEnd(t *testing.T) {
	service := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(service.Close)
	base := start(t, proxy.Config{BaseURL: service.URL, Timeout: 20 * time.Millisecond})
	got := post(t, base+"/chatroom/create.action", "creator=lena")
	assert.Equal(t, http.StatusGatewayTimeout, got.status)
	assert.Contains(t, got.body, "did not respond within 20ms")
	assert.Contains(t, got.body, "unknown")
}

func TestHeadersOfTheClient(t *testing.T) {
	seen := make(chan *http.Request, 1)
	base := behind(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		seen <- r
	})
	post(t, base+"/chatroom/create.action?env=a%20b", "creator=lena&name=%E7%A7%80", func(r *http.Request) {
		for name, value := range map[string]string{
			"Authorization": "Bearer " + testToken, "Cookie": "a=b", "Proxy-Authorization": "Basic YTpi", "Upgrade": "websocket",
			"Connection": "X-Private, Upgrade", "X-Private": "1", "Te": "trailers", "Keep-Alive": "1", "Accept-Encoding": "br", "Expect": "100-continue",
			"appkey": "other", "NONCE": "n", "CurTime": "1", "Checksum": "c", "RequestId": "r1", "X-Custom": "kept", "User-Agent": "test/1",
		} {
			r.Header.Set(name, value)
		}
	})
	r := <-seen
	for _, name := range []string{"Authorization", "Cookie", "Proxy-Authorization", "Upgrade", "Connection", "X-Private", "Te", "Keep-Alive", "Expect", "X-Forwarded-For"} {
		assert.Empty(t, r.Header.Values(name), name)
	}
	assert.NotEqual(t, "br", r.Header.Get("Accept-Encoding"))
	require.NoError(t, sign.Verify(r.Header, time.Now(), testCredentials(t)))
	for _, name := range []string{"AppKey", "Nonce", "CurTime", "CheckSum"} {
		assert.Len(t, r.Header.Values(name), 1, name)
	}
	assert.Equal(t, "r1", r.Header.Get("RequestId"))
	assert.Equal(t, "kept", r.Header.Get("X-Custom"))
	assert.Equal(t, "test/1", r.Header.Get("User-Agent"))
	assert.Equal(t, formType, r.Header.Get("Content-Type"))
	assert.Equal(t, "/nimserver/chatroom/create.action", r.URL.Path)
	assert.Equal(t, "env=a%20b", r.URL.RawQuery)
	body, _ := io.ReadAll(r.Body)
	assert.Equal(t, "creator=lena&name=%E7%A7%80", string(body))
}

func TestEachRequestIsSignedAnew(t *testing.T) {
	var mu sync.Mutex
	nonces := map[string]bool{}
	base := behind(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		nonces[r.Header.Get("Nonce")] = true
	})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { post(t, base+"/chatroom/get.action", "roomid=1") })
	}
	all.Wait()
	assert.Len(t, nonces, 20)
}

func TestConnectionsAreUsedAgain(t *testing.T) {
	var opened atomic.Int32
	service := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":404}`) }))
	service.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	service.Start()
	t.Cleanup(service.Close)
	base := start(t, proxy.Config{BaseURL: service.URL})
	for range 20 {
		post(t, base+"/chatroom/get.action", "roomid=1")
	}
	assert.Equal(t, int32(1), opened.Load())
}

// TestConnectionsAreClosedBeforeTheServiceClosesThem looks at the setting, because a test that waits would be slow.
func TestConnectionsAreClosedBeforeTheServiceClosesThem(t *testing.T) {
	p, err := proxy.New(proxy.Config{Credentials: testCredentials(t), BaseURL: "http://127.0.0.1:1"})
	require.NoError(t, err)
	assert.LessOrEqual(t, proxy.Service(p).IdleConnTimeout, time.Second)
}

func TestRequestsThatAreNotSent(t *testing.T) {
	var calls atomic.Int32
	service := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	t.Cleanup(service.Close)
	open, closed := start(t, proxy.Config{BaseURL: service.URL}), start(t, proxy.Config{BaseURL: service.URL, Token: testToken})
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	bearer := header("Authorization", "Bearer "+testToken)
	tests := []struct {
		name, url string
		change    []func(*http.Request)
		status    int // 200: it is sent
		says      string
	}{
		{"plain", open + "/a.action", nil, 200, ""},
		{"localhost", open + "/a.action", []func(*http.Request){host("localhost:80")}, 200, ""},
		{"a name that points here", open + "/a.action", []func(*http.Request){host("rebound.example")}, 403, "Host: rebound.example"},
		{"a page of another site", open + "/a.action", []func(*http.Request){header("Origin", "https://evil.example")}, 403, "Origin: https://evil.example"},
		{"a page of this machine", open + "/a.action", []func(*http.Request){header("Origin", "http://localhost:3000")}, 403, "pages"},
		{"a link", open + "/a.action", []func(*http.Request){header("Sec-Fetch-Site", "none")}, 403, "pages"},
		{"no token", closed + "/a.action", nil, 401, "want the proxy token"},
		{"a wrong token", closed + "/a.action", []func(*http.Request){header("Authorization", "Bearer "+testToken+"x")}, 401, "Authorization: Bearer TOKEN"},
		{"the app's secret", closed + "/a.action", []func(*http.Request){header("Authorization", "Bearer "+testSecret)}, 401, "token"},
		{"the token", closed + "/a.action", []func(*http.Request){bearer}, 200, ""},
		{"the token, by any name", closed + "/a.action", []func(*http.Request){bearer, host("proxy:8600")}, 200, ""},
		{"the token, from a page", closed + "/a.action", []func(*http.Request){bearer, header("Origin", "http://localhost")}, 403, "pages"},
		{"another path", strings.TrimSuffix(open, proxy.Prefix) + "/other", nil, 404, "paths begin with /nimserver/"},
		{"no path", open, nil, 404, "paths begin"},
		{"a longer prefix", open + "x/a.action", nil, 404, "paths begin"},
		{"up", open + "/../a.action", nil, 404, "path"},
		{"up, escaped", open + "/%2e%2e/a.action", nil, 404, "path"},
		{"a slash, escaped", open + "/a%2fb.action", nil, 404, "path"},
		{"twice a slash", open + "//evil.example/a.action", nil, 404, "path"},
		{"a large body", open + "/a.action", []func(*http.Request){func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat("a", proxy.MaxRequestSize+1))), -1
		}}, 413, "over 1048576 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := calls.Load()
			got := post(t, tt.url, "a=b", tt.change...)
			assert.Equal(t, tt.status, got.status)
			assert.Equal(t, tt.status == 200, calls.Load() > before)
			assert.Equal(t, tt.status == 401, got.header.Get("WWW-Authenticate") == "Bearer")
			if tt.status != 200 {
				assert.Contains(t, got.body, `{"code":`+strconv.Itoa(tt.status))
				assert.Contains(t, got.body, "nimroom proxy: ")
				assert.Contains(t, got.body, tt.says)
			}
		})
	}
}

func TestResponsesAreBounded(t *testing.T) {
	huge := func(first string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, first)
			for block := bytes.Repeat([]byte(" "), 1<<20); ; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}
	}
	got := post(t, behind(t, huge("{"))+"/a.action", "")
	assert.Equal(t, http.StatusBadGateway, got.status)
	assert.Contains(t, got.body, "larger than 16777216 bytes")
	got = post(t, behind(t, huge("<"))+"/a.action", "")
	assert.Error(t, got.err, "the response is cut off")
	assert.LessOrEqual(t, len(got.body), 16<<20)
}

func TestACompleteDocumentCountsWhateverItsLength(t *testing.T) {
	base := behind(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"code":403}`)
	})
	got := post(t, base+"/a.action", "")
	assert.Equal(t, http.StatusForbidden, got.status)
	require.NoError(t, got.err)
	assert.Equal(t, `{"code":403}`, got.body)
}

func TestCompressedResponsesAreRead(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, `{"code":403}`)
	require.NoError(t, z.Close())
	for _, encoding := range []string{"gzip", ""} {
		base := behind(t, func(w http.ResponseWriter, _ *http.Request) {
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
			}
			_, _ = w.Write(packed.Bytes())
		})
		got := post(t, base+"/a.action", "")
		assert.Equal(t, http.StatusForbidden, got.status)
		assert.Equal(t, `{"code":403}`, got.body)
	}
}

func TestWhatIsNoJSONStreams(t *testing.T) {
	taken := make(chan struct{})
	base := behind(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "one\n")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-taken:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, "two\n")
	})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/stream.action", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	first := make([]byte, 4)
	_, err = io.ReadFull(response.Body, first)
	require.NoError(t, err)
	close(taken)
	rest, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	assert.Equal(t, "one\ntwo\n", string(first)+string(rest))
}

func TestCallsAServiceOverTLS(t *testing.T) {
	service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":404}`) }))
	t.Cleanup(service.Close)
	p, err := proxy.New(proxy.Config{Credentials: testCredentials(t), BaseURL: service.URL})
	require.NoError(t, err)
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	assert.Equal(t, http.StatusBadGateway, post(t, server.URL+"/nimserver/a.action", "").status, "the certificate is not known")
	proxy.Service(p).TLSClientConfig = &tls.Config{RootCAs: service.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com", MinVersion: tls.VersionTLS12}
	assert.Equal(t, http.StatusNotFound, post(t, server.URL+"/nimserver/a.action", "").status)
}

func TestLogHasALineForEachRequestAndNoSecret(t *testing.T) {
	var lines bytes.Buffer
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"code":13002}`) }))
	t.Cleanup(service.Close)
	p, err := proxy.New(proxy.Config{
		Credentials: testCredentials(t), BaseURL: service.URL, Token: testToken, Log: slog.New(slog.NewTextHandler(&lines, nil)),
	})
	require.NoError(t, err)
	for _, token := range []string{testToken, "wrong-token-of-a-test"} {
		r := httptest.NewRequest(http.MethodPost, "/nimserver/chatroom/get.action?password=hidden", strings.NewReader("ext=private"))
		r.Header.Set("Authorization", "Bearer "+token)
		p.ServeHTTP(httptest.NewRecorder(), r)
	}
	got := strings.Split(strings.TrimSpace(lines.String()), "\n")
	require.Len(t, got, 2)
	assert.Regexp(t, `^time=\S+ level=INFO msg=request method=POST path=/nimserver/chatroom/get.action status=400 duration=\S+ code=13002 name=RoomClosed$`, got[0])
	assert.Regexp(t, `status=401 .*error="want the proxy token`, got[1])
	for _, secret := range []string{testSecret, testToken, "wrong-token", "hidden", "private"} {
		assert.NotContains(t, lines.String(), secret)
	}
}

func TestServeEndsGracefully(t *testing.T) {
	arrived, finish := make(chan struct{}), make(chan struct{})
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-finish
		_, _ = io.WriteString(w, `{"code":417}`)
	}))
	t.Cleanup(service.Close)
	p, err := proxy.New(proxy.Config{Credentials: testCredentials(t), BaseURL: service.URL})
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, end := context.WithCancel(t.Context())
	served, status := make(chan error, 1), make(chan int, 1)
	go func() { served <- p.Serve(ctx, l) }()
	go func() {
		response, err := http.Get("http://" + l.Addr().String() + "/nimserver/a.action")
		if assert.NoError(t, err) {
			status <- response.StatusCode
			response.Body.Close()
		}
		close(status)
	}()
	<-arrived
	end()
	close(finish)
	assert.Equal(t, 417, <-status)
	assert.NoError(t, <-served)
}

func TestServeKeepsOffTheNetworkWithoutAToken(t *testing.T) {
	for token, says := range map[string]string{"": "needs a token", testToken: ""} {
		p, err := proxy.New(proxy.Config{Credentials: testCredentials(t), BaseURL: "http://127.0.0.1:1", Token: token})
		require.NoError(t, err)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		ctx, end := context.WithCancel(t.Context())
		end()
		err = p.Serve(ctx, elsewhere{l})
		if says == "" {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, says)
		}
		_, err = l.Accept()
		assert.ErrorIs(t, err, net.ErrClosed)
	}
}

// elsewhere is a listener with an address of a network.
type elsewhere struct{ net.Listener }

func (elsewhere) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }

func TestConfigurationsThatMakeNoSense(t *testing.T) {
	good := proxy.Config{Credentials: testCredentials(t), BaseURL: "http://127.0.0.1:1"}
	for says, change := range map[string]func(*proxy.Config){
		"none given":           func(c *proxy.Config) { c.Credentials = sign.Credentials{} },
		"must begin with http": func(c *proxy.Config) { c.BaseURL = "" },
		"must not hold a user": func(c *proxy.Config) { c.BaseURL = "http://a:b@host" },
		"timeout -1ns":         func(c *proxy.Config) { c.Timeout = -1 },
		"the proxy token has 15 characters, want at least 16": func(c *proxy.Config) { c.Token = "fifteen-letters" },
		"not visible ASCII": func(c *proxy.Config) { c.Token = "sixteen letters ok" },
	} {
		c := good
		change(&c)
		p, err := proxy.New(c)
		assert.Nil(t, p)
		assert.ErrorContains(t, err, says)
	}
}
