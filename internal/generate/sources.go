package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/nimroom/nimroom/internal/check/evidence"
	"github.com/nimroom/nimroom/internal/generate/dist"
	"github.com/nimroom/nimroom/internal/reconciliation"
)

// sources are the files written by hand from which everything is derived.
type sources struct {
	root                                    string
	spec, overlay, evidence, reconciliation dist.Source
}

// readSources reads the sources below root.
func readSources(root string) (*sources, error) {
	in := &sources{root: root}
	var errs []error
	for path, to := range map[string]*dist.Source{
		"spec/openapi.yaml":           &in.spec,
		"spec/overlay.zh-CN.yaml":     &in.overlay,
		"spec/evidence/evidence.yaml": &in.evidence,
		"spec/reconciliation.yaml":    &in.reconciliation,
	} {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		errs = append(errs, err)
		*to = dist.Source{Name: path, Text: text}
	}
	return in, errors.Join(errs...)
}

// api returns the content of the spec, from its tree and its text.
func (in *sources) api(root *yaml.Node, text []byte, known *evidence.Evidence) (*api, error) {
	doc, err := parseDocument(in.spec.Name, root, text)
	if err != nil {
		return nil, err
	}
	return build(doc, in.spec.Name, known)
}

// shown are the published files that the reference page shows. The page has copies of them,
// so that its folder is complete.
var shown = []string{"openapi.json", "openapi.zh-CN.json"}

// derive returns every file by its path below the module's folder.
func (in *sources) derive() (map[string][]byte, error) {
	root, text, err := in.spec.Inlined()
	if err != nil {
		return nil, err
	}
	known, errKnown := evidence.Load(filepath.Join(in.root, "spec", "evidence"))
	a, errAPI := in.api(root, text, known)
	editions, errTranslation := dist.Translate(in.spec, in.overlay)
	index, errIndex := in.evidence.List()
	record, errRecord := reconciliation.Parse(in.reconciliation.Text)
	if errRecord != nil {
		errRecord = fmt.Errorf("%s: %w", in.reconciliation.Name, errRecord)
	}
	if err := errors.Join(errKnown, errIndex, checkExtensions(in.spec, root), errAPI, errTranslation, errRecord); err != nil {
		return nil, err
	}
	if err := errors.Join(editions.Chinese(&a.Chinese), translated(a.Advice, a.Chinese.Advice)); err != nil {
		return nil, fmt.Errorf("%s: %w", in.overlay.Name, err)
	}
	files, errCode := goFiles(a)
	published, errPublished := editions.Files(index, known)
	for name, content := range published {
		files["spec/dist/"+name] = content
	}
	for _, name := range shown {
		files["docs/reference/"+name] = published[name]
	}
	files["spec/RECONCILIATION.md"] = record.Markdown()
	tables, errTables := record.JSON()
	files["docs/reference/reconciliation.json"] = tables
	inChinese, errChinese := record.ChineseJSON()
	files["docs/reference/reconciliation.zh-CN.json"] = inChinese
	return files, errors.Join(errCode, errPublished, errTables, errChinese)
}
