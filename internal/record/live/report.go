package live

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/nimroom/nimroom/internal/record"
)

// Report is what a run found.
type Report struct {
	BaseURL string `json:"baseURL"`
	// Seen is what the server showed of itself.
	Seen    record.Seen `json:"seen"`
	Played  []string    `json:"played"`
	Skipped []Skipped   `json:"skipped"`
	Failed  []Skipped   `json:"failed"`
	// Assumptions are all of them, with the differences that contradict them.
	Assumptions []Verdict `json:"assumptions"`
	// Other are differences that no assumption is about.
	Other       []*Difference `json:"other"`
	Cleanup     Cleanup       `json:"cleanup"`
	Interrupted bool          `json:"interrupted"`
}

// Skipped is a scenario that was not played to its end, and why.
type Skipped struct {
	Scenario string `json:"scenario"`
	Reason   string `json:"reason"`
}

// What a run says about an assumption.
const (
	Holds        = "holds"
	Contradicted = "contradicted"
	NotTested    = "not tested"
)

// Verdict is what a run says about an assumption.
type Verdict struct {
	Assumption
	Verdict     string        `json:"verdict"`
	Calls       int           `json:"calls"` // that tested it
	Differences []*Difference `json:"differences,omitempty"`
}

// Cleanup is what was done about what the run created.
type Cleanup struct {
	Rooms    int      `json:"rooms"`
	Robots   int      `json:"robots"` // rooms whose robots were removed
	Failures []string `json:"failures"`
}

func (c *Cleanup) fail(err error) { c.Failures = append(c.Failures, err.Error()) }

// judge sorts the differences by the assumptions that they contradict.
func (r *Report) judge(c *comparer) {
	taken := map[*Difference]bool{}
	for _, a := range Assumptions {
		v := Verdict{Assumption: a, Verdict: NotTested}
		for _, o := range c.observations {
			if a.tested(o) {
				v.Calls++
			}
		}
		for _, x := range c.differences {
			if !taken[x] && a.fits(x) {
				taken[x] = true
				v.Differences = append(v.Differences, x)
			}
		}
		switch {
		case len(v.Differences) > 0:
			v.Verdict = Contradicted
		case v.Calls > 0:
			v.Verdict = Holds
		}
		r.Assumptions = append(r.Assumptions, v)
	}
	for _, x := range c.differences {
		if !taken[x] {
			r.Other = append(r.Other, x)
		}
	}
}

// Differences is how many were found.
func (r *Report) Differences() int {
	n := len(r.Other)
	for _, v := range r.Assumptions {
		n += len(v.Differences)
	}
	return n
}

// JSON is the report for programs.
func (r *Report) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	return append(text, '\n'), err
}

// Text is the report for people.
func (r *Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Live run against %s: %d scenarios played, %d skipped, %d failed, %d differences.\n",
		r.BaseURL, len(r.Played), len(r.Skipped), len(r.Failed), r.Differences())
	fmt.Fprintf(&b, "Seen: host %s, Server header %s, date %s.\n", r.Seen.Host, or(r.Seen.Server, "none"), or(r.Seen.Date, "none"))
	if r.Interrupted {
		b.WriteString("INTERRUPTED: the rest was not played.\n")
	}
	fmt.Fprintf(&b, "Cleaned up: %d rooms closed, robots removed from %d.\n", r.Cleanup.Rooms, r.Cleanup.Robots)
	for _, failure := range r.Cleanup.Failures {
		fmt.Fprintf(&b, "  NOT CLEANED UP: %s\n", failure)
	}
	for _, verdict := range []string{Contradicted, Holds, NotTested} {
		fmt.Fprintf(&b, "\n## %s\n", strings.ToUpper(verdict[:1])+verdict[1:])
		for _, v := range r.Assumptions {
			if v.Verdict != verdict {
				continue
			}
			fmt.Fprintf(&b, "\n%s: %s\n  assumed: %s; %d calls tested it\n", v.ID, v.Question, v.Assumed, v.Calls)
			differences(&b, v.Differences)
		}
	}
	if len(r.Other) > 0 {
		b.WriteString("\n## Other differences\n\n")
		differences(&b, r.Other)
	}
	scenarios(&b, "Failed", r.Failed)
	scenarios(&b, "Skipped", r.Skipped)
	return b.String()
}

func differences(b *strings.Builder, list []*Difference) {
	for _, d := range list {
		fmt.Fprintf(b, "  %s, %s %s: ours %s, theirs %s  (%s)\n", d.Operation, d.Kind, d.Path, or(d.Ours, "nothing"), or(d.Theirs, "nothing"), some(d.Scenarios))
	}
}

// some names the first scenarios of a list.
func some(names []string) string {
	const most = 3
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func scenarios(b *strings.Builder, title string, list []Skipped) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s\n\n", title)
	for _, s := range list {
		fmt.Fprintf(b, "%s: %s\n", s.Scenario, s.Reason)
	}
}
