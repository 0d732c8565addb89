package journal

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

// openAndLoad reads a directory that may be damaged.
func openAndLoad(dir string) error {
	j, err := Open(dir, Options{})
	if err != nil {
		return err
	}
	defer j.Close()
	return j.Load(func(r io.Reader) error {
		_, err := io.Copy(io.Discard, r)
		return err
	}, func([]byte) error { return nil })
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestForeignDirectoriesAreRejectedAndLeftAlone(t *testing.T) {
	other := filepath.Join(t.TempDir(), "other.db")
	db, err := bbolt.Open(other, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		file    string
		content []byte
		want    string
	}{
		"other files":      {"notes.txt", []byte("notes"), "holds other files (notes.txt)"},
		"text":             {fileName, []byte(strings.Repeat("not a database\n", 1000)), "damaged or no journal"},
		"a few bytes":      {fileName, []byte("x"), "damaged or no journal"},
		"another database": {fileName, theirs, "another program"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, tt.file)
			write(t, path, tt.content)
			if err := openAndLoad(dir); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
			after, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(after, tt.content) {
				t.Error("the file has changed")
			}
		})
	}
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, nil)
	if err := openAndLoad(file); err == nil {
		t.Error("a file as a directory")
	}
}

// Damage anywhere in the file is rejected or without effect on what is read; it
// never takes the process down.
func TestDamageIsFound(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir, Options{})
	load(t, j)
	checkpoint(t, j, j.Cut(), strings.Repeat("snapshot ", 5000))
	for range 300 {
		add(t, j, strings.Repeat("record ", 20))
	}
	closeNow(t, j)
	good, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	rejected := 0
	try := func(content []byte) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, fileName), content)
		if openAndLoad(dir) != nil {
			rejected++
		}
	}
	const page = 4096
	pages := len(good) / page
	for i := range pages {
		for _, damage := range []func([]byte){
			func(p []byte) { clear(p) },
			func(p []byte) { copy(p[len(p)/2:], bytes.Repeat([]byte{0xff}, 100)) },
			func(p []byte) { copy(p, bytes.Repeat([]byte{0xa5}, 64)) },
		} {
			content := bytes.Clone(good)
			damage(content[i*page : (i+1)*page])
			try(content)
		}
		try(good[:i*page+page/2])
	}
	if rejected == 0 {
		t.Error("no damage was found")
	}
	t.Logf("%d of %d damages rejected, the others met free pages or one of the two heads", rejected, 4*pages)
}
