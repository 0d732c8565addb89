package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// examples let errors about a time or a duration show how one is written.
var examples = []kong.Option{
	kong.TypeMapper(reflect.TypeFor[time.Time](), example("a time such as 2022-11-22T12:00:00Z", func(text string) (time.Time, error) { return time.Parse(time.RFC3339, text) })),
	kong.TypeMapper(reflect.TypeFor[time.Duration](), example("a duration such as 30s or 2m", time.ParseDuration)),
}

func example[T any](want string, parse func(string) (T, error)) kong.MapperFunc {
	return func(k *kong.DecodeContext, target reflect.Value) error {
		var text string
		if err := k.Scan.PopValueInto(want, &text); err != nil {
			return err
		}
		value, err := parse(text)
		if err != nil {
			return fmt.Errorf("%q, want %s", text, want)
		}
		target.Set(reflect.ValueOf(value))
		return nil
	}
}

// maxFieldFile is the largest file that is a value, in bytes. The service takes less.
const maxFieldFile = 256 << 10

// fieldValue returns the value that an argument gives a field: the text itself, what is in the file of
// @FILE, or what is on the standard input for @-. A text that begins with @@ is one that begins with @.
// Errors do not name the file, because somebody may have meant a secret.
func fieldValue(s streams, name, value string) (string, error) {
	source, isFile := strings.CutPrefix(value, "@")
	if !isFile || strings.HasPrefix(source, "@") {
		return source, nil
	}
	in := s.in
	switch source {
	case "":
		return "", usage("%s: @ names no file; want %s=@FILE, %s=@- for the standard input, or %s=@@ for the text @", name, name, name, name)
	case "-":
		if in == nil {
			return "", usage("%s: there is no standard input", name)
		}
	default:
		file, err := os.Open(source)
		if err != nil {
			var path *fs.PathError
			if errors.As(err, &path) {
				err = path.Err
			}
			return "", usage("%s: the file: %w; write @@ for a text that begins with @", name, err)
		}
		defer func() { _ = file.Close() }() // nothing was written
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxFieldFile+1))
	switch {
	case err != nil:
		return "", usage("%s: the file cannot be read: %w", name, err)
	case len(text) > maxFieldFile:
		return "", usage("%s: the file has more than %d bytes", name, maxFieldFile)
	}
	return string(text), nil
}
