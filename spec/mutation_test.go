package spec_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/check/facts"
	"github.com/nimroom/nimroom/internal/check/mutation"
	"github.com/nimroom/nimroom/internal/check/rules"
	"github.com/nimroom/nimroom/internal/check/specdiff"
	_ "github.com/nimroom/nimroom/internal/long" // less garbage collection
)

// `make mutate` sets these.
var (
	perKind   = flag.Int("mutants", 0, "how many faults of each kind to seed, in place of one of every twelfth kind")
	report    = flag.Bool("report", false, "write MUTATION.md")
	directory = flag.String("write", "", "write one faulty spec of each kind, and all that survive, into this directory")
)

// survivors are the kinds of faults that may get past the gates, with the reason.
var survivors = map[string]string{
	"example lost": "an example in addition to the success and the error that every operation must have",
	"nullable flipped": "that a field of a response is never null (not the other way round): the pages show null for three fields, " +
		"the others are marked because readers must expect it",
	"required mark of a response wrong": "that an optional field of a response is always there (not the other way round): " +
		"the pages do not say, except for fields whose absence they describe",
}

// gateNames are the gates that need only Go, in the order in which they run.
var gateNames = []string{"validation", "rules", "evidence", "released"}

// gates returns a function that returns the first gate that objects to a spec, or "".
func gates(t testing.TB) func(source []byte) string {
	against, released, intended := cited(t), lastReleased(t), intendedFor(t, "openapi.yaml")
	// The released file is derived from the source, so that right after a release the source as it is does not pass.
	usual := fmt.Sprint(specdiff.Check(released, readSpec(t), intended))
	return func(source []byte) string {
		doc, err := openapi3.NewLoader().LoadFromData(source)
		switch {
		case err != nil || doc.Validate(t.Context(), openapi3.EnableExamplesValidation()) != nil:
			return gateNames[0]
		case len(rules.Check(doc, against)) > 0:
			return gateNames[1]
		case len(facts.Compare(doc, against.Evidence).Disagreements) > 0:
			return gateNames[2]
		case fmt.Sprint(specdiff.Check(released, source, intended)) != usual:
			return gateNames[3]
		}
		return ""
	}
}

// TestGatesCatchFaults seeds faults of every kind into the parts of the spec that the
// last release has too, and checks that the gates catch at least 98 % of them. The kind
// of every fault that survives must have its reason in survivors and in MUTATION.md. By
// default it seeds a sample of the kinds, in which few survivors may be too many for the rate.
func TestGatesCatchFaults(t *testing.T) {
	pristine, err := mutation.Read(readSpec(t))
	require.NoError(t, err)
	released, err := mutation.Read(lastReleased(t))
	require.NoError(t, err)
	gate := gates(t)
	if objects := gate(pristine.JSON()); objects != "" {
		t.Skipf("NOT TESTED: the spec as it is does not pass the gate %q; another test names the reason", objects)
	}
	all := pristine.Mutants(released)
	seeded := mutation.Sample(all, max(*perKind, 1), mutation.ByKind)
	if *perKind == 0 {
		seeded = seeded[:len(seeded)/12]
		t.Log("one fault of every twelfth kind; -args -mutants 1 seeds one of each, and CI four")
	}
	result := mutation.Run(seeded, func(m mutation.Mutant) string { return gate(m.Text()) })
	result.Of(all)
	t.Log(result)
	if *perKind > 0 {
		assert.GreaterOrEqual(t, result.Rate(), 0.98)
	}
	for _, m := range result.Survived {
		assert.Contains(t, survivors, m.Kind, "%s: catch it, or say why not", m)
	}
	if *directory != "" {
		write(t, pristine, seeded, result.Survived)
	}
	if *report {
		require.NoError(t, os.WriteFile("MUTATION.md", []byte(markdown(result)), 0o600))
	}
	text, err := os.ReadFile("MUTATION.md")
	require.NoError(t, err)
	for kind, reason := range survivors {
		assert.Contains(t, result.Kinds, kind, "there are no such faults")
		if !strings.Contains(string(text), "| "+kind+" | "+reason+" |") {
			t.Errorf("MUTATION.md lacks the reason of %q: run make mutate", kind)
		}
	}
	for _, kind := range result.Names() {
		if !strings.Contains(string(text), "\n| "+kind+" | ") {
			t.Errorf("MUTATION.md lacks %q: run make mutate", kind)
		}
	}
}

// markdown returns the report.
func markdown(r *mutation.Result) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Do the gates catch mistakes?

Written by `+"`make mutate`"+`. `+"`go test ./spec`"+` seeds a sample of these faults into the spec, CI a larger sample. One
of the gates must catch each fault; they run in this order:

- *validation*: kin-openapi, with all examples;
- *rules*: the rules of this project that no linter knows (`+"`internal/check/rules`"+`);
- *evidence*: the facts of pages, SDKs and live runs, copied by hand (`+"`evidence/`"+`);
- *released*: changes that break clients of the last released file (`+"`internal/check/specdiff`"+`).

Of %d faults of %d kinds, the gates caught %.1f %%:`, r.Made, len(r.Kinds), 100*r.Rate())
	for _, name := range gateNames {
		fmt.Fprintf(&b, " %d by %s,", r.Total[name], name)
	}
	fmt.Fprintf(&b, " %d survived. Without the released file they would have caught %.1f %%.\n\n## Survivors\n\n| kind | what the gates do not catch |\n|---|---|\n",
		len(r.Survived), 100*(r.Rate()-float64(r.Total["released"])/float64(r.Made)))
	for _, kind := range slices.Sorted(maps.Keys(survivors)) {
		fmt.Fprintf(&b, "| %s | %s |\n", kind, survivors[kind])
	}
	if len(r.Survived) > 0 {
		b.WriteString("\nThe survivors were:\n\n")
	}
	for _, m := range slices.SortedFunc(slices.Values(r.Survived), func(a, b mutation.Mutant) int { return strings.Compare(a.String(), b.String()) }) {
		fmt.Fprintf(&b, "- %s\n", m)
	}
	b.WriteString("\n## Kinds\n\n| kind | sites | seeded | " + strings.Join(gateNames, " | ") + " | survived |\n|---|---|---|" + strings.Repeat("---|", len(gateNames)+1) + "\n")
	for _, kind := range r.Names() {
		count := r.Kinds[kind]
		fmt.Fprintf(&b, "| %s | %d | %d |", kind, count.Sites, count.Made)
		for _, name := range append(slices.Clone(gateNames), "") {
			fmt.Fprintf(&b, " %d |", count.Caught[name])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// write writes the unchanged spec, one fault of each kind and all survivors into the
// directory, for lint/mutants.mjs.
func write(t *testing.T, pristine *mutation.Spec, seeded, survived []mutation.Mutant) {
	t.Helper()
	require.NoError(t, os.MkdirAll(*directory, 0o750))
	put := func(name string, source []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(*directory, name+".json"), source, 0o600))
	}
	put("pristine", pristine.JSON())
	for i, m := range mutation.Sample(seeded, 1, mutation.ByKind) {
		put(fmt.Sprintf("kind-%04d", i), m.Text())
	}
	for i, m := range survived {
		put(fmt.Sprintf("survivor-%04d", i), m.Text())
	}
}
