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
