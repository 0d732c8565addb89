package live

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/gen"
)

// Plan says what a run will do to the app, for people who are to agree to it. It makes no
// request. Its errors are those of a run that must not begin, such as [ErrNotLive].
func Plan(ctx context.Context, c Config) (string, error) {
	r, err := newRun(ctx, c)
	if err != nil {
		return "", err
	}
	changes := map[string]int{}
	requests := 0
	for _, item := range r.items {
		for _, call := range item.calls {
			requests++
			if slices.ContainsFunc(gen.Operations, func(o *gen.Operation) bool { return o.ID == call && o.Idempotency != gen.Safe }) {
				changes[call]++
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "This plays %d scenarios on the app of %s at %s, with %d of its accounts: about %d requests, in %v at least.\nIt changes the app's data:\n",
		len(r.items), "NIM_APP_KEY", c.BaseURL, len(c.Accounts), requests, (time.Duration(requests) * c.Interval).Round(time.Second))
	for _, call := range slices.Sorted(maps.Keys(changes)) {
		fmt.Fprintf(&b, "  %4d x %s\n", changes[call], call)
	}
	b.WriteString("It closes the rooms that it created and removes their robots at the end. Messages and accounts stay.\n")
	return r.shown(b.String()), nil
}
