package control

import (
	"errors"
	"io"
	"net/http"

	"github.com/nimroom/nimroom/emulator/internal/engine"
	"github.com/nimroom/nimroom/emulator/internal/web"
)

// maxState bounds a snapshot that is sent to the control plane.
const maxState = 256 << 20

// serveState gives and takes snapshots as they are.
func (c *Control) serveState(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		methods{http.MethodGet: nil, http.MethodPut: c.putState}.serve(w, r)
		return
	}
	text, err := c.Engine.Snapshot()
	if err != nil {
		web.WriteError(w, err)
		return
	}
	web.WriteJSON(w, http.StatusOK, text)
}

func (c *Control) putState(r *http.Request) (any, error) {
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxState))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, web.TooLarge(large)
	}
	if err != nil {
		return nil, web.BadRequest("body: %v", err)
	}
	var bad *engine.BadSnapshotError
	if err := c.Engine.Restore(text); errors.As(err, &bad) {
		return nil, web.BadRequest("%v", err)
	} else if err != nil {
		return nil, err
	}
	return map[string]any{"now": c.Engine.Now(), "rooms": c.countRooms()}, nil
}
