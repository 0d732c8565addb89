package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/gen"
	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/output"
	"github.com/nimroom/nimroom/internal/pages"
	"github.com/nimroom/nimroom/internal/wire"
	"github.com/nimroom/nimroom/wrapper"
)

// exportFlags are the flags of exports beside those of the method and of all calls.
type exportFlags struct {
	Output string `short:"o" default:"auto" placeholder:"FORMAT" complete:"table,json,ndjson,csv,yaml"`
	File   string `placeholder:"FILE"`
	Force  bool
}

// exportTexts say what the flags of exports do.
var exportTexts = map[string]message.Text{
	"output": message.Of("Format: table, json, ndjson (one row a line), csv or yaml. A name with an ending, such as members.csv, is that of the file to write, as with --file. In csv, a text that a spreadsheet would take for a formula, such as @bob, has an apostrophe before it."),
	"file":   message.Of("File to write. Its ending, .csv, .ndjson, .json or .yaml, names the format, unless --output does. Without a file the rows go to the standard output."),
	"force":  message.Of("Replaces the file if it exists, or if another command has begun it."),
}

// flags returns the flags for the parser.
func (f *exportFlags) flags() []*kong.Flag {
	flags := kong.Must(f, kong.NoDefaultHelp()).Model.Flags
	for _, flag := range flags {
		flag.OrigHelp = exportTexts[flag.Name].String()
		flag.Help = flag.OrigHelp
	}
	return flags
}

// withExports adds the commands that export what methods list.
func withExports(methods []*command.Method) (list []*command.Method) {
	for _, m := range methods {
		if list = append(list, m); m.Export != nil {
			list = append(list, m.Exporting())
		}
	}
	return list
}

// export is a running export.
type export struct {
	*typedCommand
	streams
	client  *wrapper.Client
	printer *output.Printer
	schema  *described.Schema // of the response
	forms   []url.Values      // whose rows follow each other
	end     time.Time         // of the last row; zero for all rows
	spool   *spool
}

// runExport exports what the method lists. An export to a file goes on where an earlier one with the same
// forms was interrupted.
func (c *typedCommand) runExport(ctx context.Context, s streams, k *kong.Context) error {
	if err := c.readOutput(); err != nil {
		return usage("%w", err)
	}
	e := &export{typedCommand: c, streams: s, schema: described.In(s.language).Success(c.method.Operation)}
	var err error
	if e.end, err = c.takeEnd(); err != nil {
		return usage("%w", err)
	}
	if e.forms, err = c.exportForms(k); err != nil {
		return err
	}
	if err := e.prepare(); err != nil {
		return e.orUsage(err)
	}
	client, app, err := c.call.client(s, k)
	if err != nil {
		return err
	}
	c.call.showUnits(s, c.request(e.forms[0]))
	if e.client = client; c.call.DryRun {
		for _, err := range e.rows(ctx, e.forms[0]) {
			if !errors.Is(err, errNotSent) {
				return c.call.report(s, e.printer, c.request(e.forms[0]), err)
			}
		}
		return nil
	}
	if c.export.File == "" && e.printer.Format == output.NDJSON && len(e.printer.Columns) == 0 {
		return e.stream(ctx)
	}
	var forms []string
	for _, form := range e.forms {
		forms = append(forms, form.Encode())
	}
	about := fmt.Sprintf("%s %s for app %s at %s: %s", c.method.Operation.Service, c.method.Command, app.AppKey, app.Hosts()[0], strings.Join(forms, ", "))
	if !e.end.IsZero() {
		about += ", until " + strconv.FormatInt(wire.Millis(e.end), 10)
	}
	part := ""
	if c.export.File != "" {
		part = c.export.File + ".part"
	}
	if e.spool, err = openSpool(part, about, c.method.Operation.Page, c.export.Force); err != nil {
		return e.orUsage(err)
	}
	if part != "" && e.spool.rows+e.spool.forms > 0 {
		s.say("Rows of an earlier run in %s: %d. The export goes on with row %d.", part, e.spool.rows, e.spool.rows+1)
	}
	defer func() { _ = e.spool.close(part == "" || e.spool.rows+e.spool.forms == 0) }() // what was not written comes again
	if err := e.collect(ctx); err != nil {
		return e.interrupted(err)
	}
	if err := e.write(); err != nil {
		return e.interrupted(exitError{err, exitFailed})
	}
	return nil
}

// readOutput takes --output for a format or for a file.
func (c *typedCommand) readOutput() error {
	format := c.export.Output
	c.flag = "--file"
	switch {
	case format == "-":
		format = auto
	case slices.Contains(formats, format):
	case c.export.File == "" && filepath.Ext(format) != "":
		c.export.File, format, c.flag = format, auto, "--output"
	default:
		return message.Errorf("--output: %q is no format, want %s, and no file, whose ending names a format", format, strings.Join(formats[1:], ", "))
	}
	if c.call.Output = format; c.export.File == "-" {
		c.export.File = ""
	}
	return nil
}

// orUsage returns an error about the command line, unless it is one of the files.
func (e *export) orUsage(err error) error {
	folder := filepath.Dir(e.export.File)
	switch {
	case !errors.As(err, new(*fs.PathError)):
		return usage("%w", err)
	case errors.Is(err, fs.ErrNotExist) && e.export.File != "" && !isFolder(folder):
		err = message.Errorf("%s: there is no folder %s; make it, or choose another one", e.flag, folder)
	case e.export.File != "":
		err = message.Errorf("%s: %s cannot be written: %w", e.flag, e.export.File, err)
	}
	return exitError{err, exitFailed}
}

// takeEnd returns where an export of a range in time ends, such as one with --since and --until. The first of the two
// flags remains, which says where it begins. What is wrong with that one comes to light with the form.
func (c *typedCommand) takeEnd() (end time.Time, err error) {
	given := func(flag *command.Flag) *flagValue {
		for _, v := range c.values {
			if flag != nil && v.Name == flag.Name && len(v.texts) == 1 {
				return v
			}
		}
		return nil
	}
	first, last := given(c.method.Beginning(true)), given(c.method.Beginning(false))
	if first == nil || last == nil {
		return end, nil
	}
	now := time.Now()
	if end, err = command.ParseTime(last.texts[0], now); err != nil {
		return end, message.Errorf("%s: %w", last.label, err)
	}
	if begin, wrong := command.ParseTime(first.texts[0], now); wrong == nil && end.Before(begin) {
		return end, message.Errorf("%s: %q is before %s %q; give a later end or an earlier beginning", last.label, last.texts[0], first.label, first.texts[0])
	}
	last.texts = nil
	return end, nil
}

// isFolder reports whether there is a folder of this name.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// exportForms returns the forms that together list everything.
func (c *typedCommand) exportForms(k *kong.Context) ([]url.Values, error) {
	each := c.method.Export
	for _, v := range c.values {
		if v.Field == each.Field && v.texts != nil {
			each = &command.Export{}
		}
	}
	if each.Field == "" {
		form, err := c.form(k)
		return []url.Values{form}, err
	}
	var forms []url.Values
	for _, value := range each.Values {
		one := *c
		one.method = c.method.With(each.Field, value)
		form, err := one.form(k)
		if err != nil {
			return nil, err
		}
		forms = append(forms, form)
	}
	return forms, nil
}

// prepare chooses the format and checks the settings.
func (e *export) prepare() error {
	file := e.export.File
	e.printer = e.call.printer(e.streams)
	ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
	format, known := map[string]string{"csv": output.CSV, "ndjson": output.NDJSON, "jsonl": output.NDJSON, "json": output.JSON, "yaml": output.YAML, "yml": output.YAML}[ending]
	switch {
	case e.call.JQ != "":
		return message.Errorf("--jq is not for exports; filter the lines of --output=ndjson")
	case file != "" && e.call.Output != auto && known && format != e.call.Output:
		return message.Errorf("--file: the ending of %q says %s, and --output says %s; leave --output out, or give the file another ending", file, format, e.call.Output)
	case file != "" && e.call.Output == auto:
		if !known {
			return message.Errorf("%s: %q has no ending that names a format; want .csv, .ndjson, .json or .yaml, or give --file for the name and --output for the format", e.flag, file)
		}
		e.printer.Format = format
	}
	if file != "" {
		e.printer.Terminal, e.printer.Width, e.printer.Bold = false, 0, nil
		switch info, err := os.Stat(file); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !info.Mode().IsRegular():
			return message.Errorf("%[1]s: %[2]s is no file; leave %[1]s out for the standard output", e.flag, file)
		case !e.export.Force:
			return message.Errorf("%s: %s exists; choose another name, or give --force to replace it", e.flag, file)
		}
	}
	if e.call.DryRun { // its columns are those of a request
		return nil
	}
	return e.printer.Prepare(e.schema, e.method.Result)
}

// rows calls the operation until it has all rows of a form.
func (e *export) rows(ctx context.Context, form url.Values) iter.Seq2[json.RawMessage, error] {
	operation := e.method.Operation
	// A page may wait for the end of a block that another program of the app has caused.
	patient := wrapper.WithTimeout(e.call.Timeout + operation.RateLimitOr(gen.DefaultRateLimit).Block)
	if operation.Page != nil {
		return e.until(e.client.DoAll(ctx, operation.Path, form, patient))
	}
	return func(yield func(json.RawMessage, error) bool) {
		response, err := e.client.Do(ctx, operation.Path, form, patient)
		if err != nil {
			yield(nil, err)
			return
		}
		for row := range output.Find(response, e.schema, e.method.Result).Rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// until ends rows where the export ends.
func (e *export) until(rows iter.Seq2[json.RawMessage, error]) iter.Seq2[json.RawMessage, error] {
	if e.end.IsZero() {
		return rows
	}
	return func(yield func(json.RawMessage, error) bool) {
		for row, err := range rows {
			if err == nil {
				if item, _ := pages.ReadItem(e.method.Operation.Page, row); item.Time.After(e.end) { // the client has read it
					return
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// stream prints rows as they come.
func (e *export) stream(ctx context.Context) error {
	var failed error
	err := e.printer.List(output.List{Rows: func(yield func(json.RawMessage) bool) {
		for _, form := range e.forms {
			for row, err := range e.rows(ctx, form) {
				if failed = err; err != nil || !yield(row) {
					return
				}
			}
		}
	}})
	if failed != nil {
		return e.failed(failed)
	}
	return err
}

// collect gets the rows that the spool does not have.
func (e *export) collect(ctx context.Context) error {
	bar := newProgress(e.streams, e.method.Operation.Page, e.spool.rows)
	defer bar.clear()
	if e.watched {
		bar.expect(e.estimate(ctx))
	}
	for _, form := range e.forms[min(e.spool.forms, len(e.forms)):] {
		page := e.method.Operation.Page
		bar.begin(form)
		for row, err := range e.rows(ctx, e.spool.from(page, form)) {
			if err != nil {
				return err
			}
			if err := e.spool.add(page, row); err != nil {
				return exitError{err, exitFailed}
			}
			bar.show(row, e.spool.rows)
		}
		if err := e.spool.finish(); err != nil {
			return exitError{err, exitFailed}
		}
	}
	return nil
}

// estimate returns about how many rows an export of members has, or 0 if that is not known: how many members are
// online. It does not count the fixed members that are offline.
func (e *export) estimate(ctx context.Context) (rows int) {
	page, form := e.method.Operation.Page, e.forms[len(e.forms)-1]
	id, err := wrapper.ParseRoomID(form.Get("roomid"))
	if err != nil || page == nil || form.Get(page.Cursor) != strconv.FormatInt(page.Start, 10) {
		return 0
	}
	switch {
	case e.method.Operation == gen.ListTagMembersEndpoint.Operation:
		rows, _ = e.client.Tags.Count(ctx, wrapper.CountTagMembersForm{RoomID: id, Tag: form.Get("tag")})
	case e.method.Operation == gen.ListMembersEndpoint.Operation && form.Get("type") == strconv.Itoa(int(wrapper.MemberKindVisitors)):
		room, err := e.client.Rooms.Get(ctx, wrapper.GetChatroomForm{RoomID: id, NeedOnlineUserCount: wrapper.Ptr(true)})
		if err == nil && room.OnlineUserCount != nil {
			rows = *room.OnlineUserCount
		}
	}
	return rows // the export says what is wrong
}

// failed returns the error of a call with its advice. The response is not printed among the rows.
func (e *export) failed(err error) error {
	quiet := *e.printer
	quiet.Format = output.Table
	var own exitError
	if errors.As(err, &own) {
		return err
	}
	return e.call.report(e.streams, &quiet, e.request(e.forms[0]), err)
}

// interrupted returns the error that has ended an export, with what to do next.
func (e *export) interrupted(err error) error {
	if err = e.failed(err); e.export.File == "" || e.spool.rows == 0 {
		return err
	}
	again := message.Of("Run the same command again to go on.")
	if times := e.movingTimes(); len(times) > 0 {
		again = message.Of("Run the same command again with %s to go on.", strings.Join(times, " "))
	}
	return exitError{message.Errorf("%w\nRows kept in %s: %d. %v", err, e.spool.file.Name(), e.spool.rows, again), exitCode(err)}
}

// movingTimes returns the flags with times that mean another time when the command runs again, such as -1h, with
// the times that they meant.
func (e *export) movingTimes() (flags []string) {
	d := described.In("en")
	schemas := d.Fields(d.Operation(e.method.Operation))
	for _, v := range e.values {
		if schemas[v.Field].Time == "" || len(v.texts) == 0 {
			continue
		}
		now := time.Now()
		first, err := command.ParseTime(v.texts[0], now)
		later, laterErr := command.ParseTime(v.texts[0], now.AddDate(0, 0, 2))
		if err == nil && laterErr == nil && !first.Equal(later) {
			flags = append(flags, "--"+v.Name+"="+e.forms[0].Get(v.Field))
		}
	}
	if !e.end.IsZero() {
		flags = append(flags, "--"+e.method.Beginning(false).Name+"="+strconv.FormatInt(wire.Millis(e.end), 10))
	}
	return flags
}

// write prints the rows in the format. A file appears under its name once it is whole.
func (e *export) write() error {
	name := e.export.File
	if name == "" {
		return e.list()
	}
	file, err := os.Create(name + ".new")
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<16)
	e.printer.Out, e.printer.Err = w, io.Discard
	if err := cmp.Or(e.list(), w.Flush(), file.Sync()); err != nil {
		_ = file.Close()
		_ = os.Remove(file.Name())
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	// The spool goes first: one that is left would look like one that was begun again.
	if err := e.spool.close(true); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), name); err != nil {
		return err
	}
	e.say("%s is complete. Rows: %d.", name, e.spool.rows)
	return nil
}

// list prints the rows of the spool.
func (e *export) list() error {
	var readErr error
	err := e.printer.List(output.List{Rows: e.spool.all(&readErr), Row: output.Row(e.schema, e.method.Result)})
	return cmp.Or(err, readErr)
}
