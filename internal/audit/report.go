package audit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// WriteJSON writes the report as JSON.
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}

// WriteText writes the report for people: the drift by operation, the covered
// deviations, and the counts. paint colours a text by its status; if it is nil, the
// text stays plain.
func (r *Report) WriteText(w io.Writer, paint func(s Status, text string) string) {
	if paint == nil {
		paint = func(_ Status, text string) string { return text }
	}
	for i, p := range r.Pages {
		if i > 0 {
			fmt.Fprintln(w)
		}
		r.writePage(w, p, paint)
	}
	counts := map[Status]int{}
	for _, f := range r.Findings {
		counts[f.Status]++
	}
	verdict := "in agreement"
	if r.Drift {
		verdict = "drift"
	}
	fmt.Fprintf(w, "\n%s: %d new, %d gone, %d changed, %d stale, %d covered by spec/RECONCILIATION.md\n",
		verdict, counts[New], counts[Gone], counts[Changed], counts[Stale], counts[Covered])
}

func (r *Report) writePage(w io.Writer, p Page, paint func(Status, string) string) {
	about := cmp.Or(p.Document, "on no record")
	if p.Excerpt && p.Document != "" {
		about = "an excerpt of " + about
	}
	fmt.Fprintf(w, "%s  (%s; %s, %s)\n", p.File, about, cmp.Or(p.Date, "no date"), p.Language)
	var covered, notes []Finding
	last := "\x00"
	for _, f := range r.Findings {
		if f.File != p.File {
			continue
		}
		switch f.Status {
		case Covered:
			covered = append(covered, f)
			continue
		case Note:
			notes = append(notes, f)
			continue
		default:
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
	}
	writeCovered(w, covered, paint)
	if len(notes) > 0 {
		fmt.Fprint(w, "\n  notes\n")
		for _, f := range notes {
			where := ""
			if f.Line > 0 {
				where = fmt.Sprintf(" (line %d)", f.Line)
			}
			fmt.Fprintf(w, "    %s%s\n", strings.TrimSpace(f.Operation+" "+f.sentence()), where)
		}
	}
	fmt.Fprintf(w, "\n  %-15s %6s %10s %12s\n", "", "found", "accounted", "unexplained")
	for _, kind := range Kinds {
		if n := p.Counts[kind]; n.Total > 0 {
			fmt.Fprintf(w, "  %-15s %6d %10d %12d\n", kind, n.Total, n.Accounted, n.Unexplained)
		}
	}
}

// writeCovered sums up what the record covers, a line for each row and wording.
func writeCovered(w io.Writer, findings []Finding, paint func(Status, string) string) {
	type key struct{ row, aspect, page string }
	lines := map[key][]int{}
	var order []key
	for _, f := range findings {
		k := key{f.Reconciliation, f.Aspect, f.Page}
		if lines[k] == nil {
			order = append(order, k)
		}
		lines[k] = append(lines[k], f.Line)
	}
	if len(order) == 0 {
		return
	}
	slices.SortStableFunc(order, func(a, b key) int { return cmp.Compare(rowNumber(a.row), rowNumber(b.row)) })
	fmt.Fprint(w, "\n  covered by spec/RECONCILIATION.md\n")
	for _, k := range order {
		fmt.Fprintf(w, "    %s row %-4s %s %s%s\n", paint(Covered, "covered"), k.row, k.aspect, quoted(k.page), lineList(lines[k]))
	}
}

// lineList lists lines, at most the first eight.
func lineList(lines []int) string {
	slices.Sort(lines)
	var at []string
	for _, line := range slices.Compact(lines) {
		if line > 0 {
			at = append(at, strconv.Itoa(line))
		}
	}
	switch n := len(at); {
	case n == 0:
		return ""
	case n == 1:
		return "  (line " + at[0] + ")"
	case n > 8:
		return fmt.Sprintf("  (lines %s and %d more)", strings.Join(at[:8], ", "), n-8)
	}
	return "  (lines " + strings.Join(at, ", ") + ")"
}

// rowNumber orders rows such as 3, 3a and 4.
func rowNumber(row string) float64 {
	digits := strings.TrimRight(row, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return math.Inf(1)
	}
	if digits != row {
		n += 0.5
	}
	return n
}

// sentence describes a finding in a few words.
func (f Finding) sentence() string {
	subject := f.Place
	if f.Field != "" {
		subject += " " + f.Field
	}
	switch {
	case f.Status == Note && f.Aspect == "operation":
		return fmt.Sprintf("%s of %s: the rest of the document is not compared", f.Page, f.Spec)
	case f.Status == Note && f.Aspect == "record":
		return "the page is " + f.Page
	case f.Status == Note && f.Aspect == "name":
		return fmt.Sprintf("has the heading %s, in the spec %s", quoted(f.Page), quoted(f.Spec))
	case f.Status == Note:
		return fmt.Sprintf("%s is %s", subject, f.Spec)
	case f.Aspect == "record":
		return fmt.Sprintf("row %s records %s: the page is %s", f.Reconciliation, strings.TrimSpace(f.Operation+" "+f.Field), f.Page)
	case f.Aspect == "operation" && f.Status == New:
		return fmt.Sprintf("operation %s: %s", f.Page, orNone(f.Spec, "not in the spec"))
	case f.Aspect == "operation" && f.Status == Gone:
		return fmt.Sprintf("operation %s: not on the page", f.Spec)
	case f.Spec == none:
		return fmt.Sprintf("%s: %s %s is not in the spec", subject, f.Aspect, quoted(f.Page))
	case f.Page == none:
		return fmt.Sprintf("%s: the page has no %s, the spec %s", subject, f.Aspect, quoted(f.Spec))
	}
	return fmt.Sprintf("%s: %s is %s, in the spec %s", subject, f.Aspect, quoted(f.Page), quoted(f.Spec))
}

func orNone(text, instead string) string {
	if text == none {
		return instead
	}
	return text
}

func quoted(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len([]rune(text)) > 70 {
		text = string([]rune(text)[:70]) + "..."
	}
	return "`" + text + "`"
}
