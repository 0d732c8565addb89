// Command cmd releases the published files of the spec as a version, which is its argument.
// It works on the module in the current folder.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/nimroom/nimroom/internal/release"
)

func main() {
	if len(os.Args) != 2 || os.Args[1] == "" {
		fmt.Fprintln(os.Stderr, "name the version: make release VERSION=2.0.0")
		os.Exit(2)
	}
	if err := release.Make(".", os.Args[1], time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("spec/released/%s is made; commit it.\n", os.Args[1])
}
