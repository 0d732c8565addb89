package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/output"
	"github.com/nimroom/nimroom/internal/scrub"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper"
)

// wireFlags show what a command sends and receives.
type wireFlags struct {
	DryRun  bool `help:"Print the signed request and send nothing, also in production. With --output, --columns or --jq it is an object: method, url, headers, form and curl. The app's secret is not in it and the values of other secrets are REDACTED, but with the CheckSum anybody can make calls for five minutes."`
	Verbose bool `short:"v" help:"Write each request and response to the standard error, with the time that it took and the times that are in its form. The CheckSum and the values of other secrets are REDACTED."`
}

// errNotSent ends a call whose request was printed.
var errNotSent = message.Errorf("the request was not sent")

// options returns the options of a client that shows its requests. A printer prints the request of a dry run;
// without one it is text.
func (f *wireFlags) options(s streams, credentials sign.Credentials, p *output.Printer) []wrapper.Option {
	var options []wrapper.Option
	if f.Verbose && !f.DryRun {
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
				if err == nil {
					err = showRequest(s, r, string(body), scrub.New(nil, credentials).Form(string(body)), p)
				}
				return nil, cmp.Or(err, errNotSent)
			}))
	}
	return options
}

// shownRequest is one that is shown and not sent.
type shownRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Form    map[string]string `json:"form"`
	Curl    string            `json:"curl"`
}

// requestSchema is the schema of a request that is shown.
var requestSchema = schemaOf[shownRequest]()

// showRequest prints a request with a body without secrets, and says so if the body that would be sent is
// another one.
func showRequest(s streams, r *http.Request, sent, body string, p *output.Printer) error {
	if body != sent {
		s.say("Secrets are %s here. The request that is sent has them.", scrub.Redacted)
	}
	about := shownRequest{Method: r.Method, URL: r.URL.String(), Headers: map[string]string{}, Form: map[string]string{}}
	lines := []string{about.Method + " " + about.URL}
	curl := []string{"curl", about.URL}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		about.Headers[name] = r.Header.Get(name)
		header := name + ": " + about.Headers[name]
		lines = append(lines, header)
		curl = append(curl, "-H", described.Quote(header))
	}
	if p == nil {
		_, err := fmt.Fprintf(s.out, "%s\n\n%s\n", strings.Join(lines, "\n"), body)
		return err
	}
	about.Curl = strings.Join(append(curl, "--data-raw", described.Quote(body)), " ")
	form, err := url.ParseQuery(body)
	for name := range form {
		about.Form[name] = form.Get(name)
	}
	var object bytes.Buffer
	e := json.NewEncoder(&object)
	e.SetEscapeHTML(false)
	if err = cmp.Or(err, e.Encode(about)); err == nil {
		err = p.Print(r.Context(), bytes.TrimSpace(object.Bytes()), requestSchema, ".")
	}
	if err != nil && !errors.As(err, new(outputError)) {
		err = outputError{err}
	}
	return err
}

// showUnits writes which times and durations a call has, as people read them, under the names of the flags.
func (f *wireFlags) showUnits(s streams, r apiCall) {
	if !f.DryRun && !f.Verbose {
		return
	}
	d := described.In("en")
	schemas := d.Fields(d.Operation(r.operation))
	for _, field := range r.operation.Fields {
		schema, text, name := schemas[field.Name], r.form.Get(field.Name), field.Name
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n == 0 || schema.Time == "" && schema.Duration == "" {
			continue
		}
		if r.method != nil && r.method.Find(name) != nil {
			name = "--" + r.method.Find(name).Name
		}
		fmt.Fprintln(s.err, "*", s.text("%s is %s (%d)", name, readable(schema, text), n))
	}
}

// readable returns a value on the wire as people read it.
func readable(s *described.Schema, text string) string {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || n == 0:
	case s.Time == "seconds":
		return wire.FromUnix(n).Local().Format(time.RFC3339Nano)
	case s.Time == "milliseconds":
		return wire.FromMillis(n).Local().Format(time.RFC3339Nano)
	case s.Time == "any":
		return wire.FromTimestamp(n).Local().Format(time.RFC3339Nano)
	}
	return command.Written(s, text)
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
