package rules

import (
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// The words by which a description says what an integer is. x-id, x-time and x-duration
// must say the same.
var (
	roomID   = regexp.MustCompile(`^Id of (a|the) room\b`)
	moment   = regexp.MustCompile(`\bin (milliseconds|seconds|seconds or milliseconds) since 1970-01-01 UTC`)
	duration = regexp.MustCompile(`\bin (seconds|milliseconds|minutes|hours)\b`)
	anyTime  = regexp.MustCompile(`(?i)\b(milli)?seconds?\b|\bminutes?\b|1970`)
)

// units checks that integers that are ids, times or lengths of time, and no others, are
// marked as such, in the unit that their description names.
func (c *checker) units(at string, s *openapi3.Schema) {
	integer := s.Type.Is("integer") || s.Type.Is("string") && (s.Format == "int64" || s.Format == "int32")
	want := map[string]string{}
	if integer {
		switch found := moment.FindStringSubmatch(s.Description); {
		case found != nil:
			want["x-time"] = strings.ReplaceAll(found[1], "seconds or milliseconds", "any")
		case duration.MatchString(s.Description):
			want["x-duration"] = duration.FindStringSubmatch(s.Description)[1]
		case roomID.MatchString(s.Description):
			want["x-id"] = "room"
		case anyTime.MatchString(s.Description):
			c.errorf("%s: mentions time, but neither a unit since 1970-01-01 UTC nor a unit of length", at)
		}
	}
	for _, extension := range []string{"x-id", "x-time", "x-duration"} {
		if got, _ := s.Extensions[extension].(string); got != want[extension] {
			c.errorf("%s: %s %q, but the description says %q", at, extension, got, want[extension])
		}
	}
	if integer && strings.EqualFold(strings.TrimSuffix(at[strings.LastIndexByte(at, '.')+1:], "[]"), "roomid") && want["x-id"] == "" {
		c.errorf("%s: not described as the id of a room", at)
	}
	if s.Items != nil && s.Items.Ref == "" {
		c.units(at+"[]", s.Items.Value)
	}
}
