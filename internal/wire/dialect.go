package wire

import (
	"fmt"
	"strings"
)

// dialectNames has the names of the dialects on a command line.
var dialectNames = [...]string{Canonical: "canonical", EN2022: "en-2022", Text: "text"}

// String returns the dialect's name, which ParseDialect reads.
func (d Dialect) String() string {
	if d < 0 || int(d) >= len(dialectNames) {
		return fmt.Sprintf("dialect %d", int(d))
	}
	return dialectNames[d]
}

// ParseDialect returns the dialect with a name: canonical, en-2022 or text.
func ParseDialect(name string) (Dialect, error) {
	for d, known := range dialectNames {
		if name == known {
			return Dialect(d), nil
		}
	}
	return Canonical, fmt.Errorf("dialect %q is none of %s", name, strings.Join(dialectNames[:], ", "))
}
