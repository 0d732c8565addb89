package record

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/check/contract"
	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/generate/dist"
)

const repository = "../../cassettes"

var readSpec = sync.OnceValues(func() ([]byte, error) { return dist.Read("../../spec/openapi.yaml") })

func theSpec(t *testing.T) []byte {
	t.Helper()
	text, err := readSpec()
	require.NoError(t, err)
	return text
}

func theEvidence(t *testing.T) *evidence.Evidence {
	t.Helper()
	known, err := evidence.Load("../../spec/evidence")
	require.NoError(t, err)
	return known
}

var readContract = sync.OnceValues(func() (*contract.Contract, error) {
	text, err := readSpec()
	if err != nil {
		return nil, err
	}
	return contract.New(context.Background(), text)
})

func theContract(t *testing.T) *contract.Contract {
	t.Helper()
	c, err := readContract()
	require.NoError(t, err)
	return c
}

var loaded = sync.OnceValues(func() ([]*Recording, error) { return Load(repository+"/testdata", Emulator, Live) })

// all are the recordings of this repository and the examples of the pages, for
// reading.
func all(t *testing.T) []*Recording {
	t.Helper()
	recordings, err := loaded()
	require.NoError(t, err)
	return slices.Concat(recordings, examples(t))
}

// find reads a recording, which the test may change.
func find(t *testing.T, name string) *Recording {
	t.Helper()
	operation, _, _ := strings.Cut(strings.TrimPrefix(name, "emulator/"), "/")
	c, err := read(repository + "/testdata/emulator/" + operation + ".yaml")
	require.NoError(t, err)
	list, err := c.recordings(Emulator)
	require.NoError(t, err)
	for _, r := range list {
		if r.Name() == name {
			return r
		}
	}
	t.Fatalf("no recording %s", name)
	return nil
}

func player(t *testing.T) *Player {
	t.Helper()
	p, err := NewPlayer()
	require.NoError(t, err)
	return p
}

// TestEveryRecordingReplays through the SDK: a request that is unknown, unused or
// signed wrongly fails, and so does a response that the scenario does not expect.
func TestEveryRecordingReplays(t *testing.T) {
	p := player(t)
	for _, r := range all(t) {
		t.Run(r.Name(), func(t *testing.T) {
			t.Parallel()
			assert.NoError(t, p.Replay(t.Context(), r))
		})
	}
}

// TestEveryScenarioIsRecorded, and of every operation a success and an API error.
func TestEveryScenarioIsRecorded(t *testing.T) {
	var recorded []string
	successes, errors := map[string]bool{}, map[string]bool{}
	for _, r := range all(t) {
		if r.Kind != Emulator {
			continue
		}
		recorded = add(recorded, r.Operation+"/"+r.Scenario)
		for _, body := range r.ownResponses() {
			successes[r.Operation] = successes[r.Operation] || Code(body) == http.StatusOK
			errors[r.Operation] = errors[r.Operation] || Code(body) != http.StatusOK
		}
	}
	slices.Sort(recorded)
	assert.Equal(t, player(t).Scenarios(), recorded, "run make record")
	for _, o := range gen.Operations {
		assert.True(t, successes[o.ID], "%s: no scenario has a success of it", o.ID)
		assert.True(t, errors[o.ID], "%s: no scenario has an API error of it", o.ID)
	}
}

// TestAnotherScenarioDoesNotReplay: what was recorded of another one fails.
func TestAnotherScenarioDoesNotReplay(t *testing.T) {
	mutations := map[string]func(r *Recording){
		"another room":       func(r *Recording) { edit(&r.Interactions[1].Request.Body, "roomid=10010000001", "roomid=999") },
		"another text":       func(r *Recording) { edit(&r.Interactions[1].Request.Body, "This+is+test+msg", "Another") },
		"another response":   func(r *Recording) { edit(&r.Interactions[1].Response.Body, "zhangsan", "lisi") },
		"another code":       func(r *Recording) { edit(&r.Interactions[1].Response.Body, `"code":200`, `"code":403`) },
		"a step less":        func(r *Recording) { r.Interactions = r.Interactions[:1] },
		"a step more":        func(r *Recording) { r.Interactions = append(r.Interactions, r.Interactions[0]) },
		"another operation":  func(r *Recording) { edit(&r.Interactions[1].Request.URL, "sendMsg", "sendMsg2") },
		"a field more":       func(r *Recording) { r.Interactions[1].Request.Body += "&resendFlag=1" },
		"a field unknown":    func(r *Recording) { r.Interactions[1].Request.Body += "&x=1" },
		"no response":        func(r *Recording) { r.Interactions[1].Response.Body = "" },
		"a gateway's status": func(r *Recording) { r.Interactions[1].Response.Code = http.StatusBadGateway },
	}
	p := player(t)
	for what, mutate := range mutations {
		t.Run(what, func(t *testing.T) {
			r := find(t, "emulator/sendMessage/success")
			require.NoError(t, p.Replay(t.Context(), r))
			mutate(r)
			assert.Error(t, p.Replay(t.Context(), r))
		})
	}
	r := find(t, "emulator/sendMessage/success")
	r.Scenario = "no-such-scenario"
	assert.ErrorContains(t, p.Replay(t.Context(), r), "no-such-scenario")
}
