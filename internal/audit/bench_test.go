package audit_test

import (
	"testing"

	"github.com/nimroom/nimroom/internal/audit"
	"github.com/nimroom/nimroom/internal/audit/page"
)

// BenchmarkAudit reads and compares the longest page on record.
func BenchmarkAudit(b *testing.B) {
	ref := reference(b)
	const name = "en-chatroom-2022-11-25"
	text := []byte(printPage(ref.Records[name], ".txt"))
	for b.Loop() {
		record, err := page.Read(name+".txt", text, ref.Known)
		if err != nil {
			b.Fatal(err)
		}
		audit.Compare(ref, []audit.File{{Name: name, Record: record}})
	}
}
