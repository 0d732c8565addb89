// Package mutation measures whether checks notice mistakes. It makes copies of a
// subject with one change each, runs the gates on them, and counts by kind of change
// which gate objects. It knows every kind of fault that one of our specs can have.
package mutation

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"runtime"
	"slices"
	"sync"
)

// A Mutant is a subject with one change.
type Mutant struct {
	Kind     string        // kind of change
	Site     string        // place of the change, and the change
	Harmless bool          // the meaning is the same as before; no gate may object
	Text     func() []byte // makes the changed subject
	path     []string      // of the changed mapping, in a spec
}

func (m Mutant) String() string { return m.Kind + ": " + m.Site }

// Sample draws up to n mutants of each group, all for an n of 0. The choice depends
// only on kind and site, so that a new site does not change the rest of the sample.
func Sample(mutants []Mutant, n int, group func(Mutant) string) []Mutant {
	rank := make(map[string]uint64, len(mutants))
	for _, m := range mutants {
		h := fnv.New64a()
		_, _ = h.Write([]byte(m.String())) // it never fails
		rank[m.String()] = h.Sum64()
	}
	drawn := slices.SortedStableFunc(slices.Values(mutants), func(a, b Mutant) int {
		return cmp.Compare(rank[a.String()], rank[b.String()])
	})
	taken := map[string]int{}
	return slices.DeleteFunc(drawn, func(m Mutant) bool {
		taken[group(m)]++
		return n > 0 && taken[group(m)] > n
	})
}

// ByKind groups mutants by their kind.
func ByKind(m Mutant) string { return m.Kind }

// Count is the result for the mutants of one kind.
type Count struct {
	Sites  int            // number of possible mutants, as counted by Result.Of
	Made   int            // number of mutants that were made
	Caught map[string]int // by the gate that objected, or ""
}

// Result is the result of Run.
type Result struct {
	Kinds    map[string]*Count
	Total    map[string]int // by gate
	Survived []Mutant       // no gate objected, and they are not harmless
	Alarms   []Mutant       // harmless, but a gate objected
	Made     int            // mutants that are not harmless
}

// Run makes each mutant, on all cores, and calls catch for the name of the gate that
// objects to it, or "" if no gate does.
func Run(mutants []Mutant, catch func(Mutant) string) *Result {
	caught := make([]string, len(mutants))
	var wg sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := worker; i < len(mutants); i += runtime.GOMAXPROCS(0) {
				caught[i] = catch(mutants[i])
			}
		})
	}
	wg.Wait()
	r := &Result{Kinds: map[string]*Count{}, Total: map[string]int{}}
	for i, m := range mutants {
		count := r.kind(m.Kind)
		count.Made++
		count.Caught[caught[i]]++
		switch {
		case m.Harmless && caught[i] != "":
			r.Alarms = append(r.Alarms, m)
		case !m.Harmless:
			r.Made++
			r.Total[caught[i]]++
			if caught[i] == "" {
				r.Survived = append(r.Survived, m)
			}
		}
	}
	return r
}

func (r *Result) kind(name string) *Count {
	if r.Kinds[name] == nil {
		r.Kinds[name] = &Count{Caught: map[string]int{}}
	}
	return r.Kinds[name]
}

// Of counts the sites of all mutants that the sample was drawn from.
func (r *Result) Of(all []Mutant) {
	for _, m := range all {
		r.kind(m.Kind).Sites++
	}
}

// Rate returns the fraction of the mutants that are not harmless and were caught.
func (r *Result) Rate() float64 { return float64(r.Made-len(r.Survived)) / float64(r.Made) }

// Names returns the kinds in order.
func (r *Result) Names() []string { return slices.Sorted(maps.Keys(r.Kinds)) }

func (r *Result) String() string {
	return fmt.Sprintf("%d faults of %d kinds, %.1f %% caught, %d survived, %d false alarms",
		r.Made, len(r.Kinds), 100*r.Rate(), len(r.Survived), len(r.Alarms))
}
