package audit_test

import (
	"testing"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
)

// FuzzAudit compares pages of any shape with the lockers' spec: there is always a
// report, in which the counts add up.
func FuzzAudit(f *testing.F) {
	for _, s := range ownSamples(f) {
		f.Add(s.name, s.text)
	}
	f.Add("x.html", "<h2>Opening a locker</h2><pre>POST https://lockers.example/nimserver/locker/open.action</pre><table><tr><th>Name<th>Type<th>Required<tr><td>note<td>String<td>No</table>")
	f.Add("x.md", "POST /locker/list.action\n\n|参数|类型|必填|说明|\n|-|-|-|-|\n|filter|JSONObject|否|{\"state\":true} 1. size: [1,2] 99.9% -3~5天|\n")
	f.Add(".html", "POST http://o>") // of no known document
	ref := lockerReference(f)
	f.Fuzz(func(t *testing.T, name, text string) {
		p, err := page.Read(name, []byte(text), ref.Known)
		if err != nil {
			return
		}
		report := audit.Compare(ref, []*page.Page{p})
		for kind, n := range report.Pages[0].Counts {
			if n.Accounted+n.Unexplained != n.Total || n.Unexplained > 0 && !report.Drift {
				t.Fatalf("%s: %+v, drift %v", kind, n, report.Drift)
			}
		}
	})
}
