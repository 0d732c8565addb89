// Interop plays the conformance suite through clients of other languages, made
// by stock generators from the published files, against the emulator.
//
// README.md tells what a client's folder holds and how its driver talks.
package main

import (
	"context"
	"errors"
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
	only := flag.String("only", "", "play these clients `alone` (comma-separated folders) and write no results")
	reasons := flag.Bool("reasons", false, "tell why calls were not expressible")
	built := flag.Bool("built", false, "take the clients as they were built before")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *only, *built, *reasons)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

// run plays all clients of this folder, or those named. Results are written
// when all were played and nothing went wrong.
func run(ctx context.Context, only string, built, reasons bool) error {
	suite, err := loadSuite()
	if err != nil {
		return err
	}
	clients, err := findClients(".", only)
	if err != nil {
		return err
	}
	total := Results{}
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
		total.add(c, score)
		fmt.Printf("%s in %s\n", score.summary(), time.Since(began).Round(time.Second/10))
		if reasons {
			score.tellReasons(os.Stdout)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%s failed", strings.Join(failed, ", "))
	}
	if only != "" {
		return nil
	}
	return total.write(resultsFile)
}

// loadSuite is the conformance suite, with what is added here.
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

func playClient(ctx context.Context, suite *conformance.Suite, c *Client, built bool) (*Score, error) {
	if !built {
		if err := c.prepare(ctx); err != nil {
			return nil, err
		}
	}
	return Play(ctx, suite, c)
}

// findClients reads dir/*/client.json, in the order of the folders' names.
func findClients(dir, only string) ([]*Client, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "client.json"))
	if err != nil {
		return nil, err
	}
	var wanted []string
	if only != "" {
		wanted = strings.Split(only, ",")
	}
	var clients []*Client
	for _, file := range files {
		folder := filepath.Base(filepath.Dir(file))
		if only != "" && !slices.Contains(wanted, folder) {
			continue
		}
		c, err := readClient(file)
		if err != nil {
			return nil, err
		}
		clients = append(clients, c)
	}
	if len(clients) == 0 || only != "" && len(clients) != len(wanted) {
		return nil, errors.New("no such client; each has a folder with a client.json")
	}
	return clients, nil
}
