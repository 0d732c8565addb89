// Interop plays the conformance suite against the emulator through clients of
// other languages, which stock generators make from the published files:
//
//	go run . [-built] [-reasons] [FOLDER...]
//	go run . -serve open|strict
//
// Without the names of folders it plays the clients of all of them. README.md
// describes what the folder of a client holds, and how its driver reads and replies.
// With -serve it serves one emulator, for the suites of others (emulator.sh).
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/sign"
	"github.com/nimroom/nimroom/wrapper/proxy"
)

const resultsFile = "results.json"

func main() {
	built := flag.Bool("built", false, "play the clients as they were built before")
	reasons := flag.Bool("reasons", false, "print why calls were not expressible")
	accounts := flag.String("serve", "", "instead serve an emulator with these `accounts`, open or strict, on a free port of this machine, and print its address")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var err error
	if *accounts != "" {
		err = serve(ctx, *accounts)
	} else {
		err = run(ctx, flag.Args(), *built, *reasons)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

// serve serves an emulator until ctx ends.
func serve(ctx context.Context, accounts string) error {
	credentials, err := sign.NewCredentials(appKey, appSecret)
	if err != nil {
		return err
	}
	srv, err := emulator.New(emulator.WithCredentials(credentials), emulator.WithAccounts(emulator.Accounts(accounts)))
	if err != nil {
		return err
	}
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s%s\n", l.Addr(), proxy.Prefix)
	return srv.Serve(ctx, l)
}

// run plays the clients of all folders, or of those named, and replaces the
// results of those that pass.
func run(ctx context.Context, names []string, built, reasons bool) error {
	suite, err := loadSuite()
	if err != nil {
		return err
	}
	folders, err := findFolders(".", names)
	if err != nil {
		return err
	}
	results, err := readResults(resultsFile)
	if err != nil {
		return err
	}
	if len(names) == 0 { // the results of clients that are gone go with them
		results.keep(folders)
	}
	var failed []string
	for _, f := range folders {
		fmt.Printf("\n== %s\n", f.name)
		if !built {
			if err := f.prepare(ctx); err != nil {
				fmt.Printf("FAILED: %v\n", err)
				failed = append(failed, f.name)
				continue
			}
		}
		for _, c := range f.Clients {
			began := time.Now()
			fmt.Printf("%s: %s\n", c.Name, c.Generator)
			score, err := Play(ctx, suite, f, c)
			if err == nil {
				err = score.complete()
			}
			if err != nil {
				fmt.Printf("FAILED: %v\n", err)
				failed = append(failed, c.Name)
				continue
			}
			results.put(f, c, score)
			fmt.Printf("   %s in %s\n", score.summary(), time.Since(began).Round(time.Second/10))
			if reasons {
				score.printReasons(os.Stdout)
			}
		}
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

// findFolders reads dir/*/client.json, or those of the folders named.
func findFolders(dir string, names []string) ([]*Folder, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "client.json"))
	if err != nil {
		return nil, err
	}
	var folders []*Folder
	for _, file := range files {
		if len(names) > 0 && !slices.Contains(names, filepath.Base(filepath.Dir(file))) {
			continue
		}
		f, err := readFolder(file)
		if err != nil {
			return nil, err
		}
		folders = append(folders, f)
	}
	if len(folders) == 0 || len(names) > 0 && len(folders) != len(names) {
		return nil, fmt.Errorf("%q: want names of folders that have a client.json", names)
	}
	return folders, nil
}
