package live

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/nimroom/nimroom/cassettes"
	"github.com/nimroom/nimroom/conformance"
	"github.com/nimroom/nimroom/internal/wire"
)

// ScenarioAccounts are the accounts that the scenarios name. The first one creates
// rooms, and most scenarios need only the first three.
var ScenarioAccounts = []string{"zhangsan", "lisi", "wangwu", "sunqi", "zhaoliu"}

// accountMapping maps the accounts of the scenarios to those of the app in
// requests, and back in recordings, so that a recording does not show whose they are.
type accountMapping struct {
	fields   []string          // of forms, that name accounts
	accounts map[string]string // of the app, by those of the scenarios
	quoted   *strings.Replacer // from an account of the app in quotes, escaped or not
	words    []word
}

type word struct {
	account  *regexp.Regexp
	scenario string
}

// shortName is the length below which the name of an account is replaced only
// where it is a whole JSON string or form field: elsewhere it could be any word.
const shortName = 4

// newAccountMapping maps the first accounts of the scenarios to accounts.
func newAccountMapping(accounts, fields []string) *accountMapping {
	m := &accountMapping{fields: fields, accounts: map[string]string{}}
	var pairs []string
	for i, account := range accounts {
		name := ScenarioAccounts[i]
		m.accounts[name] = account
		quoted, _ := json.Marshal(account) //nolint:errchkjson // a text always is JSON
		inside := strings.Trim(string(quoted), `"`)
		pairs = append(pairs, `"`+inside+`"`, `"`+name+`"`, `\"`+inside+`\"`, `\"`+name+`\"`)
		if len(account) >= shortName {
			m.words = append(m.words, word{regexp.MustCompile(`\b` + regexp.QuoteMeta(account) + `\b`), name})
		}
	}
	m.quoted = strings.NewReplacer(pairs...)
	return m
}

// account is the app's account for one of the scenarios, or the name itself where
// the app has none for it.
func (m *accountMapping) account(name string) string {
	if account, ok := m.accounts[name]; ok {
		return account
	}
	return name
}

// missing are the accounts that steps name and the app has none for.
func (m *accountMapping) missing(steps []conformance.Step) []string {
	var names []string
	for _, step := range steps {
		for _, field := range m.fields {
			value, there := step.Form[field]
			list, many := value.([]any)
			if !many {
				list = []any{value}
			}
			for _, item := range list {
				name, ok := item.(string)
				if there && ok && name != "" && m.accounts[name] == "" && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// form puts the app's accounts into a form.
func (m *accountMapping) form(form map[string]string) map[string]string {
	given := make(map[string]string, len(form))
	for name, value := range form {
		given[name] = value
		if !slices.Contains(m.fields, name) {
			continue
		}
		var list []string
		if json.Unmarshal([]byte(value), &list) != nil {
			given[name] = m.account(value)
			continue
		}
		for i := range list {
			list[i] = m.account(list[i])
		}
		text, _ := json.Marshal(list) //nolint:errchkjson // texts always are JSON
		given[name] = string(text)
	}
	return given
}

// anonymous puts the accounts of the scenarios into what was recorded.
func (m *accountMapping) anonymous(f *cassettes.File) error {
	for _, i := range f.Interactions {
		q, r := &i.Request, &i.Response
		r.Body = m.text(r.Body)
		r.ContentLength = int64(len(r.Body))
		fields, err := wire.ParseForm(q.Body)
		if err != nil {
			continue // no account could be put in
		}
		pairs := make([]string, 0, len(fields.Pairs()))
		form := url.Values{}
		for _, p := range fields.Pairs() {
			value := m.text(p.Value)
			for name, account := range m.accounts {
				if p.Value == account {
					value = name
				}
			}
			pairs = append(pairs, url.QueryEscape(p.Name)+"="+url.QueryEscape(value))
			form.Set(p.Name, value)
		}
		q.Body = strings.Join(pairs, "&")
		q.Form, q.ContentLength = form, int64(len(q.Body))
	}
	return nil
}

// text puts the accounts of the scenarios into a text.
func (m *accountMapping) text(text string) string {
	text = m.quoted.Replace(text)
	for _, w := range m.words {
		text = w.account.ReplaceAllString(text, w.scenario)
	}
	return text
}
