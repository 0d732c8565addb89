package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nimroom/nimroom/internal/command"
	"github.com/nimroom/nimroom/internal/message"
	"github.com/nimroom/nimroom/internal/scrub"
)

// units are times and durations, as people write them.
var units = []kong.Option{
	kong.TypeMapper(reflect.TypeFor[time.Time](), reading(command.WantTime, func(text string) (time.Time, error) { return command.ParseTime(text, time.Now()) })),
	kong.TypeMapper(reflect.TypeFor[time.Duration](), reading(command.WantDuration, command.ParseDuration)),
}

func reading[T any](want string, parse func(string) (T, error)) kong.MapperFunc {
	return func(k *kong.DecodeContext, target reflect.Value) error {
		var text string
		if next := k.Scan.Peek().String(); negative.MatchString(next) { // a time ago
			text = k.Scan.Pop().String()
		} else if err := k.Scan.PopValueInto(want, &text); err != nil {
			return err
		}
		value, err := parse(text)
		if err != nil {
			return err
		}
		target.Set(reflect.ValueOf(value))
		return nil
	}
}

// maxFieldFile is the largest file that is a value, in bytes. The service takes less.
const maxFieldFile = 256 << 10

// fieldValue returns the value that an argument gives a field: the text itself, what is in the file of
// @FILE, or what is on the standard input for @-, without the end of its last line. A text that begins with @@
// is one that begins with @. A file without anything is an error.
// Errors do not name the file of a secret, because somebody may have meant the secret itself.
func fieldValue(s streams, name, value string) (string, error) {
	source, isFile := strings.CutPrefix(value, "@")
	if !isFile || strings.HasPrefix(source, "@") {
		return source, nil
	}
	in, file := s.in, message.Of("the file %q", source)
	if scrub.IsSecret(strings.TrimLeft(name, "-"), source) {
		file = message.Of("the file")
	}
	switch source {
	case "":
		return "", usage("%s: @ names no file; want @FILE, @- for the standard input, or @@ for the text @", name)
	case "-":
		switch {
		case in == nil:
			return "", usage("%s: there is no standard input", name)
		case *s.inputOf != "":
			return "", usage("%s: the standard input is the value of %s; give @FILE here", name, *s.inputOf)
		}
		*s.inputOf, file = name, message.Of("the standard input")
	default:
		opened, err := os.Open(source)
		if err != nil {
			var path *fs.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			return "", usage("%s: @ stands for a file here, but %v cannot be opened: %w; a text that begins with @ is written with @@", name, file, err)
		}
		defer func() { _ = opened.Close() }() // nothing was written
		in = opened
	}
	text, err := io.ReadAll(io.LimitReader(in, maxFieldFile+1))
	switch {
	case err != nil:
		return "", usage("%s: %v cannot be read: %w", name, file, err)
	case len(text) > maxFieldFile:
		return "", usage("%s: %v has more than %d bytes", name, file, maxFieldFile)
	}
	// A line ends in a character that is not part of what somebody wrote.
	value = string(text)
	if line, ends := strings.CutSuffix(value, "\n"); ends {
		value = strings.TrimSuffix(line, "\r")
	}
	if strings.TrimSpace(value) == "" {
		return "", usage("%s: there is nothing in %v; write '' for an empty value", name, file)
	}
	return value, nil
}
