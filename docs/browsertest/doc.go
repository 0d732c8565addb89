// Package browsertest drives the reference page in headless Chromium: its tests
// use the page as people do and look at what the emulator received. It is a
// module of its own, so that nobody else needs a browser.
//
// github.com/chromedp/chromedp speaks the browser's own protocol over a pipe
// and needs no driver program beside it; it is kept up with every Chromium.
package browsertest
