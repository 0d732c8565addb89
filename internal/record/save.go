package record

import (
	"path/filepath"
	"slices"

	"github.com/nimroom/nimroom/internal/swap"
)

const (
	indexFile = "INDEX.md"
	testdata  = "testdata"
)

// Save replaces the emulator's recordings and the index in folder, which is the
// repository's cassettes. On an error everything there is as it was.
func Save(folder string, emulator, examples []*Recording) error {
	files, err := obsolete(folder)
	if err != nil {
		return err
	}
	texts, err := Texts(emulator)
	if err != nil {
		return err
	}
	for path, text := range texts {
		files[testdata+"/"+path] = text
	}
	live, err := Load(filepath.Join(folder, testdata), Live)
	if err != nil {
		return err
	}
	files[indexFile] = []byte(Index(slices.Concat(emulator, live, examples)))
	return swap.Files(folder, files)
}

// obsolete are the files of the emulator's recordings that there are, to be removed.
func obsolete(folder string) (map[string][]byte, error) {
	names, err := filepath.Glob(filepath.Join(folder, testdata, string(Emulator), "*"))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range names {
		files[testdata+"/"+string(Emulator)+"/"+filepath.Base(name)] = nil
	}
	return files, nil
}

// SaveIndex writes the index anew.
func SaveIndex(folder string, examples []*Recording) error {
	kept, err := Load(filepath.Join(folder, testdata), Emulator, Live)
	if err != nil {
		return err
	}
	return swap.Files(folder, map[string][]byte{indexFile: []byte(Index(slices.Concat(kept, examples)))})
}
