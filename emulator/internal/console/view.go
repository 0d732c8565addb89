package console

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/nimroom/nimroom/internal/advice"
	"github.com/nimroom/nimroom/internal/described"
	"github.com/nimroom/nimroom/internal/eventtext"
)

// view is what a template is given.
type view struct {
	Lang  string // en or zh
	Theme string // light, dark, or empty for that of the system
	Page  string // the name of the template
	URL   string // of the page, without what the settings add
	Path  string
	Now   time.Time
	// Base is the base URL for clients, and AppKey what they sign with.
	Base, AppKey string
	LogsOut      bool // there is a session to end
	Live         bool // the page has live parts
	Data         any
}

func (c *Console) view(r *http.Request) *view {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	v := &view{
		Lang: setting(r, "lang"), Theme: setting(r, "theme"), URL: r.URL.RequestURI(), Path: r.URL.Path, Now: c.Engine.Now(),
		Base: scheme + r.Host + c.BasePath, AppKey: c.Credentials.AppKey(), LogsOut: c.sessions.has(session(r)),
	}
	if v.Lang == "" {
		v.Lang = "en"
		if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "zh") {
			v.Lang = "zh"
		}
	}
	return v
}

// settings are what a person chooses, by the name of the parameter and of the end
// of the cookie.
var settings = map[string][]string{"lang": {"en", "zh"}, "theme": {"light", "dark", "auto"}}

// settingTime is how long a setting is kept, in seconds.
const settingTime = 365 * 24 * 60 * 60

func setting(r *http.Request, name string) string {
	cookie, err := r.Cookie("nimroom_" + name)
	if err != nil {
		return ""
	}
	for _, value := range settings[name] {
		if cookie.Value == value && value != "auto" {
			return value
		}
	}
	return ""
}

// keepSettings keeps what the parameters of a link to a page set, and redirects to
// the page without them.
func (c *Console) keepSettings(w http.ResponseWriter, r *http.Request) (redirected bool) {
	if r.Method != http.MethodGet {
		return false
	}
	query := r.URL.Query()
	for name, values := range settings {
		chosen := query.Get(name)
		for _, value := range values {
			if chosen == value {
				c.setCookie(w, r, "nimroom_"+name, value, settingTime)
				redirected = true
			}
		}
		query.Del(name)
	}
	if redirected {
		http.Redirect(w, r, (&url.URL{Path: r.URL.Path, RawQuery: query.Encode()}).RequestURI(), http.StatusSeeOther)
	}
	return redirected
}

// With returns the address of the page with a parameter changed.
func (v *view) With(name string, value any) string {
	u, err := url.Parse(v.URL)
	if err != nil {
		return v.Path
	}
	query := u.Query()
	if query.Set(name, fmt.Sprint(value)); fmt.Sprint(value) == "" {
		query.Del(name)
	}
	u.RawQuery = query.Encode()
	return u.RequestURI()
}

// Choose returns the address of the first page of a list that is chosen otherwise.
func (v *view) Choose(name, value string) string {
	first := view{URL: v.With(name, value)}
	return first.With("page", "")
}

// Pager shows where a page of a list is.
func (v *view) Pager(s span) any {
	return struct {
		span
		*view
	}{s, v}
}

// navigation are the pages in the order of the menu, by the name of their text.
var navigation = []struct{ path, name string }{
	{"/", "rooms.title"}, {"/requests", "requests.title"}, {"/operations", "operations.title"},
	{"/faults", "faults.title"}, {"/clock", "clock.title"}, {"/callbacks", "callbacks.title"},
}

// link is an entry of the menu.
type link struct {
	Path, Name string
	Is         bool
}

// Nav lists the menu.
func (v *view) Nav() (links []link) {
	for _, n := range navigation {
		is := v.Path == n.path || n.path != "/" && strings.HasPrefix(v.Path, n.path+"/") || n.path == "/" && strings.HasPrefix(v.Path, "/rooms/")
		links = append(links, link{n.path, n.name, is})
	}
	return links
}

// Programs are what a request can be copied as.
func (v *view) Programs() []string { return []string{"curl", "go", "python", "typescript", "java"} }

// OtherTheme is the one that the switch chooses next.
func (v *view) OtherTheme() string {
	return map[string]string{"": "dark", "dark": "light", "light": "auto"}[v.Theme]
}

// Command returns a command for the shell that calls an operation here.
func (v *view) Command(action string, fields ...string) any {
	words := append([]string{"nimroom", "call", action}, fields...)
	words = append(words, "--base-url", v.Base, "--app-key", v.AppKey)
	for i, word := range words {
		words[i] = described.Quote(word)
	}
	return struct{ Text, Copy string }{strings.Join(words, " "), v.T("copy")}
}

// texts are the words of the console, by language and name.
var texts = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range settings["lang"] {
		all[lang] = readTexts(files, lang)
		maps.Copy(all[lang], eventtext.Texts(lang))
	}
	return all
})

func readTexts(files embed.FS, lang string) map[string]string {
	text, err := files.ReadFile("texts/" + lang + ".json")
	if err != nil {
		panic(err) // impossible: it is embedded
	}
	words := map[string]string{}
	if err := json.Unmarshal(text, &words); err != nil {
		panic(err) // impossible: a test reads it
	}
	return words
}

// T returns the text with a name, with its parts filled in.
func (v *view) T(name string, parts ...any) string {
	text, ok := texts()[v.Lang][name]
	if !ok {
		return name
	}
	if len(parts) > 0 {
		return fmt.Sprintf(text, parts...)
	}
	return text
}

// Or returns the text with a name, or else another text.
func (v *view) Or(name, other string) string {
	if text, ok := texts()[v.Lang][name]; ok {
		return text
	}
	return other
}

// Language is the language of advice.
func (v *view) Language() advice.Language {
	if v.Lang == "zh" {
		return advice.Chinese
	}
	return advice.English
}

// Moment is a time as a page shows it: in words, as the time of day, and exactly.
type Moment struct{ Words, Clock, Exact string }

// At shows a time. The words are coarse, so that a live page changes seldom.
func (v *view) At(t time.Time) Moment {
	return Moment{v.ago(v.Now.Sub(t)), t.UTC().Format("15:04:05"), t.UTC().Format("2006-01-02 15:04:05.000 UTC")}
}

func (v *view) ago(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return v.T("time.now")
	case d < time.Minute:
		return v.T("time.seconds", int(d/(10*time.Second))*10)
	case d < time.Hour:
		return v.T("time.minutes", int(d/time.Minute))
	case d < 48*time.Hour:
		return v.T("time.hours", int(d/time.Hour))
	}
	return v.T("time.days", int(d/(24*time.Hour)))
}

// Left shows how long something still lasts.
func (v *view) Left(d time.Duration) string { return eventtext.Duration(v.Lang, d) }

// JSON returns names and values, one after the other, as a JSON object of texts:
// JavaScript has no numbers as large as ids of rooms can be.
func (v *view) JSON(pairs ...any) (string, error) {
	object := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		object[fmt.Sprint(pairs[i])] = fmt.Sprint(pairs[i+1])
	}
	text, err := json.Marshal(object)
	return string(text), err
}
