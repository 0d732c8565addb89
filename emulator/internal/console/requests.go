package console

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/nimroom/nimroom/emulator/internal/api"
	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/clip"
	"github.com/nimroom/nimroom/internal/web"
)

// requestsData is what the page of the requests shows.
type requestsData struct {
	Operation, Room, Code string
	Operations            []string // to choose from
	Rows                  []requestRow
}

type requestRow struct {
	api.Entry
	At     Moment
	Room   string
	OK     bool
	Advice advice.Text
	Fields []field
	// Copy is what the programs to copy are made of, as JSON.
	Copy string
}

type field struct{ Name, Value string }

func (c *Console) readRequests(r *http.Request, v *view) (any, error) {
	data := requestsData{Operation: r.FormValue("operation"), Room: r.FormValue("room"), Code: r.FormValue("code"), Operations: actionNames()}
	query := api.Query{Limit: pageSize}
	query.Operation = data.Operation
	err := query.Check()
	if err != nil {
		return nil, web.BadRequest("%v", err)
	}
	if data.Room != "" {
		if query.Room, err = gen.ParseRoomID(data.Room); err != nil {
			return nil, web.BadRequest("room: %s, want a room id", clip.Text(data.Room))
		}
	}
	if data.Code != "" {
		if query.Code, err = strconv.Atoi(data.Code); err != nil || query.Code <= 0 {
			return nil, web.BadRequest("code: %s, want a number from 1", clip.Text(data.Code))
		}
	}
	for _, e := range slices.Backward(c.API.Log.Latest(query)) {
		row := v.requestRow(e)
		row.Advice = c.API.Log.Advice(e.ID).In(v.Language())
		data.Rows = append(data.Rows, row)
	}
	return data, nil
}

func (v *view) requestRow(e api.Entry) requestRow {
	row := requestRow{Entry: e, At: v.At(e.Time), OK: e.Code == gen.CodeOK && e.Fault == ""}
	pairs := [][2]string{}
	for _, name := range slices.Sorted(maps.Keys(e.Form)) {
		row.Fields = append(row.Fields, field{name, e.Form[name]})
		pairs = append(pairs, [2]string{name, e.Form[name]})
		if name == "roomid" || name == "roomId" {
			row.Room = e.Form[name]
		}
	}

	text, _ := json.Marshal(map[string]any{"url": v.Base + e.Path, "appKey": v.AppKey, "fields": pairs}) // texts always encode
	row.Copy = string(text)
	return row
}

func (c *Console) clearRequests(r *http.Request) (*result, error) {
	c.API.Log.Clear()
	return &result{OK: true, Title: c.view(r).T("requests.cleared")}, nil
}
