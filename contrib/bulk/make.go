package bulk

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/wrapper"
)

// Job is a line of a file of jobs.
type Job struct {
	Action string         `json:"action"`
	Form   map[string]any `json:"form"`
}

// Make writes the jobs that f returns for each room. Its errors name the line of a room that is none, or that is there
// twice and would get everything twice.
func Make(w io.Writer, rooms []Name, f func(room wrapper.RoomID) ([]Job, error)) error {
	lines := map[wrapper.RoomID]int{}
	for _, name := range rooms {
		room, err := wrapper.ParseRoomID(name.Text)
		if err != nil {
			return message.Errorf("line %d: %q, want the id of a room, such as 66", name.Line, name.Text)
		}
		if other, twice := lines[room]; twice {
			return message.Errorf("line %d: room %v is in line %d, too; leave one of them out", name.Line, room, other)
		}
		lines[room] = name.Line
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
func Robots(accids []Name) ([]Job, error) {
	texts := make([]string, len(accids))
	for i, name := range accids {
		texts[i] = name.Text
	}
	var jobs []Job
	for part := range slices.Chunk(texts, gen.AddRobotsEndpoint.Batch.Maximum) {
		jobs = append(jobs, Job{gen.AddRobotsEndpoint.Action, map[string]any{"accids": part}})
	}
	return jobs, nil
}
