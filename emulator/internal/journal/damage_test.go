package journal

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nimroom/nimroom/internal/long"
)

// read returns all that a directory holds, or why it is not read.
func read(dir string) (content string, err error) {
	j, err := Open(dir, Options{})
	if err != nil {
		return "", err
	}
	var all bytes.Buffer
	if err := j.Load(func(r io.Reader) error {
		_, err := io.Copy(&all, r)
		return err
	}, func(record []byte) error {
		all.WriteByte('\n')
		_, err := all.Write(record)
		return err
	}); err != nil {
		j.Close()
		return "", err
	}
	return all.String(), j.Close()
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// readFile reads what a directory holds whose file is this one. A file that is
// rejected has to be as it was, and to be named.
func readFile(t *testing.T, file []byte) (content string, err error) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, fileName)
	write(t, path, file)
	if content, err = read(dir); err == nil {
		return content, nil
	}
	if !strings.Contains(err.Error(), path) {
		t.Errorf("the error does not name the file: %v", err)
	}
	after, failed := os.ReadFile(path)
	if failed != nil {
		t.Fatal(failed)
	}
	if !bytes.Equal(after, file) {
		t.Errorf("a file that was rejected (%v) was changed", err)
	}
	return "", err
}

// written returns the file of a journal with a snapshot and records, which are
// random and, but for the first ones, those of the seed.
func written(t *testing.T, seed uint64) []byte {
	t.Helper()
	dir := t.TempDir()
	j := open(t, dir, Options{})
	load(t, j)
	random := rand.New(rand.NewPCG(seed, 0))
	text := func(size int) string {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte('a' + random.IntN(26))
		}
		return string(b)
	}
	checkpoint(t, j, text(20_000))
	add(t, j, "the same", "the same", "")
	for range 60 {
		add(t, j, text(random.IntN(600)))
	}
	closeNow(t, j)
	file, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// bounds returns where the frames of a file begin, and its end.
func bounds(file []byte) []int {
	list := []int{headerSize}
	for at := headerSize; at < len(file); list = append(list, at) {
		at += frameHead + int(binary.LittleEndian.Uint32(file[at+1:])) + 32
	}
	return list
}

// damages are kinds of damage to a file. Each may give a file of its own, and other is
// the file of another journal.
var damages = map[string]func(r *rand.Rand, file, other []byte) []byte{
	"a bit": func(r *rand.Rand, file, _ []byte) []byte {
		file[r.IntN(len(file))] ^= 1 << r.IntN(8)
		return file
	},
	"a byte of the header": func(r *rand.Rand, file, _ []byte) []byte {
		file[r.IntN(headerSize)] ^= byte(1 + r.IntN(255))
		return file
	},
	"several bits": func(r *rand.Rand, file, _ []byte) []byte {
		for range 2 + r.IntN(20) {
			file[r.IntN(len(file))] ^= 1 << r.IntN(8)
		}
		return file
	},
	"a bit of the header and the last frame": func(r *rand.Rand, file, _ []byte) []byte {
		file[r.IntN(headerSize)] ^= 1 << r.IntN(8)
		return file[:len(file)-1-r.IntN(32)]
	},
	"cut off": func(r *rand.Rand, file, _ []byte) []byte { return file[:r.IntN(len(file))] },
	"cut off after a frame": func(r *rand.Rand, file, _ []byte) []byte {
		ends := bounds(file)
		return file[:ends[r.IntN(len(ends)-1)]]
	},
	"a frame is missing": func(r *rand.Rand, file, _ []byte) []byte {
		b := bounds(file)
		i := r.IntN(len(b) - 1)
		return slices.Delete(file, b[i], b[i+1])
	},
	"a frame stands twice": func(r *rand.Rand, file, _ []byte) []byte {
		b := bounds(file)
		i := r.IntN(len(b) - 1)
		return slices.Insert(file, b[i], file[b[i]:b[i+1]]...)
	},
	"two frames changed places": func(r *rand.Rand, file, _ []byte) []byte {
		b := bounds(file)
		i := r.IntN(len(b) - 2)
		return slices.Concat(file[:b[i]], file[b[i+1]:b[i+2]], file[b[i]:b[i+1]], file[b[i+2]:])
	},
	"a block of zeros": func(r *rand.Rand, file, _ []byte) []byte {
		at := r.IntN(len(file)) &^ 511
		clear(file[at:min(len(file), at+512<<r.IntN(4))])
		return file
	},
	"a block from elsewhere": func(r *rand.Rand, file, _ []byte) []byte {
		copy(file[r.IntN(len(file)-4096)&^511:], bytes.Clone(file[r.IntN(len(file)-4096)&^511:][:4096]))
		return file
	},
	"a block of another file": func(r *rand.Rand, file, other []byte) []byte {
		at := r.IntN(len(file)-4096) &^ 511
		copy(file[at:at+4096], other[min(at, len(other)-4096):])
		return file
	},
	"the end of another file": func(r *rand.Rand, file, other []byte) []byte {
		b := bounds(file)
		at := b[r.IntN(len(b))]
		return append(file[:at], other[min(at, len(other)):]...)
	},
	"more at the end": func(r *rand.Rand, file, other []byte) []byte {
		return append(file, other[:r.IntN(len(other))]...)
	},
}

// A damaged file is rejected and left as it is, or has all that it had: what is
// behind the last frame is not read.
func TestNoDamagePassesInSilence(t *testing.T) {
	file, other := written(t, 1), written(t, 2)
	want, err := readFile(t, file)
	if err != nil {
		t.Fatal(err)
	}
	rounds := long.Rounds(t, 4, 80)
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			rejected, changed := 0, 0
			for round := range rounds {
				damaged := damage(rand.New(rand.NewPCG(uint64(round), 0)), bytes.Clone(file), other)
				if bytes.Equal(damaged, file) {
					continue
				}
				changed++
				got, err := readFile(t, damaged)
				switch {
				case err != nil:
					rejected++
				case got != want:
					t.Errorf("round %d: read %d bytes of %d, without an error", round, len(got), len(want))
				}
			}
			t.Logf("%d of %d damaged files were rejected, and the others had all that they had", rejected, changed)
			if rejected == 0 && name != "more at the end" {
				t.Error("no damage was found")
			}
		})
	}
}

// Whatever bit of a file is another one.
func TestNoBitPassesInSilence(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir, Options{})
	load(t, j)
	checkpoint(t, j, "snapshot")
	add(t, j, "a", "b")
	closeNow(t, j)
	file, err := os.ReadFile(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	for i := range file {
		file[i] ^= 1 << (i % 8)
		if got, err := readFile(t, file); err == nil {
			t.Errorf("byte %d is wrong and %q was read", i, got)
		}
		file[i] ^= 1 << (i % 8)
	}
}

// A process that is killed between the frames and the header of a commit leaves
// frames that the header does not name. Nobody was promised them, so that they may
// be read or not, in their order.
func TestACommitThatWasNotFinishedIsNoDamage(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir, Options{})
	load(t, j)
	add(t, j, "a")
	path := filepath.Join(dir, fileName)
	header := make([]byte, headerSize)
	if _, err := j.file.ReadAt(header, 0); err != nil {
		t.Fatal(err)
	}
	add(t, j, "b", "c")
	closeNow(t, j)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(file, header)
	for size := bounds(file)[1]; size <= len(file); size++ {
		dir := t.TempDir()
		write(t, filepath.Join(dir, fileName), file[:size])
		got, err := read(dir)
		if err != nil || !slices.Contains([]string{"\na", "\na\nb", "\na\nb\nc"}, got) {
			t.Fatalf("of %d bytes: %q, %v", size, got, err)
		}
		j := open(t, dir, Options{})
		load(t, j)
		add(t, j, "d")
		closeNow(t, j)
		if after, err := read(dir); err != nil || after != got+"\nd" {
			t.Fatalf("after %q another record gives %q, %v", got, after, err)
		}
	}
}

// FuzzLoad reads anything as a file.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(magic))
	f.Add(make([]byte, headerSize+frameHead))
	f.Fuzz(func(t *testing.T, file []byte) { _, _ = readFile(t, file) })
}

func TestForeignDirectoriesAreRejectedAndLeftAlone(t *testing.T) {
	old := make([]byte, 4*4096) // what a file of format 1 begins with
	binary.LittleEndian.PutUint32(old[bboltAt:], bboltMagic)
	later := bytes.Clone(written(t, 1))
	binary.LittleEndian.PutUint32(later[len(magic):], format+1)
	sumHeader(later)
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"text":           {[]byte(strings.Repeat("not a journal\n", 1000)), "is damaged: it does not begin as a journal does"},
		"a few bytes":    {[]byte("x"), "does not begin as a journal"},
		"nothing":        {nil, "does not begin as a journal"},
		"format 1":       {old, "has format 1"},
		"a later format": {later, "has format 3, which a later version"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := readFile(t, tt.file); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "notes.txt"), nil)
	if _, err := read(dir); err == nil || !strings.Contains(err.Error(), "holds other files (notes.txt)") {
		t.Errorf("got %v", err)
	}
	if _, err := read(filepath.Join(dir, "notes.txt")); err == nil || !strings.Contains(err.Error(), "cannot be read and written") {
		t.Errorf("a file as a directory: %v", err)
	}
}
