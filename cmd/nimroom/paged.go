package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/output"
	"github.com/nimroom/nimroom/internal/pages"
	"github.com/nimroom/nimroom/internal/wire"
)

// notePage tells people what a page does not show: from where an empty one was read, and that a full one may not
// be the last.
func (c *callFlags) notePage(s streams, r apiCall, response json.RawMessage) {
	page := r.operation.Page
	if page == nil || !s.watched && !c.Verbose {
		return
	}
	rows := 0
	for range output.Find(response, described.In("en").Success(r.operation), page.Items).Rows {
		rows++
	}
	start, _ := strconv.ParseInt(r.form.Get(page.Cursor), 10, 64)
	switch {
	case rows > 0 && r.form.Get(page.Limit) == strconv.Itoa(rows):
		s.say("There may be more. nimroom %s reads all of it.", exportOf(r))
	case rows > 0 || page.Order == "" || start == page.Start:
	case pages.OldestFirst(page, r.form.Get):
		s.say("There is nothing after %s. To read what is before, give %s.", wire.FromMillis(start).Local().Format(time.DateTime), r.otherOrder(true))
	default:
		s.say("There is nothing before %s. To read what is after, give %s.", wire.FromMillis(start).Local().Format(time.DateTime), r.otherOrder(false))
	}
}

// exportOf returns the command that exports all that a call lists a page of.
func exportOf(r apiCall) string {
	for _, service := range command.Services {
		for _, m := range service.Methods {
			if m.Operation == r.operation && m.Export != nil {
				return service.Name + " " + m.Exporting().Command
			}
		}
	}
	return ""
}

// otherOrder returns what gives a list in the other order: a flag for where it starts, if there is one.
func (r apiCall) otherOrder(oldestFirst bool) string {
	page, d := r.operation.Page, described.In("en")
	order := d.Fields(d.Operation(r.operation))[page.Order]
	value := page.OldestFirst
	for _, known := range order.Values() {
		if other := fmt.Sprint(known); oldestFirst && other != page.OldestFirst {
			value = other
		}
	}
	if r.method == nil {
		return page.Order + "=" + value
	}
	if flag := r.method.Beginning(!oldestFirst); flag != nil {
		return "--" + flag.Name
	}
	return "--" + r.method.Find(page.Order).Name + "=" + command.Written(order, value)
}
