package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// buildTimeout bounds each of a client's commands before it is played.
const buildTimeout = 10 * time.Minute

// waitDelay bounds the wait for the processes that a command started, after its end.
const waitDelay = 5 * time.Second

// Folder holds clients that are built together: its client.json.
type Folder struct {
	Clients []*Client `json:"clients"`
	// Spec is the published file that the clients were made from.
	Spec string `json:"spec"`
	// Build makes the clients, and Test checks their hook: commands with their
	// arguments, run in the folder one after the other.
	Build [][]string `json:"build"`
	Test  [][]string `json:"test"`
	// Driver is the command that makes the calls.
	Driver []string `json:"driver"`
	// Proxy says that the clients call nimroom proxy, because no hook of theirs can set
	// the HTTP status of a response.
	Proxy bool   `json:"proxy"`
	name  string // the last element of dir
	dir   string // its path
}

// Client is one of a folder's clients.
type Client struct {
	// Name is the language, or the client, as the README's table has it.
	Name string `json:"name"`
	// Generator is the program that made the client, with its version.
	Generator string `json:"generator"`
	// Arguments of the driver choose the client.
	Arguments []string `json:"arguments"`
}

func readFolder(file string) (*Folder, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	f := &Folder{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(f); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(f.Clients) == 0 || len(f.Driver) == 0 {
		return nil, fmt.Errorf("%s: clients and a driver are needed", file)
	}
	for _, c := range f.Clients {
		if c.Name == "" || c.Generator == "" {
			return nil, fmt.Errorf("%s: each client needs a name and a generator", file)
		}
	}
	if f.dir, err = filepath.Abs(filepath.Dir(file)); err != nil {
		return nil, err
	}
	f.name = filepath.Base(f.dir)
	return f, nil
}

// prepare runs the commands of Build and Test. What a command printed is shown
// when it fails.
func (f *Folder) prepare(ctx context.Context) error {
	for _, command := range append(f.Build[:len(f.Build):len(f.Build)], f.Test...) {
		began := time.Now()
		if err := f.runCommand(ctx, command); err != nil {
			return err
		}
		fmt.Printf("   %-28s %5.1fs\n", filepath.Base(command[0])+" "+last(command), time.Since(began).Seconds())
	}
	return nil
}

func (f *Folder) runCommand(ctx context.Context, command []string) error {
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	p := exec.CommandContext(ctx, command[0], command[1:]...)
	p.Dir = f.dir
	p.WaitDelay = waitDelay
	if output, err := p.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", command, err, output)
	}
	return nil
}

// last is the last argument of a command, if it has any.
func last(command []string) string {
	if len(command) == 1 {
		return ""
	}
	return command[len(command)-1]
}
