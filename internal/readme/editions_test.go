package main

import (
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEditionsSayTheSame compares what can be compared between two languages. Whether other words
// say the same, a reader must see: TestEditionsChangeTogether wants both to change.
func TestEditionsSayTheSame(t *testing.T) {
	for _, name := range editions {
		difference, err := compare(read(t, name+".md"), read(t, name+".zh-CN.md"), name)
		require.NoError(t, err)
		assert.Empty(t, difference, "edit %s.md and %s.zh-CN.md in the same commit", name, name)
	}
}

// TestEditionsThatDiffer changes one edition of a pair that says the same.
func TestEditionsThatDiffer(t *testing.T) {
	const english = `# Rooms

See [the proxy](#the-proxy) and [the spec](../README.md#inside). It waits 10 seconds, asks three times, and prints ` + "`open for 9s`" + `.

## The proxy

Without it:

- ` + "`--addr`" + ` takes 8600.
- The end.

| flag | default |
|---|---|
| ` + "`-v`" + ` | 5 |

` + "```sh\ngo run . --room 66 # a room\n```\n"
	const chinese = `# 聊天室

参见[代理](#代理)和[规范](../README.zh-CN.md#目录结构)。它等待 10 秒，询问三次，并输出 ` + "`已开启 9 秒`" + `。

## 代理

没有它时：

- ` + "`--addr`" + ` 取 8600。
- 结束。

| 选项 | 默认值 |
|---|---|
| ` + "`-v`" + ` | 5 |

` + "```sh\ngo run . --room 66 # 一个聊天室\n```\n"
	difference, err := compare(english, chinese, "docs/x")
	require.NoError(t, err)
	require.Empty(t, difference)
	for _, tt := range []struct{ old, new, want string }{
		{"## 代理", "### 代理", "docs/x.zh-CN.md:5: heading ###, but docs/x.md:5 has: heading ##"},
		{"没有它时：\n\n", "", "docs/x.zh-CN.md:7: item -, but docs/x.md:7 has: paragraph"},
		{"没有它时：", "没有它时：\n\n另外：", "docs/x.zh-CN.md:9: paragraph, but docs/x.md:9 has: item -"},
		{"- 结束。\n", "", "docs/x.zh-CN.md:11: cell 1 of 2, but docs/x.md:10 has: item -"},
		{"| `-v` | 5 |", "| `-v` |", "docs/x.zh-CN.md:14: cell 1 of 1, but docs/x.md:14 has: cell 1 of 2"},
		{"| 5 |", "| 6 |", "docs/x.zh-CN.md:14: 6 too many in the cell 2 of 2 of docs/x.md:14"},
		{"10 秒", "几秒", "docs/x.zh-CN.md:3: 10 missing in the paragraph of docs/x.md:3"},
		{"三次", "四次", "docs/x.zh-CN.md:3: 3 missing in the paragraph of docs/x.md:3"},
		{"它等待", "它是代理。它等待", "docs/x.zh-CN.md:3: 3 instead of 2 sentences in the paragraph of docs/x.md:3"},
		{"9 秒", "8 秒", "docs/x.zh-CN.md:3: `open for 9s` missing in the paragraph of docs/x.md:3"},
		{"`已开启 9 秒`", "", "docs/x.zh-CN.md:3: `open for 9s` missing in the paragraph of docs/x.md:3"},
		{"取 8600", "取 `--port`", "docs/x.zh-CN.md:9: `--port` too many in the item - of docs/x.md:9"},
		{"`--addr` 取", "取", "docs/x.zh-CN.md:9: `--addr` missing in the item - of docs/x.md:9"},
		{"(#代理)", "(#聊天室)", "docs/x.zh-CN.md:3: docs/x.md, section 1 too many in the paragraph of docs/x.md:3"},
		{"[代理](#代理)", "代理", "docs/x.zh-CN.md:3: docs/x.md, section 2 missing in the paragraph of docs/x.md:3"},
		{"--room 66", "--room 67", `docs/x.zh-CN.md:16: "go run . --room 67 #" instead of "go run . --room 66 #" in the block of code of docs/x.md:16`},
		{" # 一个聊天室\n", "\ngo test .\n", `docs/x.zh-CN.md:16: "go run . --room 66" instead of "go run . --room 66 #" in the block of code of docs/x.md:16`},
		{"```sh\ngo run . --room 66 # 一个聊天室\n```\n", "", "docs/x.zh-CN.md:16: end of the page, but docs/x.md:16 has: block of code"},
		{"一个聊天室\n```\n", "一个聊天室\n```\n\n结束。\n", "docs/x.zh-CN.md:20: paragraph after the end of the English edition"},
	} {
		require.Contains(t, chinese, tt.old)
		difference, err := compare(english, strings.Replace(chinese, tt.old, tt.new, 1), "docs/x")
		require.NoError(t, err, tt.new)
		assert.Equal(t, tt.want, difference, tt.new)
	}
	for link, want := range map[string]string{"#proxy": "there is no such section", "../README.zh-CN.md#inside": "there is no such section", "nothing.md": "no such file"} {
		_, err = compare(english, strings.Replace(chinese, "#代理", link, 1), "docs/x")
		assert.ErrorContains(t, err, want, link)
	}
}

// typos are marks of Chinese texts that were typed by the habits of English, each with an example.
var typos = map[*regexp.Regexp]string{
	regexp.MustCompile(`\p{Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Han}`): "调用API",
	regexp.MustCompile(`\p{Han} ?[,;:?!()]|[;:?!()]\p{Han}`):    "成功, 返回",
	regexp.MustCompile(`[０-９Ａ-Ｚａ-ｚ]`):                           "第１页",
	regexp.MustCompile(`[，。；：、？！”）]\*\*\p{Han}`):                "**输出。**表格", // not bold: * after a mark opens a span
	regexp.MustCompile(`\p{Han} \p{Han}`):                       "成功 返回",
	regexp.MustCompile(`\p{Han}\n *\p{Han}`):                    "成功\n返回", // shown as a blank
}

// TestChineseTypography finds them.
func TestChineseTypography(t *testing.T) {
	for typo, example := range typos {
		assert.Regexp(t, typo, example)
		for _, name := range editions {
			for _, p := range split(read(t, name+".zh-CN.md")) {
				if p.kind == "block of code" {
					continue
				}
				text := regexp.MustCompile(`!?\[([^]]*)\]\([^)]*\)`).ReplaceAllString(codeSpan.ReplaceAllString(p.text, "x"), "$1")
				assert.Empty(t, typo.FindString(text), "%s.zh-CN.md:%d: %s", name, p.line, text)
			}
		}
	}
}

// compare returns the first difference between the editions of a page, or "".
func compare(english, chinese, name string) (string, error) {
	parts, own := split(english), split(chinese)
	for i := range max(len(parts), len(own)) {
		end := part{strings.Count(chinese, "\n") + 1, "end of the page", ""}
		if i < len(own) {
			end = own[i]
		}
		place := fmt.Sprintf("%s.zh-CN.md:%d: ", name, end.line)
		if i >= len(parts) {
			return place + end.kind + " after the end of the English edition", nil
		}
		p, o := parts[i], end
		at := fmt.Sprintf("%s.md:%d", name, p.line)
		if p.kind != o.kind {
			return fmt.Sprintf("%s%s, but %s has: %s", place, o.kind, at, p.kind), nil
		}
		if difference, err := compareParts(p, o, page{name, english}, page{name + ".zh-CN", chinese}); err != nil || difference != "" {
			return place + difference + " in the " + p.kind + " of " + at, err
		}
	}
	return "", nil
}

var (
	codeSpan = regexp.MustCompile("`[^`]+`")
	link     = regexp.MustCompile(`\]\(([^)]*)\)|<(https?:[^>]*)>`)
	sentence = regexp.MustCompile(`[.?!][)*"]*(?:\s|$)|[。？！]`)
	number   = regexp.MustCompile(`\d+(?:[.,]\d+)*`)
	words    = regexp.MustCompile(`(?i)\b(?:` + strings.Join(numerals, "|") + `)\b`)
	numerals = []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	hanzi    = regexp.MustCompile(`十[一二]?|[两一二三四五六七八九]`)
	digits   = map[string]string{
		"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6",
		"七": "7", "八": "8", "九": "9", "十": "10", "十一": "11", "十二": "12",
	}
)

// compareParts returns what one of two parts of a kind has and the other has not.
func compareParts(p, o part, english, chinese page) (string, error) {
	if p.kind == "block of code" {
		lines, own := strings.Split(p.text, "\n"), strings.Split(o.text, "\n")
		for i := range min(len(lines), len(own)) {
			if lines[i] != own[i] {
				return fmt.Sprintf("%q instead of %q", own[i], lines[i]), nil
			}
		}
		return "", nil // one that is shorter differs in its last line, the fence
	}
	f, err := english.facts(p.text)
	if err != nil {
		return "", err
	}
	g, err := chinese.facts(o.text)
	if err != nil {
		return "", err
	}
	if f.sentences != g.sentences {
		return fmt.Sprintf("%d instead of %d sentences", g.sentences, f.sentences), nil
	}
	var printed []string // the numbers of each text that the program prints in Chinese
	for _, fact := range g.exact {
		if strings.ContainsFunc(fact, isHan) {
			printed = append(printed, numbers(fact))
		} else if !slices.Contains(f.exact, fact) && !slices.Contains(f.spelled, fact) {
			return fact + " too many", nil
		}
	}
	for _, fact := range f.exact {
		if slices.Contains(g.exact, fact) {
			continue
		}
		at := slices.Index(printed, numbers(fact))
		if at < 0 || !strings.HasPrefix(fact, "`") {
			return fact + " missing", nil
		}
		printed = slices.Delete(printed, at, at+1)
	}
	for _, fact := range f.spelled {
		if fact != "1" && !slices.Contains(g.exact, fact) && !slices.Contains(g.spelled, fact) {
			return fact + " missing", nil
		}
	}
	return "", nil
}

func numbers(text string) string { return strings.Join(number.FindAllString(text, -1), " ") }

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// facts are what a text says in any language: code spans, links and numbers, numbers that it spells, and how many
// sentences it takes.
type facts struct {
	exact, spelled []string
	sentences      int
}

// A page is an edition.
type page struct{ name, text string }

// facts returns the facts of a part of the page.
func (p page) facts(text string) (facts, error) {
	var f facts
	for _, span := range codeSpan.FindAllString(text, -1) {
		f.exact = append(f.exact, strings.Join(strings.Fields(span), " "))
	}
	text = codeSpan.ReplaceAllString(text, "x")
	f.sentences = len(sentence.FindAllString(text, -1))
	for _, found := range link.FindAllStringSubmatch(text, -1) {
		target, err := p.target(found[1] + found[2])
		if err != nil {
			return f, err
		}
		f.exact = append(f.exact, target)
	}
	text = link.ReplaceAllString(text, "")
	f.exact = append(f.exact, number.FindAllString(text, -1)...)
	for _, word := range words.FindAllString(text, -1) {
		f.spelled = append(f.spelled, strconv.Itoa(slices.Index(numerals, strings.ToLower(word))+1))
	}
	for _, word := range hanzi.FindAllString(text, -1) {
		f.spelled = append(f.spelled, digits[word])
	}
	return f, nil
}

// target returns the target of a link for any language: a file as its English edition, a section by its ordinal number.
func (p page) target(link string) (string, error) {
	if strings.Contains(link, "://") {
		return link, nil
	}
	file, section, found := strings.Cut(link, "#")
	full := path.Join(path.Dir(p.name), file)
	text := p.text
	if file == "" {
		full = p.name + ".md"
	} else if _, err := os.Stat("../../" + full); err != nil {
		return "", fmt.Errorf("%s.md: the link %s: %w", p.name, link, err)
	} else if found {
		content, err := os.ReadFile("../../" + full)
		if err != nil {
			return "", err
		}
		text = string(content)
	}
	target := strings.Replace(full, ".zh-CN.md", ".md", 1)
	if !found {
		return target, nil
	}
	ordinal := 0
	for _, heading := range split(text) {
		if !strings.HasPrefix(heading.kind, "heading") {
			continue
		}
		if ordinal++; slug(heading.text) == section {
			return fmt.Sprintf("%s, section %d", target, ordinal), nil
		}
	}
	return "", fmt.Errorf("%s.md: the link %s: there is no such section", p.name, link)
}

// slug returns the anchor that GitHub gives a heading.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' {
			return '-'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' {
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimLeft(heading, "# "))
}
