package audit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/nimroom/nimroom/internal/clip"
)

// WriteJSON writes the report as JSON.
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// WriteText writes the report for people. paint colours a status.
func (r *Report) WriteText(w io.Writer, paint func(Status, string) string) {
	counts := map[Status]int{}
	for _, f := range r.Findings {
		counts[f.Status]++
	}
	for _, p := range r.Pages {
		about := cmp.Or(p.Record, "not on record")
		if p.Excerpt {
			about = "an excerpt of " + about
		}
		fmt.Fprintf(w, "%s  (%s; %s, %s)\n", p.File, about, cmp.Or(p.Date, "no date"), p.Language)
		r.writePage(w, p, paint)
		fmt.Fprintf(w, "\n  %d facts and %d sentences compared\n\n", p.Facts, p.Sentences)
	}
	switch {
	case r.Drift:
		fmt.Fprintf(w, "drift: %d new, %d gone, %d changed, %d moved; sentences to review: %d\n",
			counts[New], counts[Gone], counts[Changed], counts[Moved], counts[Review])
	case r.Review:
		fmt.Fprintf(w, "no fact differs; sentences to review: %d\n", counts[Review])
	default:
		fmt.Fprintln(w, "in agreement")
	}
}

// writePage writes the findings of a page.
func (r *Report) writePage(w io.Writer, p Page, paint func(Status, string) string) {
	last := "\x00"
	for _, f := range r.Findings {
		if f.File != p.File {
			continue
		}
		if f.Operation != last {
			last = f.Operation
			fmt.Fprintf(w, "\n  %s\n", strings.TrimSpace(cmp.Or(f.Operation, "the page")+"  "+f.Heading))
		}
		where := ""
		if f.Line > 0 {
			where = fmt.Sprintf("  %s:%d", filepath.Base(p.File), f.Line)
		}
		fmt.Fprintf(w, "    %s %s%s\n", paint(f.Status, fmt.Sprintf("%-8s", f.Status)), f.sentence(), where)
		for _, side := range [][2]string{{"-", f.Record}, {"+", f.Page}} {
			for line := range strings.SplitSeq(side[1], "\n") {
				if f.Aspect == "text" && line != "" {
					fmt.Fprintf(w, "               %s %s\n", side[0], line)
				}
			}
		}
	}
}

// sentence describes a finding in a few words.
func (f Finding) sentence() string {
	subject := strings.TrimSpace(f.Place + " " + f.Field)
	old, where := f.Record, "on record"
	if f.Spec != "" {
		old, where = f.Spec, "in the spec"
	}
	switch {
	case f.Aspect == "text" && f.Status == Note:
		return subject + ": a sentence that nobody reviewed"
	case f.Aspect == "text" && f.Record == "":
		return subject + ": a new sentence"
	case f.Aspect == "text" && f.Page == "":
		return subject + ": a sentence is gone"
	case f.Aspect == "text":
		return subject + ": other words"
	case f.Status == Note && old == "":
		return f.Page
	case f.Status == Moved:
		return "the operation moved here; it was " + f.Record
	case f.Status == Gone && f.Aspect == "operation":
		return fmt.Sprintf("the operation %s is gone", quoted(old))
	case f.Status == New:
		return fmt.Sprintf("%s: %s %s is new", subject, f.Aspect, quoted(f.Page))
	case f.Status == Gone:
		return fmt.Sprintf("%s: %s %s is gone", subject, f.Aspect, quoted(old))
	}
	return fmt.Sprintf("%s: %s is %s, %s %s", subject, f.Aspect, quoted(f.Page), where, quoted(old))
}

func quoted(text string) string {
	return "`" + clip.Text(strings.Join(strings.Fields(text), " ")) + "`"
}
