package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"
)

const (
	// replyTimeout bounds a call, the start of the driver's run-time included.
	replyTimeout = 60 * time.Second
	maxReply     = 16 << 20
)

// Request is a line to a driver.
type Request struct {
	Operation string `json:"operation"`
	// Form holds the fields with their types: texts, integers, booleans, lists
	// and objects. A value that its field's type cannot hold is a text.
	Form map[string]any `json:"form"`
	// Now is the service's time in Unix seconds, to sign with.
	Now int64 `json:"now"`
}

// Reply is a driver's line. It has a response, a code, a status, or one of the two
// texts.
type Reply struct {
	// Response is a success as the client decoded it.
	Response json.RawMessage `json:"response"`
	// Code and Desc are an API error as the client's own error type has them.
	Code int     `json:"code"`
	Desc *string `json:"desc"`
	// Status is an HTTP status that came without a code, from a gateway.
	Status int `json:"status"`
	// Inexpressible says why the client cannot make this call: its types or its own
	// checks do not allow it. Nothing was sent.
	Inexpressible string `json:"inexpressible"`
	// Error is everything else that went wrong.
	Error string `json:"error"`
}

// Driver is a running client.
type Driver struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     chan []byte // its lines, closed when there are no more
}

// startDriver runs the driver of one of a folder's clients. What it writes to
// stderr is passed on.
func startDriver(ctx context.Context, f *Folder, c *Client, baseURL string) (*Driver, error) {
	p := exec.CommandContext(ctx, f.Driver[0], slices.Concat(f.Driver[1:], c.Arguments)...)
	p.Dir = f.dir
	p.Env = append(os.Environ(), "NIM_BASE_URL="+baseURL, "NIM_APP_KEY="+appKey, "NIM_APP_SECRET="+appSecret)
	p.Stderr = os.Stderr
	in, err := p.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.Start(); err != nil {
		return nil, err
	}
	d := &Driver{process: p, in: in, out: make(chan []byte)}
	go d.read(out)
	return d, nil
}

func (d *Driver) read(out io.Reader) {
	defer close(d.out)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, maxReply)
	for lines.Scan() {
		d.out <- bytes.Clone(lines.Bytes())
	}
}

// Ask sends a line and waits for the reply.
func (d *Driver) Ask(ctx context.Context, r Request) (*Reply, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	if _, err := d.in.Write(append(line, '\n')); err != nil {
		return nil, fmt.Errorf("driver: %w", err)
	}
	timer := time.NewTimer(replyTimeout)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, fmt.Errorf("driver: no line in %s", replyTimeout)
	case line, ok := <-d.out:
		if !ok {
			return nil, errors.New("driver: it ended")
		}
		return readReply(line)
	}
}

func readReply(line []byte) (*Reply, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	reply := &Reply{}
	if err := d.Decode(reply); err != nil {
		return nil, fmt.Errorf("driver: %q: %w", line, err)
	}
	kinds := 0
	for _, is := range []bool{reply.Response != nil, reply.Code != 0, reply.Status != 0, reply.Inexpressible != "", reply.Error != ""} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		return nil, fmt.Errorf("driver: %q: want one of response, code, status, inexpressible and error", line)
	}
	if reply.Error != "" {
		return nil, fmt.Errorf("driver: %s", reply.Error)
	}
	return reply, nil
}

// Close ends the driver: it should end when its input does.
func (d *Driver) Close() error {
	if err := d.in.Close(); err != nil {
		return err
	}
	ended := time.AfterFunc(replyTimeout, func() { _ = d.process.Process.Kill() }) // Wait returns the error
	defer ended.Stop()
	for range d.out { // lines without a request
	}
	return d.process.Wait()
}
