// Command record makes the cassettes of this repository.
//
//	go run ./internal/record/cmd document   from the examples of the documents, and the index
//	go run ./internal/record/cmd emulator   from the emulator, and the index
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/nimroom/nimroom/internal/record"
)

const (
	folder = "cassettes"
	spec   = "spec/openapi.yaml"
	facts  = "spec/testdata/facts.yaml"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	from := map[string]struct {
		file   string
		record func(context.Context, []byte, string) error
	}{
		"document": {facts, func(_ context.Context, text []byte, folder string) error { return record.Documents(text, folder) }},
		"emulator": {spec, record.Emulator},
	}
	if len(args) != 1 || from[args[0]].record == nil {
		return fmt.Errorf("want document or emulator, got %q", args)
	}
	text, err := os.ReadFile(from[args[0]].file)
	if err != nil {
		return err
	}
	if err := from[args[0]].record(ctx, text, folder); err != nil {
		return err
	}
	return record.Index(folder)
}
