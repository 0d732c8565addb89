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
	// suiteTime bounds all tests together: they take about a minute on an idle
	// machine.
	suiteTime = 8 * time.Minute
	// pageTime bounds one page.
	pageTime = 4 * time.Minute
	// otherName is a name under which a browser finds this machine without
	// knowing it: pages from there are not trusted with crypto.subtle.
	otherName = "emulator.example"
)

var (
	shots = flag.String("shots", "", "write screenshots into this `folder`")
	// newTab opens a tab of the one browser.
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
	// Headless, with a new profile and silent in the background, as chromedp
	// starts it; beyond that:
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

// find returns the first of several programs. There is no test without a
// browser, so that a machine that lacks one does not pass.
func find(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no %s in PATH: install Debian's package chromium", names[0])
}

// shot keeps a picture of a page for people to look at, if they asked for it.
func (p *page) shot(name string) {
	p.t.Helper()
	if *shots == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
