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

// Cast are the accounts of the scenarios. The first one creates rooms, and most
// stories do with the first three.
var Cast = []string{"zhangsan", "lisi", "wangwu", "sunqi", "zhaoliu"}

// accountFields are the form fields that name accounts.
var accountFields = []string{"creator", "accid", "operator", "target", "fromAccid", "accids"}

// cast gives the parts to accounts, and takes them back in what is recorded, so
// that nothing tells whose they are.
type cast struct {
	accounts map[string]string // by part
	parts    *strings.Replacer // from "account" in quotes to "part", escaped or not
	words    []named
}

type named struct {
	account *regexp.Regexp
	part    string
}

// shortName is the length below which an account's name is taken back only
// where it stands for itself: it could be any word.
const shortName = 4

func newCast(accounts []string) *cast {
	c := &cast{accounts: map[string]string{}}
	var pairs []string
	for i, account := range accounts {
		part := Cast[i]
		c.accounts[part] = account
		quoted, _ := json.Marshal(account) //nolint:errchkjson // a text always is JSON
		inside := strings.Trim(string(quoted), `"`)
		pairs = append(pairs, `"`+inside+`"`, `"`+part+`"`, `\"`+inside+`\"`, `\"`+part+`\"`)
		if len(account) >= shortName {
			c.words = append(c.words, named{regexp.MustCompile(`\b` + regexp.QuoteMeta(account) + `\b`), part})
		}
	}
	c.parts = strings.NewReplacer(pairs...)
	return c
}

// account plays a part.
func (c *cast) account(part string) string {
	if account, ok := c.accounts[part]; ok {
		return account
	}
	return part
}

// missing are the parts of a scenario that nobody plays.
func (c *cast) missing(steps []conformance.Step) []string {
	var names []string
	for _, step := range steps {
		for _, field := range accountFields {
			value, there := step.Form[field]
			list, many := value.([]any)
			if !many {
				list = []any{value}
			}
			for _, item := range list {
				name, ok := item.(string)
				if there && ok && name != "" && c.accounts[name] == "" && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// form gives the parts of a form to accounts.
func (c *cast) form(form map[string]string) map[string]string {
	given := make(map[string]string, len(form))
	for name, value := range form {
		given[name] = value
		if !slices.Contains(accountFields, name) {
			continue
		}
		var list []string
		if json.Unmarshal([]byte(value), &list) != nil {
			given[name] = c.account(value)
			continue
		}
		for i := range list {
			list[i] = c.account(list[i])
		}
		text, _ := json.Marshal(list) //nolint:errchkjson // texts always are JSON
		given[name] = string(text)
	}
	return given
}

// anonymous takes the accounts out of what was recorded.
func (c *cast) anonymous(f *cassettes.File) error {
	for _, i := range f.Interactions {
		q, r := &i.Request, &i.Response
		r.Body = c.text(r.Body)
		r.ContentLength = int64(len(r.Body))
		fields, err := wire.ParseForm(q.Body)
		if err != nil {
			continue // no account could be put in
		}
		parts := make([]string, 0, len(fields.Pairs()))
		form := url.Values{}
		for _, p := range fields.Pairs() {
			value := c.text(p.Value)
			for part, account := range c.accounts {
				if p.Value == account {
					value = part
				}
			}
			parts = append(parts, url.QueryEscape(p.Name)+"="+url.QueryEscape(value))
			form.Set(p.Name, value)
		}
		q.Body = strings.Join(parts, "&")
		q.Form, q.ContentLength = form, int64(len(q.Body))
	}
	return nil
}

// text takes the accounts out of a text.
func (c *cast) text(text string) string {
	text = c.parts.Replace(text)
	for _, word := range c.words {
		text = word.account.ReplaceAllString(text, word.part)
	}
	return text
}
