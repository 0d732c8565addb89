package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/output"
	"github.com/nimroom/nimroom/internal/scrub"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// wireFlags show what a command sends and receives.
type wireFlags struct {
	DryRun  bool `help:"Print the signed request and send nothing, also in production. The secret is not in it, but with the CheckSum anybody can make calls for five minutes."`
	Verbose bool `short:"v" help:"Write each request and response to the standard error, with the time that it took. The CheckSum and the values of other secrets are REDACTED."`
}

// errNotSent ends a call whose request was printed.
var errNotSent = message.Errorf("the request was not sent")

// options returns the options of a client that shows its requests.
func (f *wireFlags) options(s streams, credentials sign.Credentials) []wrapper.Option {
	var options []wrapper.Option
	if f.Verbose {
		options = append(options, wrapper.WithMiddleware(observe(s.err, scrub.New(nil, credentials))), wrapper.WithHooks(wrapper.Hooks{
			Attempt: func(_ context.Context, a wrapper.AttemptInfo) {
				line := s.text("attempt %d took %v", a.Number, a.Duration.Round(time.Microsecond))
				if a.Again {
					line = s.text("attempt %d took %v; the next one follows in %v", a.Number, a.Duration.Round(time.Microsecond), a.Wait.Round(time.Millisecond))
				}
				fmt.Fprintln(s.err, "*", line)
			},
		}))
	}
	if f.DryRun {
		// What may be sent again is marked as such the first time, so that the policy allows it and prevents it.
		once := wrapper.RetryPolicy{Attempts: wrapper.DefaultAttempts, Allow: func(*wrapper.Error) bool { return false }}
		options = append(options, wrapper.WithRetry(once), wrapper.WithMiddleware(
			func(r *http.Request, _ func(*http.Request) (*http.Response, error)) (*http.Response, error) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					return nil, err
				}
				fmt.Fprintf(s.out, "%s %s\n", r.Method, r.URL)
				for _, name := range slices.Sorted(maps.Keys(r.Header)) {
					fmt.Fprintf(s.out, "%s: %s\n", name, r.Header.Get(name))
				}
				fmt.Fprintf(s.out, "\n%s\n", body)
				return nil, errNotSent
			}))
	}
	return options
}

// maxShown is how much of a body is shown, in bytes.
const maxShown = 64 << 10

// observe returns a middleware that writes requests and responses without secrets.
func observe(w io.Writer, secrets *scrub.Scrubber) wrapper.Middleware {
	show := func(mark, first string, header http.Header, body []byte, clean func(string) string) {
		lines := []string{secrets.Text(first)}
		for _, name := range slices.Sorted(maps.Keys(header)) {
			for _, value := range header[name] {
				if value = secrets.Text(value); name != http.CanonicalHeaderKey(sign.HeaderAppKey) && scrub.IsSecret(name, value) {
					value = scrub.Redacted
				}
				lines = append(lines, name+": "+value)
			}
		}
		text := clean(string(body[:min(len(body), maxShown)]))
		if len(body) > maxShown {
			text += "..."
		}
		lines = append(append(lines, ""), strings.Split(strings.TrimRight(text, "\n"), "\n")...)
		for _, line := range lines {
			fmt.Fprintln(w, strings.TrimRight(mark+" "+output.VisibleLines(line), " "))
		}
	}
	return func(r *http.Request, next func(*http.Request) (*http.Response, error)) (*http.Response, error) {
		if r.GetBody != nil {
			if sent, err := r.GetBody(); err == nil {
				body, _ := io.ReadAll(sent) // it is in memory
				show(">", r.Method+" "+r.URL.String(), r.Header, body, secrets.Form)
			}
		}
		response, err := next(r)
		if err != nil {
			fmt.Fprintf(w, "< %s\n", output.Visible(secrets.Text(err.Error())))
			return response, err
		}
		body, err := io.ReadAll(io.LimitReader(response.Body, maxShown+1))
		show("<", response.Proto+" "+response.Status, response.Header, body, secrets.Text)
		rest := io.Reader(response.Body)
		if err != nil {
			rest = failing{err}
		}
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), rest), response.Body}
		return response, nil
	}
}

// failing is the rest of a body that broke off.
type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }
