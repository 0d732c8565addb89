// Package browsertest tests the reference page and the console of the emulator in
// headless Chromium. Its tests use the pages as people do and check the requests that the emulator received. It is a module of
// its own, so that the tests of other modules need no browser.
//
// Package github.com/chromedp/chromedp controls the browser over the browser's own
// protocol, so no separate driver program is needed. It is updated for every Chromium.
//
// testdata/axe.min.js is the unchanged file of the npm package axe-core, version 4.14.1
// (MPL-2.0). It finds what keeps people with a disability out of a page.
package browsertest
