package console

import (
	"time"

	"github.com/nimroom/nimroom/emulator/internal/state"
)

const (
	hoursShown  = 24
	chartHeight = 100
	chartColumn = 20 // the width of an hour
)

// hours are the figures of a room as a chart and as a table.
type hours struct {
	Bars []bar
	Rows []hourRow // the latest first, those in which something happened
	// Most is what a full column stands for, and Width that of the chart.
	Most, Width int
}

// bar is a column of the chart.
type bar struct {
	X, Y, Height int
	Class        string
}

type hourRow struct {
	state.Tally
	Hour, Exact string
}

// hours draws the figures of the last hours, the earliest first: for each hour a
// column for the entries and one for the messages.
func (v *view) hours(list []state.Rank) hours {
	h := hours{Most: 1, Width: len(list) * chartColumn}
	for _, one := range list {
		h.Most = max(h.Most, one.Entries, one.Messages)
	}
	for i, one := range list {
		for j, figure := range []int{one.Entries, one.Messages} {
			if height := (figure*chartHeight + h.Most - 1) / h.Most; height > 0 {
				h.Bars = append(h.Bars, bar{i*chartColumn + 2 + j*8, chartHeight - height, height, []string{"entries", "messages"}[j]})
			}
		}
		if one.Tally != (state.Tally{}) {
			h.Rows = append([]hourRow{{one.Tally, one.Start.Format("01-02 15:00"), one.Start.Format(time.RFC3339)}}, h.Rows...)
		}
	}
	return h
}
