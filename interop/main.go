// Interop plays the conformance suite against the emulator through clients of
// other languages, which stock generators make from the published files:
//
//	go run . [-built] [-reasons] [CLIENT...]
//
// Without the names of clients it plays all of them. README.md describes what the
// folder of a client holds, and how its driver reads and replies.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nimroom/nimroom/conformance"
)

const resultsFile = "results.json"

func main() {
	built := flag.Bool("built", false, "play the clients as they were built before")
	reasons := flag.Bool("reasons", false, "print why calls were not expressible")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, flag.Args(), *built, *reasons)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

// run plays all clients of this folder, or those named, and replaces the results
// of those that pass.
func run(ctx context.Context, names []string, built, reasons bool) error {
	suite, err := loadSuite()
	if err != nil {
		return err
	}
	clients, err := findClients(".", names)
	if err != nil {
		return err
	}
	results, err := readResults(resultsFile)
	if err != nil {
		return err
	}
	var failed []string
	for _, c := range clients {
		began := time.Now()
		fmt.Printf("\n== %s: %s\n", c.Name, c.Generator)
		score, err := playClient(ctx, suite, c, built)
		if err != nil {
			fmt.Printf("FAILED: %v\n", err)
			failed = append(failed, c.folder)
			continue
		}
		results.put(c, score)
		fmt.Printf("%s in %s\n", score.summary(), time.Since(began).Round(time.Second/10))
		if reasons {
			score.printReasons(os.Stdout)
		}
	}
	if len(names) == 0 { // all were played: what is left are clients that are gone
		results.remove(func(name string) bool {
			return !slices.ContainsFunc(clients, func(c *Client) bool { return c.Name == name })
		})
	}
	if err := results.write(resultsFile); err != nil {
		return err
	}
	if len(failed) > 0 {
		return fmt.Errorf("%s failed", strings.Join(failed, ", "))
	}
	return nil
}

// loadSuite loads the conformance suite and adds the scenarios of this program.
func loadSuite() (*conformance.Suite, error) {
	suite, err := conformance.Load()
	if err != nil {
		return nil, err
	}
	forms, err := exampleForms()
	if err != nil {
		return nil, err
	}
	suite.Scenarios = append(suite.Scenarios, documentedCodes(forms)...)
	suite.Scenarios = append(suite.Scenarios, oddResponses(forms)...)
	return suite, nil
}

// playClient builds a client and plays it. Each operation must have succeeded and
// must have failed by a typed call.
func playClient(ctx context.Context, suite *conformance.Suite, c *Client, built bool) (*Score, error) {
	if !built {
		if err := c.prepare(ctx); err != nil {
			return nil, err
		}
	}
	score, err := Play(ctx, suite, c)
	if err != nil {
		return nil, err
	}
	return score, score.complete()
}

// findClients reads dir/*/client.json, or those of the folders named.
func findClients(dir string, names []string) ([]*Client, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "client.json"))
	if err != nil {
		return nil, err
	}
	var clients []*Client
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		if len(names) > 0 && !slices.Contains(names, folder) {
			continue
		}
		c, err := readClient(file)
		if err != nil {
			return nil, err
		}
		clients = append(clients, c)
	}
	if len(clients) == 0 || len(names) > 0 && len(clients) != len(names) {
		return nil, fmt.Errorf("%q: each client has a folder with a client.json", names)
	}
	return clients, nil
}
