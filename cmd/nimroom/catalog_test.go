package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nimroom/nimroom/emulator"
	"github.com/nimroom/nimroom/internal/environment"
)

// inEnglish are the files whose texts are for developers of the project, or are results.
var inEnglish = []string{"audit.go", "demo.go", "po.go", "table.go"}

// says returns the position of the first text among the arguments of the functions that take texts.
var says = map[string]int{
	"usage": 0, "Errorf": 0, "Of": 0, "text": 0, "say": 0, "greet": 0, "good": 0, "note": 0, "bad": 1, // and the subject of a finding
}

// texts collects the texts that are in the source files of a folder, with their places.
type textFinder struct {
	t         *testing.T
	files     *token.FileSet
	found     map[string]string
	constants map[string]string
}

func (f *textFinder) folder(path string) {
	names, err := filepath.Glob(filepath.Join(path, "*.go"))
	require.NoError(f.t, err)
	var parsed []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || slices.Contains(inEnglish, name) {
			continue
		}
		file, err := parser.ParseFile(f.files, name, nil, 0)
		require.NoError(f.t, err)
		parsed = append(parsed, file)
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == len(spec.Names) {
				for i, name := range spec.Names {
					if text, ok := f.literal(spec.Values[i]); ok {
						f.constants[name.Name] = text
					}
				}
			}
			return true
		})
	}
	for _, file := range parsed {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				f.call(call)
			}
			return true
		})
	}
}

// call notes the texts of a call, and reports texts that cannot be translated.
func (f *textFinder) call(call *ast.CallExpr) {
	name, of := "", ""
	switch function := call.Fun.(type) {
	case *ast.Ident:
		name = function.Name
	case *ast.SelectorExpr:
		name = function.Sel.Name
		if x, ok := function.X.(*ast.Ident); ok {
			of = x.Name
		}
	}
	place := f.files.Position(call.Pos()).String()
	if (of == "fmt" && name == "Errorf" || of == "errors" && name == "New") && !strings.HasPrefix(place, "../../internal/message/") {
		f.t.Errorf("%s: make the error with message.Errorf, so that it has a translation", place)
		return
	}
	first, ok := says[name]
	if !ok {
		if of == "fmt" && strings.HasPrefix(name, "Fprint") {
			for _, argument := range call.Args {
				if text, ok := f.literal(argument); ok && prose.MatchString(text) && !strings.HasPrefix(text, "nimroom ") { // what programs read
					f.t.Errorf("%s: %q: print it with say or text, so that it has a translation", place, text)
				}
			}
		}
		return
	}
	for i := first; i < len(call.Args) && i <= first+map[string]int{"good": 1, "note": 1}[name]; i++ {
		if text, ok := f.literal(call.Args[i]); ok {
			f.found[text] = place
		}
	}
}

// prose finds texts that people read.
var prose = regexp.MustCompile(`[A-Za-z]{2,} [a-z]{2,}`)

// literal returns the text that an expression is.
func (f *textFinder) literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		text, ok := f.constants[e.Name]
		return text, ok
	case *ast.BinaryExpr:
		left, ok := f.literal(e.X)
		right, also := f.literal(e.Y)
		return left + right, ok && also
	}
	return "", false
}

// help notes the texts of the parser's model that do not come from the spec.
func (f *textFinder) help(node *kong.Node) {
	note := func(text string) {
		if text != "" {
			f.found[text] = "the help of " + node.Name
		}
	}
	if node.Target.CanAddr() {
		if _, typed := node.Target.Addr().Interface().(*typedCommand); typed {
			return
		}
	}
	if node.Group == nil || node.Group.Key != "services" || node.Name == "watch" {
		note(node.Help)
	}
	note(node.Detail)
	if node.Group != nil {
		note(node.Group.Title)
	}
	for _, v := range node.Positional {
		note(v.OrigHelp)
	}
	for _, flag := range node.Flags {
		note(flag.OrigHelp)
	}
	for _, child := range node.Children {
		f.help(child)
	}
}

// TestEveryTextHasAChineseOne: what the command line says in English, it says in Chinese.
func TestEveryTextHasAChineseOne(t *testing.T) {
	f := &textFinder{t: t, files: token.NewFileSet(), found: map[string]string{}, constants: map[string]string{}}
	for _, folder := range []string{"../../internal/environment", "../../internal/message", "../../internal/output", "../../internal/command", "."} {
		f.folder(folder)
	}
	parser, err := newParser(streams{out: io.Discard, err: io.Discard}, func(int) {})
	require.NoError(t, err)
	f.help(parser.Model.Node)
	entries := maps.Clone(chineseCatalog().entries)
	var missing strings.Builder
	for _, text := range slices.Sorted(maps.Keys(f.found)) {
		e, ok := entries[text]
		switch {
		case ok:
			assert.Equal(t, verbs(text), verbs(e.translated), "%s: the verbs of %q", f.found[text], text)
			delete(entries, text)
		case strings.IndexFunc(verb.ReplaceAllString(text, ""), isLetter) >= 0:
			missing.WriteString("# " + f.found[text] + "\nmsgid " + strconv.Quote(text) + "\nmsgstr \"\"\n\n")
		}
	}
	assert.Empty(t, missing.String(), "put these texts into zh.po, in Chinese and in the order of the English")
	for text, e := range entries {
		assert.NotNil(t, e.pattern, "zh.po: nothing says %q", text)
	}
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// verbs returns the verbs of a format, each with the number of its argument.
func verbs(format string) (list []string) {
	next := 1
	for _, v := range verb.FindAllString(format, -1) {
		if before, after, indexed := strings.Cut(v, "["); indexed {
			number, rest, _ := strings.Cut(after, "]")
			next, _ = strconv.Atoi(number)
			v = before + rest
		}
		list = append(list, strconv.Itoa(next)+v)
		next++
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestTheCatalogIsInOrder(t *testing.T) {
	before := ""
	for _, e := range chineseCatalog().list {
		assert.Less(t, before, e.english, "zh.po: out of order")
		before = e.english
	}
}

// TestTextsOfOtherPackagesAreTranslated takes them from where they come from.
func TestTextsOfOtherPackagesAreTranslated(t *testing.T) {
	atHome(t)
	srv := emulator.Start(t)
	call := func(args ...string) []string {
		return append([]string{"--lang", "zh", "--app-key", emulator.DefaultAppKey, "--app-secret", emulator.DefaultAppSecret}, args...)
	}
	path, err := environment.Path()
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(`{"profiles":{"a":{"prodution":true}}}`), 0o600))
	_, _, broken := nimroom(t, "profile", "list", "--lang", "zh")
	assert.Contains(t, broken, "未知字段 \"prodution\"")
	require.NoError(t, os.Remove(path))
	over := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-over }))
	defer silent.Close()
	defer close(over)
	for want, args := range map[string][]string{
		"缺少选项：--app-key":                                             {"--lang=zh", "profile", "add", "x"},
		`--format："xml"，应为 text、json 之一`:                             {"audit", "f", "--format", "xml", "--lang", "zh"},
		"位整数，而不是 \"x\"":                                              {"serve", "--rate", "x", "--lang", "zh"},
		"应为时长，例如":                                                    {"doctor", "--timeout", "x", "--lang", "zh"},
		"AppSecret 的第 1 个字节（从 0 计）是空白字符；请设置":                         {"rooms", "get", "66", "--lang", "zh", "--app-key", "k", "--app-secret", "a b"},
		"服务地址必须以 http 或 https 开头":                                    append([]string{"rooms", "get", "66", "--base-url", "ftp://x"}, call()...),
		"rooms get：状态码 404：不存在：":                                     append([]string{"rooms", "get", "67", "--base-url", srv.URL}, call()...),
		"chatroom/get.action\"：调用耗时超过 1s\n":                          append([]string{"rooms", "get", "66", "--base-url", silent.URL, "--timeout", "1s"}, call()...),
		"连接被拒绝":                                                      append([]string{"rooms", "get", "66", "--base-url", closed(t), "--timeout", "1s"}, call()...),
		"rooms create：--name：129 个字符，不超过 128":                        append([]string{"rooms", "create", "a", "--name", strings.Repeat("x", 129)}, call()...),
		"members mute：--mute-duration：999d (86313600)，不超过 2592000 秒": append([]string{"members", "mute", "66", "--operator", "a", "--target", "b", "--mute-duration", "999d"}, call()...),
		"没有该文件或目录":                                                   append([]string{"rooms", "create", "a", "--name", "@/does/not/exist"}, call()...),
		"缺少 --from 和 --type 或 --text":                                append([]string{"messages", "send", "66"}, call()...),
		"；是否指 --from？":                                               append([]string{"messages", "send", "66", "--form", "a"}, call()...),
		"模拟器：没有功能 nope，应为 broadcast":                                 {"serve", "--app-key", "k", "--without", "nope", "--lang", "zh"},
		"回调地址 \"x\" 应如 http":                                         {"serve", "--app-key", "k", "--callback", "x", "--lang", "zh"},
		"控制令牌有 5 个字符，应不少于 16 个":                                      {"serve", "--app-key", "k", "--control-token", "short", "--lang", "zh"},
		"运行“nimroom rooms --help”查看帮助。":                              append([]string{"rooms", "gett"}, call()...),
	} {
		_, out, errOut := nimroom(t, args...)
		assert.Contains(t, errOut, want, "%s\n%s", args, out)
	}
}

// TestTheLanguage: a flag comes before the variable, and the variable before the locale.
func TestTheLanguage(t *testing.T) {
	const english, chinese = "Usage: nimroom", "用法：nimroom"
	for _, tt := range []struct {
		env  map[string]string
		args []string
		want string
	}{
		{nil, []string{"--help"}, english},
		{nil, []string{"--lang", "zh", "--help"}, chinese},
		{nil, []string{"--lang", "ZH-CN", "--help"}, chinese},
		{nil, []string{"--lang=zh"}, "缺少命令"},
		{map[string]string{"NIM_LANG": "zh_CN.UTF-8"}, []string{"--help"}, chinese},
		{map[string]string{"NIM_LANG": "en_US", "LANG": "zh_CN"}, nil, english},
		{map[string]string{"NIM_LANG": "zhx"}, []string{"profile", "list"}, `NIM_LANG："zhx"，应为 en 或 zh`},
		{nil, []string{"--help", "--lang=zh"}, chinese},
		{map[string]string{"NIM_LANG": "zh"}, []string{"profile", "--help"}, chinese},
		{map[string]string{"NIM_LANG": "zh"}, []string{"serve", "--lang", "en", "--help"}, english},
		{map[string]string{"LC_ALL": "zh_CN.UTF-8"}, []string{"watch", "--help"}, chinese},
		{map[string]string{"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, []string{"doctor", "--help"}, english},
		{map[string]string{"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US.UTF-8"}, []string{"rooms", "--help"}, chinese},
		{map[string]string{"LC_ALL": "", "LANG": "zh_CN.UTF-8", "NIM_LANG": "en"}, []string{"rooms", "get", "--help"}, english},
		{map[string]string{"NIM_LANG": "fr"}, []string{"profile", "list"}, `NIM_LANG: "fr", want en or zh`},
		{map[string]string{"NIM_LANG": "zh"}, []string{"profile", "list", "--lang", "fr"}, `--lang: "fr", want en or zh`},
	} {
		for name, value := range tt.env {
			t.Setenv(name, value)
		}
		_, out, errOut := nimroom(t, tt.args...)
		assert.Contains(t, out+errOut, tt.want, "%v %v", tt.env, tt.args)
		for name := range tt.env {
			t.Setenv(name, map[string]string{"LC_ALL": "C"}[name])
		}
	}
	t.Setenv("NIM_LANG", "fr")
	code, out, errOut := nimroom(t, "complete", "call", "--lang", "")
	assert.Equal(t, exitOK, code, "a wrong variable must not stop completion: %s", errOut)
	assert.Regexp(t, `(?m)^en\b`, out)
	assert.Empty(t, errOut)
}
