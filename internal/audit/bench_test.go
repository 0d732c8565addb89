package audit_test

import (
	"testing"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
)

// BenchmarkAudit reads and compares one of our own pages.
func BenchmarkAudit(b *testing.B) {
	s := ownSamples(b)[0]
	if testing.Short() {
		s = publicSamples(b)[0]
	}
	for b.Loop() {
		p, err := page.Read(s.name, []byte(s.text), s.ref.Known)
		if err != nil {
			b.Fatal(err)
		}
		audit.Compare(s.ref, []*page.Page{p})
	}
}
