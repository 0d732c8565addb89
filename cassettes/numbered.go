package cassettes

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
)

// An id that the client made up differs from run to run. A cassette has a number in
// its place, made-up-1 for the first call and so on: in the header that carries the
// call's id, and wherever the same id stands in forms and responses. A message that
// is sent without an id gets that of the call.
const numberedPrefix = "made-up-"

var (
	numbered = regexp.MustCompile(`\b` + numberedPrefix + `\d+\b`)
	madeUpID = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

func isNumbered(id string) bool { return numbered.FindString(id) == id && id != "" }

// number replaces the ids that were made up. They are random, so that the same text
// cannot mean something else.
func number(interactions []*cassette.Interaction) {
	known := map[string]bool{}
	var pairs []string
	for _, i := range interactions {
		if id := i.Request.Headers.Get(requestID); madeUpID.MatchString(id) && !known[id] {
			known[id] = true
			pairs = append(pairs, id, numberedPrefix+strconv.Itoa(len(known)))
		}
	}
	r := strings.NewReplacer(pairs...)
	for _, i := range interactions {
		if values := i.Request.Headers.Values(requestID); len(values) > 0 {
			headers := i.Request.Headers.Clone()
			headers.Set(requestID, r.Replace(values[0]))
			i.Request.Headers = headers
		}
		i.Request.Body = r.Replace(i.Request.Body)
		i.Request.Form = formOf(i.Request.Body)
		i.Request.ContentLength = int64(len(i.Request.Body))
		i.Response.Body = r.Replace(i.Response.Body)
		i.Response.ContentLength = int64(len(i.Response.Body))
		if i.Response.Headers == nil {
			i.Response.Headers = http.Header{}
		}
	}
}
