package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/url"
	"os"
	"strconv"
	"time"

	"github.com/gofrs/flock"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/pages"
	"github.com/nimroom/nimroom/internal/wire"
)

// spool is the file in which an export keeps its rows until it has all of them. The first line says of
// what command it is. Then each row has a line of JSON, and a line endOfForm follows the rows of each form.
// Nothing but whole lines counts, so that the export can be killed at any moment. The file is in no format
// of the output, whose columns are known in the end.
type spool struct {
	file  *os.File
	lock  *flock.Flock
	forms int // whose rows are all here
	rows  int // of all forms
	// Of the form whose rows are not all here: the times of its rows, and how many rows of each key it has.
	times []time.Time
	seen  map[string]int
}

const endOfForm = "#"

// openSpool opens the spool of a command, which may have been begun. A spool without a name is one of its
// own.
func openSpool(name, command string, page *gen.Page, force bool) (*spool, error) {
	s := &spool{seen: map[string]int{}}
	var err error
	if name == "" {
		if s.file, err = os.CreateTemp("", "nimroom-export-"); err == nil {
			_, err = fmt.Fprintln(s.file, command)
		}
		return s, err
	}
	if s.file, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, err
	}
	s.lock = flock.New(name + ".lock") // not the file itself, which other systems then let nobody write
	locked, err := s.lock.TryLock()
	if err == nil && !locked {
		err = message.Errorf("another export is writing %s", name)
	}
	if err == nil {
		err = s.recover(command, page, force)
	}
	if err != nil {
		return nil, errors.Join(err, s.close(false))
	}
	return s, nil
}

// recover reads what an earlier run has left, and drops what it has not written completely.
func (s *spool) recover(command string, page *gen.Page, force bool) error {
	r := bufio.NewReader(s.file)
	var end, start int64 // of the whole lines, and of the rows of the current form
	for first := true; ; first = false {
		line, err := r.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return err
		}
		text := bytes.TrimSuffix(line, []byte("\n"))
		switch {
		case err == io.EOF:
		case first && string(text) != command && !force:
			return message.Errorf("%s was begun by another command (%s); finish it with that one, or give --force to start again", s.file.Name(), text)
		case first && string(text) != command, !first && !json.Valid(text) && string(text) != endOfForm:
			err = io.EOF // a crash of the system has left it, or nobody wants it
		case string(text) == endOfForm:
			s.forms++
			s.times, s.seen, start = nil, map[string]int{}, end+int64(len(line))
		case !first:
			s.note(page, text)
		default:
			start = end + int64(len(line))
		}
		if err == io.EOF {
			break
		}
		end += int64(len(line))
	}
	if page == nil { // the one response comes again
		s.rows -= len(s.times)
		s.times, end = nil, start
	}
	if err := s.file.Truncate(end); err != nil {
		return err
	}
	if _, err := s.file.Seek(end, io.SeekStart); err != nil || end > 0 {
		return err
	}
	_, err := fmt.Fprintln(s.file, command)
	return err
}

// note remembers a row of the current form.
func (s *spool) note(page *gen.Page, row json.RawMessage) {
	s.rows++
	var item pages.Item
	if page != nil {
		item, _ = pages.ReadItem(page, row) // it was read before
		s.seen[item.Key]++
	}
	s.times = append(s.times, item.Time)
}

// from returns the form with which the rows of an interrupted form go on. The last page may be here in
// part, and its rows may have come in any order, so that the page before it comes again.
func (s *spool) from(page *gen.Page, form url.Values) url.Values {
	if page == nil || len(s.times) <= page.Maximum {
		return form
	}
	oldestFirst := pages.OldestFirst(page, form.Get)
	field := pages.Cursor(page, oldestFirst)
	before, step := func(a, b int64) bool { return a > b }, int64(1)
	if oldestFirst {
		before, step = func(a, b int64) bool { return a < b }, -1
	}
	var edge int64
	for _, t := range s.times[:len(s.times)-page.Maximum] {
		if at := wire.Millis(t); at != 0 && (edge == 0 || before(edge, at)) {
			edge = at
		}
	}
	start, _ := strconv.ParseInt(form.Get(field), 10, 64)
	if edge += step; edge == step || start != 0 && !before(start, edge) {
		return form
	}
	form = maps.Clone(form)
	form.Set(field, strconv.FormatInt(edge, 10))
	return form
}

// add adds a row, unless an earlier run has.
func (s *spool) add(page *gen.Page, row json.RawMessage) error {
	if page != nil {
		if item, err := pages.ReadItem(page, row); err == nil && s.seen[item.Key] > 0 {
			s.seen[item.Key]--
			return nil
		}
	}
	var line bytes.Buffer
	if err := json.Compact(&line, row); err != nil {
		return err
	}
	line.WriteByte('\n')
	s.rows++
	_, err := s.file.Write(line.Bytes())
	return err
}

// finish says that all rows of a form are here.
func (s *spool) finish() error {
	s.forms++
	s.times, s.seen = nil, map[string]int{}
	_, err := fmt.Fprintln(s.file, endOfForm)
	return err
}

// all returns the rows. The error that ends them is stored in err.
func (s *spool) all(err *error) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		if _, *err = s.file.Seek(0, io.SeekStart); *err != nil {
			return
		}
		r := bufio.NewReader(s.file)
		for first := true; ; first = false {
			line, readErr := r.ReadBytes('\n')
			if readErr != nil {
				if readErr != io.EOF {
					*err = readErr
				}
				return
			}
			if text := bytes.TrimSuffix(line, []byte("\n")); !first && string(text) != endOfForm && !yield(text) {
				return
			}
		}
	}
}

// close closes the spool, once, and removes it if it is of no more use.
func (s *spool) close(remove bool) error {
	err := s.file.Close()
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	if remove && err == nil {
		err = os.Remove(s.file.Name())
	}
	if s.lock != nil && s.lock.Locked() {
		err = errors.Join(err, s.lock.Unlock(), os.Remove(s.lock.Path()))
	}
	return err
}
