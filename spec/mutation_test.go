package spec_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/internal/check/specdiff"
)

// `make mutate` sets these.
var (
	perKind   = flag.Int("mutants", 1, "how many faults of each kind to seed")
	report    = flag.Bool("report", false, "write MUTATION.md")
	directory = flag.String("write", "", "write one faulty spec of each kind, and all that survive, into this directory")
)

// survivors are the kinds of faults that may get past the gates, with the reason.
var survivors = map[string]string{
	"example lost": "one that stands beside the success and the refusal that every operation must show",
	"nullable flipped": "that a field of an answer is never null (not the other way round): the pages show null for three fields, " +
		"the others are marked because readers must expect it",
	"required mark of an answer wrong": "that an optional field of an answer is always there (not the other way round): " +
		"the pages do not tell, except for fields of which they say when they are missing",
}

// candidate is a spec that may be faulty.
type candidate struct {
	source []byte
	doc    *openapi3.T
}

// gate objects to faulty specs.
type gate struct {
	name    string
	objects func(c candidate) bool
}

// gates are those that need Go alone, in the order in which they are asked.
func gates(t testing.TB) []gate {
	f, err := loadFacts("testdata/facts.yaml")
	require.NoError(t, err)
	released := lastReleased(t)
	return []gate{
		{"validation", func(c candidate) bool { return c.doc.Validate(t.Context(), openapi3.EnableExamplesValidation()) != nil }},
		{"rules", func(c candidate) bool { return len(violations(c.doc)) > 0 }},
		{"facts", func(c candidate) bool { return len(compareDoc(c.doc, f).Disagreements) > 0 }},
		{"released", func(c candidate) bool { return specdiff.Check(released, c.source) != nil }},
	}
}

// ask tells which gate objects to a spec first; none when all let it pass.
func ask(gates []gate, source []byte) string {
	doc, err := openapi3.NewLoader().LoadFromData(source)
	if err != nil {
		return gates[0].name
	}
	for _, g := range gates {
		if g.objects(candidate{source, doc}) {
			return g.name
		}
	}
	return ""
}

// TestGatesCatchFaults seeds faults of every kind, at sites drawn by a fixed seed
// from the whole spec, and wants at least 98 % of them caught. What survives must
// be of a kind that has its reason in survivors, and in MUTATION.md.
func TestGatesCatchFaults(t *testing.T) {
	spec := parseSpec(t, readSpec(t))
	gates := gates(t)
	pristine, err := json.Marshal(spec)
	require.NoError(t, err)
	require.Empty(t, ask(gates, pristine), "the spec as it is")

	all := allMutants(spec)
	sites := map[string]int{}
	rand.New(rand.NewPCG(25, 3)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	seeded := slices.DeleteFunc(slices.Clone(all), func(m mutant) bool {
		sites[m.kind]++
		return sites[m.kind] > *perKind
	})
	require.GreaterOrEqual(t, len(seeded), 60)
	require.GreaterOrEqual(t, len(sites), 20)

	caught := make([]string, len(seeded))
	var wg sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := worker; i < len(seeded); i += runtime.GOMAXPROCS(0) {
				caught[i] = ask(gates, seeded[i].source(t, pristine))
			}
		})
	}
	wg.Wait()

	result := tally(seeded, caught, sites)
	t.Logf("%d faults of %d kinds: %s", len(seeded), len(sites), result.summary())
	require.GreaterOrEqual(t, float64(len(seeded)-len(result.survived)), 0.98*float64(len(seeded)), "survived: %v", result.survived)
	for _, m := range result.survived {
		assert.Contains(t, survivors, m.kind, "%s: catch it, or say why not", m)
	}
	for kind := range survivors {
		assert.Positive(t, sites[kind], "no such kind: %s", kind)
	}
	if *directory != "" {
		result.write(t, *directory, pristine, seeded)
	}
	if *report {
		require.NoError(t, os.WriteFile("MUTATION.md", []byte(result.markdown()), 0o600))
	}
	text, err := os.ReadFile("MUTATION.md")
	require.NoError(t, err)
	for kind, reason := range survivors {
		assert.Contains(t, string(text), "| "+kind+" | "+reason+" |", "run make mutate")
	}
	for kind := range sites {
		assert.Contains(t, string(text), "\n| "+kind+" | ", "run make mutate")
	}
}

// source is the faulty spec.
func (m mutant) source(t testing.TB, pristine []byte) []byte {
	var copied object
	err := json.Unmarshal(pristine, &copied)
	if !assert.NoError(t, err) {
		return nil
	}
	m.seed(step(copied, m.path).(object))
	source, err := json.Marshal(copied)
	assert.NoError(t, err)
	return source
}

// outcome is what became of the seeded faults.
type outcome struct {
	sites, seeded map[string]int            // by kind
	by            map[string]map[string]int // by kind and gate
	total         map[string]int            // by gate
	survived      []mutant
}

func tally(seeded []mutant, caught []string, sites map[string]int) *outcome {
	o := &outcome{sites: sites, seeded: map[string]int{}, by: map[string]map[string]int{}, total: map[string]int{}}
	for i, m := range seeded {
		o.seeded[m.kind]++
		if o.by[m.kind] == nil {
			o.by[m.kind] = map[string]int{}
		}
		o.by[m.kind][caught[i]]++
		o.total[caught[i]]++
		if caught[i] == "" {
			o.survived = append(o.survived, m)
		}
	}
	return o
}

var gateNames = []string{"validation", "rules", "facts", "released"}

func (o *outcome) summary() string {
	var parts []string
	for _, name := range gateNames {
		parts = append(parts, fmt.Sprintf("%d by %s", o.total[name], name))
	}
	return fmt.Sprintf("%s, %d survived", strings.Join(parts, ", "), len(o.survived))
}

// markdown is the report.
func (o *outcome) markdown() string {
	faults := 0
	for _, n := range o.seeded {
		faults += n
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# Do the gates catch mistakes?

Written by `+"`make mutate`"+`. `+"`go test ./spec`"+` seeds a sample of these faults into the spec, CI a larger one; each must be
caught by one of the gates, which are asked in this order:

- *validation*: kin-openapi, with all examples;
- *rules*: what no linter knows (`+"`rules_*_test.go`"+`);
- *facts*: what the documents say, taken from them by hand (`+"`testdata/facts.yaml`"+`);
- *released*: what would break clients of the last released file.

Of %d faults of %d kinds %.1f %% were caught: %s. Without the released file it would be %.1f %%.

## Survivors

| kind | why |
|---|---|
`, faults, len(o.seeded), percent(faults-len(o.survived), faults), o.summary(),
		percent(faults-len(o.survived)-o.total["released"], faults))
	for _, kind := range slices.Sorted(maps.Keys(survivors)) {
		fmt.Fprintf(&b, "| %s | %s |\n", kind, survivors[kind])
	}
	b.WriteString("\nThey were:\n\n")
	sites := []string{}
	for _, m := range o.survived {
		sites = append(sites, "- "+m.String()+"\n")
	}
	b.WriteString(strings.Join(slices.Sorted(slices.Values(sites)), ""))
	b.WriteString("\n## Kinds\n\n| kind | sites | seeded | " + strings.Join(gateNames, " | ") + " | survived |\n|---|---|---|---|---|---|---|---|\n")
	for _, kind := range slices.Sorted(maps.Keys(o.seeded)) {
		fmt.Fprintf(&b, "| %s | %d | %d |", kind, o.sites[kind], o.seeded[kind])
		for _, name := range append(slices.Clone(gateNames), "") {
			fmt.Fprintf(&b, " %d |", o.by[kind][name])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(whole) }

// write puts the spec as it is, one fault of each kind and all survivors into a
// directory, for lint/mutants.mjs.
func (o *outcome) write(t testing.TB, directory string, pristine []byte, seeded []mutant) {
	t.Helper()
	require.NoError(t, os.MkdirAll(directory, 0o750))
	put := func(name string, source []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(directory, name+".json"), source, 0o600))
	}
	put("pristine", pristine)
	first := map[string]bool{}
	for i, m := range seeded {
		if !first[m.kind] {
			first[m.kind] = true
			put(fmt.Sprintf("kind-%04d", i), m.source(t, pristine))
		}
	}
	for i, m := range o.survived {
		put(fmt.Sprintf("survivor-%04d", i), m.source(t, pristine))
	}
}
