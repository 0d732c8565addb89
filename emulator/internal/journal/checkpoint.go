package journal

import (
	"bufio"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
)

const (
	// partSize is how much of a snapshot goes into one frame.
	partSize = 1 << 20
	// restSize is how much may gather before a checkpoint is worth it, however
	// small the snapshot is.
	restSize = 8 << 20
)

// Load reads all that is kept: the snapshot, unless there is none yet, and the
// records after it. Functions may keep nothing they are given. It is called
// once, before anything is appended. After an error what the functions were given
// is worth nothing, and the file is as it was.
func (j *Journal) Load(snapshot func(io.Reader) error, apply func([]byte) error) error {
	return j.explain(j.load(snapshot, apply))
}

func (j *Journal) load(snapshot func(io.Reader) error, apply func([]byte) error) error {
	all, err := j.file.frames()
	if err != nil {
		return err
	}
	kind, value, err := all.next()
	if err == nil && kind == snapshotPart {
		kind, value, err = j.loadSnapshot(&parts{from: all, rest: value}, snapshot)
	}
	for ; err == nil; kind, value, err = all.next() {
		if kind != record {
			return damaged("frame %d is of the unknown kind %q", all.n, kind)
		}
		j.appended++
		j.size += int64(len(value))
		if err := apply(value); err != nil {
			return unknown("record %d: %v", j.appended, err)
		}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	j.kept = j.appended
	j.file.end, j.file.digest = all.at, all.last
	return nil
}

// loadSnapshot reads the snapshot, and returns the frame after it.
func (j *Journal) loadSnapshot(from *parts, snapshot func(io.Reader) error) (kind byte, value []byte, err error) {
	counted := new(counter)
	compressed, err := gzip.NewReader(bufio.NewReader(from))
	if err == nil {
		counted.r = compressed
		err = snapshot(counted)
	}
	if _, broken := io.Copy(io.Discard, from); broken != nil {
		return 0, nil, broken
	}
	if err != nil {
		return 0, nil, unknown("its snapshot: %v", err)
	}
	j.snapshot = counted.n
	return from.kind, from.rest, from.err
}

// parts reads the parts of a snapshot one after the other, and then holds the
// frame that follows.
type parts struct {
	from *frames
	kind byte
	rest []byte
	err  error
	over bool
}

func (p *parts) Read(to []byte) (int, error) {
	for !p.over && len(p.rest) == 0 {
		p.kind, p.rest, p.err = p.from.next()
		p.over = p.err != nil || p.kind != snapshotPart
	}
	switch {
	case p.over && p.err != nil && !errors.Is(p.err, io.EOF):
		return 0, p.err
	case p.over:
		return 0, io.EOF
	}
	n := copy(to, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

// Outgrown reports whether the records have outgrown the snapshot, so that a
// checkpoint costs little by comparison.
func (j *Journal) Outgrown() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.size > max(restSize, j.snapshot)
}

// Cut says that records appended from now on come after the snapshot that the
// caller has taken, and that [Journal.Checkpoint] follows.
func (j *Journal) Cut() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cut, j.since, j.size = true, nil, 0
}

// Checkpoint makes a file of a snapshot and the records since the Cut, and puts
// it in the place of the old one. Records can be appended meanwhile. Only one
// checkpoint may run at once.
func (j *Journal) Checkpoint(write func(io.Writer) error) error {
	err := j.checkpoint(write)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.cut, j.since = false, nil
	return j.explain(err)
}

func (j *Journal) checkpoint(write func(io.Writer) error) error {
	f, err := newFile(filepath.Join(filepath.Dir(j.path), newName), j.file.sync)
	if err != nil {
		return err
	}
	size, err := writeSnapshot(f, write)
	if err == nil {
		err = f.write(record, j.takeSince()...)
	}
	if err == nil {
		err = f.Sync() // the slow part, while records go on into the old file
	}
	if err == nil {
		err = j.replace(f)
	}
	if err != nil {
		return errors.Join(err, f.close(), os.Remove(f.path))
	}
	j.mu.Lock()
	j.snapshot = size
	j.mu.Unlock()
	return nil
}

// replace adds the records since the Cut to a file with the snapshot, and puts it
// in the place of the old one. All that is pending is then in it.
func (j *Journal) replace(f *file) error {
	j.writing.Lock()
	defer j.writing.Unlock()
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := f.write(record, j.since...); err != nil {
		return err
	}
	if err := j.file.close(); err != nil {
		return err
	}
	if err := f.rename(j.path); err != nil {
		return err // the next commit opens the old one again
	}
	j.file = f
	j.settle(len(j.pending), nil)
	return nil
}

// takeSince returns the records since the Cut that were not taken yet.
func (j *Journal) takeSince() [][]byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := j.since
	j.since = nil
	return list
}

// writeSnapshot returns how many bytes the snapshot has.
func writeSnapshot(f *file, write func(io.Writer) error) (size int64, err error) {
	parts := bufio.NewWriterSize(partWriter{f}, partSize)
	compressed, err := gzip.NewWriterLevel(parts, gzip.BestSpeed)
	if err != nil {
		return 0, err
	}
	counted := &counter{w: compressed}
	err = errors.Join(write(counted), compressed.Close(), parts.Flush())
	return counted.n, err
}

// partWriter writes a snapshot in parts.
type partWriter struct{ to *file }

func (w partWriter) Write(p []byte) (int, error) { return len(p), w.to.write(snapshotPart, p) }

// counter counts what goes through it.
type counter struct {
	r io.Reader
	w io.Writer
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
