// Package browsertest tests the reference page in headless Chromium. Its tests use the
// page as people do and check the requests that the emulator received. It is a module of
// its own, so that the tests of other modules need no browser.
//
// Package github.com/chromedp/chromedp controls the browser over the browser's own
// protocol, so no separate driver program is needed. It is updated for every Chromium.
package browsertest
