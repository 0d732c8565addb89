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

// Client describes a client: its client.json.
type Client struct {
	// Name is the language, or the client, as the README's table has it.
	Name string `json:"name"`
	// Generator is the program that made the client, with its version.
	Generator string `json:"generator"`
	// Spec is the published file that the client was made from.
	Spec string `json:"spec"`
	// Build makes the client, and Test checks its hook and its idioms: commands
	// with their arguments, run in the folder one after the other.
	Build [][]string `json:"build"`
	Test  [][]string `json:"test"`
	// Driver is the command that makes the calls.
	Driver []string `json:"driver"`
	folder string   // its name
	dir    string   // its path
}

func readClient(file string) (*Client, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	c := &Client{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(c); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if c.Name == "" || c.Generator == "" || len(c.Driver) == 0 {
		return nil, fmt.Errorf("%s: name, generator and driver are needed", file)
	}
	if c.dir, err = filepath.Abs(filepath.Dir(file)); err != nil {
		return nil, err
	}
	c.folder = filepath.Base(c.dir)
	return c, nil
}

// prepare runs the commands of Build and Test. What a command printed is shown
// when it fails.
func (c *Client) prepare(ctx context.Context) error {
	for _, command := range append(c.Build[:len(c.Build):len(c.Build)], c.Test...) {
		began := time.Now()
		if err := c.runCommand(ctx, command); err != nil {
			return err
		}
		fmt.Printf("   %-28s %5.1fs\n", filepath.Base(command[0])+" "+last(command), time.Since(began).Seconds())
	}
	return nil
}

func (c *Client) runCommand(ctx context.Context, command []string) error {
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	p := exec.CommandContext(ctx, command[0], command[1:]...)
	p.Dir = c.dir
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
