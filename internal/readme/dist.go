package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// hooks are the files that the published README shows. CI runs them.
var hooks = map[string]string{
	"go":         "interop/go/nimroom/nimroom.go",
	"typescript": "interop/typescript/src/nimroom.ts",
	"python":     "interop/python/nimroom.py",
	"java":       "interop/java/src/main/java/SigningInterceptor.java",
	"kotlin":     "interop/kotlin/src/Nimroom.kt",
	"php":        "interop/php/Nimroom.php",
}

// verifiers are the files for callbacks that it shows.
var verifiers = map[string]string{
	"typescript": "interop/typescript/src/callbacks.ts",
	"python":     "interop/python/callbacks.py",
	"java":       "interop/java/src/main/java/Callbacks.java",
	"php":        "interop/php/Callbacks.php",
}

// hookFolder is what the name of a hook's file has before the path where users save it.
var hookFolder = regexp.MustCompile(`^interop/[^/]+/(src/main/java/)?`)

// updateDist replaces the text between the markers of spec/dist/README.md.
func updateDist(text []byte, dir string) ([]byte, error) {
	source, err := os.ReadFile(filepath.Join(dir, "spec/openapi.yaml"))
	if err != nil {
		return nil, err
	}
	vector, err := testVector(source)
	if err != nil {
		return nil, err
	}
	if text, err = replace(text, "vector", vector); err != nil {
		return nil, err
	}
	if text, err = replace(text, "extensions", extensionTable(string(source))); err != nil {
		return nil, err
	}
	for prefix, files := range map[string]map[string]string{"hook-": hooks, "callback-": verifiers} {
		for language, file := range files {
			source, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				return nil, err
			}
			name := hookFolder.ReplaceAllString(file, "")
			block := fmt.Sprintf("`%s` ([source](../../%s)):\n\n```%s\n%s\n```\n", name, file, language, strings.TrimSpace(string(source)))
			if text, err = replace(text, prefix+language, block); err != nil {
				return nil, err
			}
		}
	}
	return text, nil
}

// block finds the fenced blocks of a page, each with the line that names its file.
var block = regexp.MustCompile("(?ms)^(?:`[^`\n]+`[^\n]*:\n\n)?```.*?^```\n")

// updateChinese puts the blocks of spec/dist/README.md, which CI runs, into the Chinese edition, and its vector.
func updateChinese(text []byte, dir string) ([]byte, error) {
	english, err := os.ReadFile(filepath.Join(dir, "spec/dist/README.md"))
	if err != nil {
		return nil, err
	}
	if english, err = updateDist(english, dir); err != nil {
		return nil, err
	}
	blocks, own := block.FindAll(english, -1), block.FindAll(text, -1)
	if len(blocks) != len(own) {
		return nil, fmt.Errorf("%d blocks, but the English edition has %d", len(own), len(blocks))
	}
	i := 0
	text = block.ReplaceAllFunc(text, func([]byte) []byte {
		i++
		return blocks[i-1]
	})
	_, vector, _ := strings.Cut(string(english), "<!-- vector -->\n")
	vector, _, _ = strings.Cut(vector, "<!-- /vector -->\n")
	return replace(text, "vector", vector)
}

// testVector returns the table of the signature's test vector.
func testVector(source []byte) (string, error) {
	var spec struct {
		Signature struct {
			Test struct {
				AppSecret string `yaml:"AppSecret"`
				Nonce     string `yaml:"Nonce"`
				CurTime   string `yaml:"CurTime"`
				CheckSum  string `yaml:"CheckSum"`
			} `yaml:"test"`
		} `yaml:"x-signature"`
	}
	if err := yaml.Unmarshal(source, &spec); err != nil {
		return "", err
	}
	test := spec.Signature.Test
	const head = "| AppSecret | Nonce | CurTime | CheckSum |\n|---|---|---|---|\n"
	return fmt.Sprintf(head+"| `%s` | `%s` | `%s` | `%s` |\n", test.AppSecret, test.Nonce, test.CurTime, test.CheckSum), nil
}

// An extension is described in the spec's head comment by its names, two spaces or more,
// and its meaning, which may continue in the lines below.
var extensionLine = regexp.MustCompile(`^#   (x-[A-Za-z-]+(?:, x-[A-Za-z-]+)*)\s{2,}(.*)$`)

// sourceOnly ends the description of an extension that the published files do not have.
const sourceOnly = "(in this file only)"

// extensionTable returns the table of the extensions in the spec's head comment.
func extensionTable(source string) string {
	var rows [][2]string
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "#") {
			break
		}
		if found := extensionLine.FindStringSubmatch(line); found != nil {
			rows = append(rows, [2]string{found[1], found[2]})
		} else if more, ok := strings.CutPrefix(line, "#           "); ok && len(rows) > 0 {
			rows[len(rows)-1][1] += " " + strings.TrimSpace(more)
		}
	}
	var b strings.Builder
	b.WriteString("| extension | what it says |\n|---|---|\n")
	for _, row := range rows {
		if strings.HasSuffix(row[1], sourceOnly) {
			continue
		}
		names := "`" + strings.ReplaceAll(row[0], ", ", "`, `") + "`"
		fmt.Fprintf(&b, "| %s | %s |\n", names, strings.ReplaceAll(row[1], "|", `\|`))
	}
	return b.String()
}
