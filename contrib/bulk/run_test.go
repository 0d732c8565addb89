package bulk

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/wrapper"
)

// TestOnlyARunThatHasEndedIsReplaced adds a run, adds it again when one of its two lines has ended, and when both have.
func TestOnlyARunThatHasEndedIsReplaced(t *testing.T) {
	srv := emulator.Start(t)
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "jobs.db"))
	require.NoError(t, err)
	defer store.Close()
	engine, err := NewEngine(t.Context(), store, Config{New: func(options ...wrapper.Option) (*wrapper.Client, error) {
		return wrapper.New(srv.Credentials(), append(options, wrapper.WithBaseURL(srv.URL))...)
	}})
	require.NoError(t, err)
	lines, err := Read([]byte(`{"action":"get","form":{"roomid":66}}` + "\n" + `{"action":"get","form":{"roomid":67}}`))
	require.NoError(t, err)
	run := RunInfo{Name: "jobs", Digest: "a"}
	require.NoError(t, engine.Add(t.Context(), run, lines))
	add := func(outcome string) (sum Summary, err error) {
		_, e := store.db.ExecContext(t.Context(), "UPDATE bulk_lines SET outcome = $1, result = '{}' WHERE line = 1 OR $1 = 'failed'", outcome)
		require.NoError(t, e)
		err = engine.Add(t.Context(), run, lines)
		sum, e = store.Summary(t.Context(), "jobs")
		require.NoError(t, e)
		return sum, err
	}
	sum, err := add("done")
	require.EqualError(t, err, "a run of jobs has open lines; continue it with resume")
	assert.Equal(t, Summary{Done: 1, Open: 1}, sum)
	kept := 0
	require.NoError(t, store.Results(t.Context(), "jobs", func(json.RawMessage) error { kept++; return nil }))
	assert.Equal(t, 1, kept)
	sum, err = add("failed")
	require.NoError(t, err)
	assert.Equal(t, Summary{Open: 2}, sum)
}
