package browsertest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const (
	// suiteTime is the time limit for all tests together. They take about a minute on
	// an idle machine.
	suiteTime = 8 * time.Minute
	// pageTime is the time limit for one page.
	pageTime = 4 * time.Minute
	// otherName is a host name that the browser resolves to this machine. The browser
	// does not know that it is this machine, so pages from there get no crypto.subtle.
	otherName = "emulator.example"
)

var (
	shots = flag.String("shots", "", "write screenshots into this `folder`")
	// newTab opens a tab in the browser that all tests share.
	newTab func() (context.Context, context.CancelFunc)
)

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	program, err := find("chromium", "chromium-browser", "google-chrome")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, cancel := context.WithTimeout(context.Background(), suiteTime)
	defer cancel()
	// By default, chromedp starts a headless browser with a new profile and without
	// network activity of its own. These options are in addition.
	browser, stop := chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(
		chromedp.ExecPath(program),
		chromedp.NoSandbox, // CI runs as root
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP "+otherName+" 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.WindowSize(1280, 1000),
	))
	defer stop()
	if err := chromedp.Do(browser); err != nil {
		fmt.Fprintln(os.Stderr, "starting", program+":", err)
		return 1
	}
	newTab = func() (context.Context, context.CancelFunc) { return chromedp.NewContext(browser) }
	return m.Run()
}

// find returns the first of the named programs that is installed. The tests fail without
// a browser, so that they cannot pass on a machine that lacks one.
func find(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no %s in PATH: install the Debian package chromium", names[0])
}

// shot saves a screenshot of a page if the flag -shots is given.
func (p *page) shot(name string) {
	p.t.Helper()
	if *shots == "" {
		return
	}
	screenshot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), screenshot, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
