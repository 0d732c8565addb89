package bulk

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/wrapper"
)

// Job is a line of a file of jobs.
type Job struct {
	Action string         `json:"action"`
	Form   map[string]any `json:"form"`
}

// Make writes the jobs that f returns for each room.
func Make(w io.Writer, rooms []string, f func(room wrapper.RoomID) ([]Job, error)) error {
	for i, text := range rooms {
		room, err := wrapper.ParseRoomID(text)
		if err != nil {
			return fmt.Errorf("room %d of the list: %w", i+1, err)
		}
		jobs, err := f(room)
		if err != nil {
			return err
		}
		for _, job := range jobs {
			job.Form["roomid"] = room
			line, err := json.Marshal(job)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s\n", line); err != nil {
				return err
			}
		}
	}
	return nil
}

// Announce returns the job that sends a text to a room on behalf of an account.
func Announce(room wrapper.RoomID, from, text string) ([]Job, error) {
	m, err := wrapper.NewMessage(room, from, wrapper.Text(text)) // checks the text
	if err != nil {
		return nil, err
	}
	return []Job{{gen.SendMessageEndpoint.Action, map[string]any{"fromAccid": from, "msgType": *m.MsgType, "attach": *m.Attach}}}, nil
}

// Robots returns the jobs that fill a room with robots, as many in each as one call takes.
func Robots(accids []string) ([]Job, error) {
	var jobs []Job
	for part := range slices.Chunk(accids, gen.AddRobotsEndpoint.Batch.Maximum) {
		jobs = append(jobs, Job{gen.AddRobotsEndpoint.Action, map[string]any{"accids": part}})
	}
	return jobs, nil
}
