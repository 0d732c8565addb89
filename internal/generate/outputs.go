package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The names of generated Go files end in one of these.
const (
	suffix     = ".gen.go"
	testSuffix = ".gen_test.go"
)

// output is a package with generated files.
type output struct {
	dir   string // below the module's folder
	pkg   string
	files func(a *api) map[string]func(p *printer) // by name; a function that prints nothing makes no file
}

// outputs lists every package with generated files. The generator removes other files in
// these folders that have the name of a generated file.
var outputs = []output{
	{"gen", "gen", genFiles},
	{"internal/generate/gentest", "gentest", testFiles},
	{"emulator/internal/rules", "rules", ruleFiles},
	{"emulator", "emulator", emulatorFiles},
	{"internal/advice", "advice", adviceFiles},
	{"internal/command", "command", commandFiles},
	{"sign", "sign", signFiles},
	{"wrapper", "wrapper", wrapperFiles},
	{"callback", "callback", callbackFiles},
	{"conformance", "conformance", conformanceFiles},
}

// compile checks the new gen if it differs from the old one. The other packages may still
// lack code for a new operation that people write by hand.
func compile(root string, files map[string][]byte) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	aside, err := os.MkdirTemp("", "generate")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(aside) }()
	instead := map[string]string{} // replacements of files for the go command
	for path, content := range files {
		dir, base := filepath.Split(filepath.FromSlash(path))
		name := filepath.Join(root, dir, base)
		if old, err := os.ReadFile(name); dir != "gen"+string(filepath.Separator) || err == nil && content != nil && bytes.Equal(old, content) {
			continue
		}
		if content == nil {
			instead[name] = ""
			continue
		}
		instead[name] = filepath.Join(aside, base)
		if err := os.WriteFile(instead[name], content, 0o600); err != nil {
			return err
		}
	}
	if len(instead) == 0 {
		return nil
	}
	text, err := json.Marshal(map[string]any{"Replace": instead})
	if err != nil {
		return err
	}
	overlay := filepath.Join(aside, "overlay.json")
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		return err
	}
	// go vet checks the types of gen as a build does, in a tenth of the time.
	vet := exec.CommandContext(context.Background(), "go", "vet", "-overlay", overlay, "./gen")
	vet.Dir = root
	if out, err := vet.CombinedOutput(); err != nil {
		message := strings.ReplaceAll(string(out), aside+string(filepath.Separator), "gen"+string(filepath.Separator))
		return fmt.Errorf("the generated code does not compile: %w\n%s", err, message)
	}
	return nil
}
