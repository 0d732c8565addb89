package service

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/nimroom/nimroom/sign"
)

// TestMain makes the test binary run as the load generator if its first argument is "load".
// The load generator is a process of its own, so that it shares only the machine with the
// server.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "load" {
		if err := generate(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// load describes the requests to send. Each connection sends one signed request after the
// other and reads the responses.
type load struct {
	Address     string // host and port
	Path        string
	Form        string // if it contains serial, these digits change with each request
	Connections int
	Duration    time.Duration
	// Watchers more connections ask for the events of the first room and then read nothing.
	Watchers int
	// Beside runs at the same time, and is not measured.
	Beside *load
}

// result holds the measurements of a load.
type result struct {
	PerSecond float64
	P50, P99  time.Duration
}

// serial is the placeholder for the number of a request.
const serial = "000000000000"

// run generates the load in another process.
func (l load) run(b *testing.B) result {
	b.Helper()
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	description, err := json.Marshal(l)
	if err != nil {
		b.Fatal(err)
	}
	command := exec.CommandContext(b.Context(), program, "load", string(description))
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		b.Fatal(err)
	}
	var r result
	if err := json.Unmarshal(out, &r); err != nil {
		b.Fatal(err)
	}
	return r
}

// generate generates the load that the JSON text describes and prints the result.
func generate(description string) error {
	var l load
	if err := json.Unmarshal([]byte(description), &l); err != nil {
		return err
	}
	for range l.Watchers {
		conn, err := l.watch()
		if err != nil {
			return err
		}
		defer conn.Close()
	}
	var group sync.WaitGroup
	times := make([][]time.Duration, l.Connections)
	failures := make([]error, l.Connections+1)
	start := time.Now()
	if beside := l.Beside; beside != nil {
		group.Go(func() { _, failures[l.Connections] = beside.connection(0, start.Add(beside.Duration)) })
	}
	for i := range l.Connections {
		group.Go(func() { times[i], failures[i] = l.connection(i, start.Add(l.Duration)) })
	}
	group.Wait()
	took := time.Since(start)
	if err := errors.Join(failures...); err != nil {
		return err
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	return json.NewEncoder(os.Stdout).Encode(result{
		PerSecond: float64(len(all)) / took.Seconds(),
		P50:       all[len(all)/2],
		P99:       all[len(all)*99/100],
	})
}

// watch opens a stream of events and waits until it begins.
func (l load) watch() (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", l.Address)
	if err != nil {
		return nil, err
	}
	if _, err := fmt.Fprintf(conn, "GET /_emulator/rooms/10010000001/events HTTP/1.1\r\nHost: %s\r\n\r\n", l.Address); err != nil {
		return nil, err
	}
	status := make([]byte, len("HTTP/1.1 200"))
	if _, err := io.ReadFull(conn, status); err != nil {
		return nil, err
	}
	if !bytes.HasSuffix(status, []byte("200")) {
		return nil, fmt.Errorf("events: %s", status)
	}
	return conn, nil
}

// connection sends requests until the given time and returns how long each took.
func (l load) connection(number int, end time.Time) ([]time.Duration, error) {
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", l.Address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	request, err := l.request()
	if err != nil {
		return nil, err
	}
	at := bytes.LastIndex(request, []byte(serial))
	responses := bufio.NewReader(conn)
	var times []time.Duration
	for n := number; ; n += l.Connections {
		if at >= 0 {
			copy(request[at:], fmt.Sprintf("%0*d", len(serial), n))
		}
		start := time.Now()
		if start.After(end) {
			return times, nil
		}
		if _, err := conn.Write(request); err != nil {
			return nil, err
		}
		if err := readResponse(responses); err != nil {
			return nil, err
		}
		times = append(times, time.Since(start))
	}
}

// request returns a signed request as it goes over the wire. Its signature is valid for
// longer than a load lasts.
func (l load) request() ([]byte, error) {
	credentials, err := sign.NewCredentials("app-key", "app-secret")
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+l.Address+l.Path, bytes.NewReader([]byte(l.Form)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
	if err := sign.NewSigner(credentials).Edit(req.Context(), req); err != nil {
		return nil, err
	}
	var wire bytes.Buffer
	err = req.Write(&wire)
	return wire.Bytes(), err
}

// readResponse reads a response and checks that it is a success. It parses only what this
// needs and is far cheaper than net/http, so that the load depends on the server.
func readResponse(r *bufio.Reader) error {
	length, chunked := -1, false
	for first := true; ; first = false {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.Contains(line, []byte(" 200 ")) {
			return fmt.Errorf("response: %s", line)
		}
		if len(line) <= 2 {
			break
		}
		chunked = chunked || bytes.HasPrefix(line, []byte("Transfer-Encoding: chunked"))
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	if chunked {
		body, err := io.ReadAll(httputil.NewChunkedReader(r))
		if err != nil || !bytes.Contains(body, []byte(`"code":200`)) {
			return fmt.Errorf("API error: %w, %s", err, body)
		}
		_, err = r.Discard(len("\r\n")) // after the last chunk
		return err
	}
	if length < 0 {
		return errors.New("a response has no length")
	}
	body, err := r.Peek(min(length, r.Size()))
	if err != nil {
		return err
	}
	if !bytes.Contains(body, []byte(`"code":200`)) {
		return fmt.Errorf("API error: %s", body)
	}
	_, err = io.CopyN(io.Discard, r, int64(length))
	return err
}
