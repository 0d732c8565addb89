package facts

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/reconciliation"
)

// Transcripts compares what people transcribed from each page, and what the
// reconciliation quotes from it, with the record that `nimroom audit` wrote of the page.
func Transcripts(known *evidence.Evidence, quoted *reconciliation.Record, ref *audit.Reference) []string {
	t := &transcripts{ref: ref}
	for _, source := range known.Sources {
		record := ref.Records[source.ID]
		if source.Kind != evidence.Page {
			continue
		}
		if record == nil {
			t.problems = append(t.problems, source.ID+": there is no record of the page; write it with `nimroom audit --accept`")
			continue
		}
		t.at = source.ID
		t.same("title", record.Title, source.Title)
		t.same("language", record.Language, source.Language)
		t.same("date", record.Date, source.Date)
		transcribed := map[string]bool{}
		for _, claim := range known.Of(evidence.Page).Claims() {
			if claim.Source.ID == source.ID && claim.URL != "" {
				transcribed[claim.Path] = true
				t.claim(claim, record)
			}
		}
		t.at = source.ID
		for _, op := range record.Operations {
			if path := ref.PathOf(op.URL); !transcribed[path] {
				t.differ("operation "+path, "not transcribed", op.Heading)
			}
		}
	}
	t.quotations(quoted)
	return t.problems
}

type transcripts struct {
	ref      *audit.Reference
	at       string // the page and the operation
	problems []string
}

func (t *transcripts) differ(what, transcribed, recorded string) {
	t.problems = append(t.problems, fmt.Sprintf("%s: %s: transcribed %q, the record has %q", t.at, what, transcribed, recorded))
}

func (t *transcripts) same(what, recorded, transcribed string) {
	if recorded != transcribed {
		t.differ(what, transcribed, recorded)
	}
}

// claim compares the transcript of one operation.
func (t *transcripts) claim(claim evidence.Claim, record *page.Record) {
	t.at = claim.Source.ID + " " + claim.Path
	op := record.At(t.ref.PathOf, claim.Path)
	if op == nil {
		t.differ("operation", claim.At, "none")
		return
	}
	t.same("at", op.Heading, claim.At)
	t.same("url", op.URL, claim.URL)
	var recorded, transcribed []string
	numbers := map[string]map[string]bool{}
	for _, row := range op.Form {
		mark := map[string]string{"yes": "true", "no": "false", "": "unknown"}[row.Required]
		recorded = append(recorded, strings.Join([]string{row.Name, row.Type, mark}, " "))
		numbers[row.Name] = audit.Numbers(row.Text, true)
	}
	for _, row := range claim.Request {
		transcribed = append(transcribed, strings.Join([]string{row.Name, row.Type, row.Required}, " "))
		for _, limit := range []any{row.Limits.MaxLength, row.Limits.MaxItems, row.Limits.Max} {
			if limit != nil && !numbers[row.Name][evidence.Text(limit)] {
				t.differ("limit of "+row.Name, evidence.Text(limit), strings.Join(slices.Sorted(maps.Keys(numbers[row.Name])), ", "))
			}
		}
	}
	t.same("request", strings.Join(recorded, "; "), strings.Join(transcribed, "; "))
	recorded, transcribed = nil, nil
	for _, row := range op.Response {
		recorded = append(recorded, row.Name+" "+row.Type)
	}
	for _, member := range claim.Response {
		if member.Type != "" {
			transcribed = append(transcribed, member.Field[strings.LastIndexByte(member.Field, '.')+1:]+" "+member.Type)
		}
	}
	t.same("response", strings.Join(recorded, "; "), strings.Join(transcribed, "; "))
	recorded, transcribed = nil, nil
	for _, code := range op.Codes {
		recorded = append(recorded, code.Name)
	}
	for _, code := range claim.Codes {
		transcribed = append(transcribed, evidence.Text(code))
	}
	slices.Sort(recorded)
	slices.Sort(transcribed)
	t.same("codes", strings.Join(recorded, " "), strings.Join(transcribed, " "))
	t.curl(claim, op)
	t.examples(claim, op)
}

func (t *transcripts) curl(claim evidence.Claim, op *page.Operation) {
	if len(op.Curl) == 0 || claim.Curl == nil {
		t.same("curl", strconv.Itoa(len(op.Curl)), map[bool]string{true: "0", false: "1"}[claim.Curl == nil])
		return
	}
	var names []string
	recorded := page.ReadCurl(op.Curl[0].Text)
	for _, header := range recorded.Headers {
		name, _, _ := strings.Cut(header, ":")
		names = append(names, name)
	}
	slices.Sort(names)
	t.same("headers of the cURL line", strings.Join(names, " "), strings.Join(slices.Sorted(slices.Values(claim.Curl.Headers)), " "))
	t.same("URL of the cURL line", recorded.URL, claim.Curl.URL)
	t.same("body of the cURL line", recorded.Body, claim.Curl.Body)
}

func (t *transcripts) examples(claim evidence.Claim, op *page.Operation) {
	var recorded, transcribed []string
	for _, e := range op.Examples {
		recorded = append(recorded, Summary(e))
	}
	for _, text := range append([]string{claim.ExampleResponse}, claim.ExampleErrors...) {
		if text != "" {
			transcribed = append(transcribed, Summary(page.Entry{Text: text}))
		}
	}
	t.same("examples", strings.Join(recorded, " "), strings.Join(transcribed, " "))
}

// Summary writes the names, kinds and values of an example on one line.
func Summary(printed page.Entry) string {
	e := page.ReadExample(printed)
	list := []string{e.Fault}
	for _, v := range e.Values {
		list = append(list, v.Name+" "+v.Type+" "+v.Value)
	}
	return strings.Join(list, ", ")
}

// quotations checks that the pages print what the reconciliation says of them.
func (t *transcripts) quotations(quoted *reconciliation.Record) {
	for _, section := range quoted.Sections {
		for _, row := range section.Rows {
			for _, d := range row.Pages {
				t.at = "reconciliation row " + row.ID
				t.quotation(quoted.Document(d.Document).ID, d)
			}
		}
	}
}

func (t *transcripts) quotation(id string, d reconciliation.Deviation) {
	record := t.ref.Records[id]
	for _, action := range d.Operations {
		if record == nil {
			t.differ(id, "the page", "no page")
			return
		}
		op := record.At(func(url string) string { _, action := cutAction(t.ref.PathOf(url)); return action }, action)
		if op == nil {
			t.differ(action, "the operation", "no such operation")
			continue
		}
		word, absent := strings.CutPrefix(d.Page, "no ")
		if d.Page == "none" {
			continue
		}
		parts := any(op)
		if absent { // from a list; other lists of the operation may have it
			if d.Aspect != "codes" {
				continue
			}
			parts = op.Codes
		}
		text, err := json.Marshal(parts)
		if err == nil && strings.Contains(strings.ToLower(string(text)), strings.ToLower(word)) == absent {
			t.differ(action+" "+d.Aspect, d.Page, "something else")
		}
	}
}

// cutAction returns the last part of a path, without .action.
func cutAction(path string) (before, action string) {
	at := strings.LastIndexByte(path, '/')
	return path[:at+1], strings.TrimSuffix(path[at+1:], ".action")
}
