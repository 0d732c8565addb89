package main

import (
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/pages"
	"github.com/nimroom/nimroom/internal/wire"
)

// progress shows on a terminal how far an export is. Package github.com/schollz/progressbar/v3 draws it, as
// it does for bulk work.
type progress struct {
	streams
	bar    *progressbar.ProgressBar // nil where there is no terminal
	page   *gen.Page
	began  time.Time
	before int          // rows of an earlier run
	about  int          // how many rows there are about; 0 if it is unknown
	window [2]time.Time // that the rows lie in, from the first to the last; zero if it is unknown
}

// permille is the length of a bar of a known window.
const permille = 1000

func newProgress(s streams, page *gen.Page, before int) *progress {
	p := &progress{streams: s, page: page, began: time.Now(), before: before}
	if s.watched {
		p.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(s.err), progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionUseANSICodes(true),
			progressbar.OptionSetSpinnerChangeInterval(0)) // no goroutine draws it after the end
	}
	return p
}

// begin begins with the rows of a form. How many there are is not known, but the form may say in which time
// they lie.
func (p *progress) begin(form url.Values) {
	if p.bar == nil || p.page == nil || p.about > 0 {
		return
	}
	at := func(field string, open time.Time) time.Time {
		n, _ := strconv.ParseInt(form.Get(field), 10, 64)
		if n == 0 {
			return open
		}
		return wire.FromMillis(n)
	}
	oldestFirst := pages.OldestFirst(p.page, form.Get)
	switch first := at(pages.Cursor(p.page, oldestFirst), time.Time{}); {
	case oldestFirst && len(p.page.Window) > 0:
		p.window = [2]time.Time{first, at(p.page.Window[1], p.began)}
	case oldestFirst:
		p.window = [2]time.Time{first, p.began}
	case len(p.page.Window) > 0:
		p.window = [2]time.Time{at(p.page.Window[1], p.began), at(p.page.Window[0], time.Time{})}
	}
	if !p.window[0].IsZero() && !p.window[1].IsZero() {
		p.bar.ChangeMax64(permille)
	}
}

// expect says about how many rows there are, or 0.
func (p *progress) expect(rows int) {
	if p.about = rows; rows > 0 {
		p.bar.ChangeMax(rows)
		_ = p.bar.Set(min(p.before, rows-1)) // the terminal may be gone
	}
}

// show shows a row, and how many there are.
func (p *progress) show(row json.RawMessage, rows int) {
	if p.bar == nil {
		return
	}
	text := p.text("Rows: %d", rows)
	if p.about > rows {
		text = p.text("Rows: %d of about %d", rows, p.about)
	}
	if seconds := time.Since(p.began).Seconds(); seconds >= 1 {
		text = p.text("%v, %.0f a second", message.Of("%s", text), float64(rows-p.before)/seconds)
	}
	p.bar.Describe(text)
	switch {
	case p.about > 0:
		if p.about > rows { // the bar is full when the export is over
			_ = p.bar.Set(rows)
		}
		return
	case p.bar.GetMax64() != permille:
		_ = p.bar.Add(1)
		return
	}
	if item, err := pages.ReadItem(p.page, row); err == nil && !item.Time.IsZero() {
		part := float64(item.Time.Sub(p.window[0])) / float64(p.window[1].Sub(p.window[0]))
		_ = p.bar.Set64(int64(min(max(part, 0), 1) * (permille - 1)))
	}
}

// clear takes the bar off the terminal.
func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
