package journal

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"go.etcd.io/bbolt"
)

const (
	// partSize is how much of a snapshot goes into one transaction, so that
	// records need not wait long for theirs.
	partSize = 1 << 20
	// restSize is how much may gather before a checkpoint is worth it, however
	// small the snapshot is.
	restSize = 8 << 20
)

// Load reads all that is kept: the snapshot, unless there is none yet, and the
// records after it. Functions may keep nothing they are given. It is called
// once, before anything is appended.
func (j *Journal) Load(snapshot func(io.Reader) error, record func([]byte) error) (err error) {
	defer onFault(j.path, &err)()
	err = j.db.View(func(tx *bbolt.Tx) error {
		if kept := tx.Bucket(metaBucket).Get(snapshotKey); kept != nil {
			j.generation = binary.BigEndian.Uint64(kept)
			if err := j.loadSnapshot(tx, snapshot); err != nil {
				return err
			}
		}
		return j.loadRecords(tx, record)
	})
	if err != nil {
		return fmt.Errorf("journal: %s: %w", j.path, err)
	}
	j.kept = j.appended
	return nil
}

func (j *Journal) loadSnapshot(tx *bbolt.Tx, snapshot func(io.Reader) error) error {
	bucket := tx.Bucket(bucketName(snapshotPrefix, j.generation))
	if bucket == nil {
		return errors.New("damaged: the snapshot is missing")
	}
	compressed, err := gzip.NewReader(bufio.NewReaderSize(&parts{cursor: bucket.Cursor()}, partSize))
	if err != nil {
		return fmt.Errorf("damaged snapshot: %w", err)
	}
	counted := &counter{r: compressed}
	if err := snapshot(counted); err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	if _, err := io.Copy(io.Discard, compressed); err != nil { // comes to the checksum
		return fmt.Errorf("damaged snapshot: %w", err)
	}
	j.snapshot = counted.n
	return nil
}

// loadRecords reads the generations from that of the snapshot on. There are
// several where a checkpoint did not come to its end.
func (j *Journal) loadRecords(tx *bbolt.Tx, record func([]byte) error) error {
	buckets := tx.Cursor()
	for name, _ := buckets.Seek(bucketName(recordsPrefix, j.generation)); len(name) == 9 && name[0] == recordsPrefix; name, _ = buckets.Next() {
		j.generation = binary.BigEndian.Uint64(name[1:])
		err := tx.Bucket(name).ForEach(func(key, summed []byte) error {
			value, ok := checked(summed)
			if !ok || len(key) != 8 {
				return fmt.Errorf("damaged record %x", key)
			}
			j.appended = binary.BigEndian.Uint64(key)
			j.size += int64(len(value))
			if err := record(value); err != nil {
				return fmt.Errorf("record %d: %w", j.appended, err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Outgrown reports whether the records have outgrown the snapshot, so that a
// checkpoint costs little by comparison.
func (j *Journal) Outgrown() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.size > max(restSize, j.snapshot)
}

// Cut begins a new generation: records appended from now on come after the
// snapshot that the caller is about to take. It returns the generation.
func (j *Journal) Cut() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.generation++
	j.size = 0
	return j.generation
}

// Checkpoint writes the snapshot of a generation and then drops what it stands
// for. Records can be appended meanwhile. Only one checkpoint may run at once.
func (j *Journal) Checkpoint(generation uint64, write func(io.Writer) error) error {
	w := &partWriter{j: j, bucket: bucketName(snapshotPrefix, generation)}
	if err := j.update(func(tx *bbolt.Tx) error {
		if tx.Bucket(w.bucket) != nil { // of a checkpoint that did not come to its end
			if err := tx.DeleteBucket(w.bucket); err != nil {
				return err
			}
		}
		_, err := tx.CreateBucket(w.bucket)
		return err
	}); err != nil {
		return err
	}
	compressed, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	counted := &counter{w: compressed}
	if err := errors.Join(write(counted), compressed.Close(), w.flush()); err != nil {
		return err
	}
	if err := j.update(func(tx *bbolt.Tx) error { return drop(tx, generation) }); err != nil {
		return err
	}
	j.mu.Lock()
	j.snapshot = counted.n
	j.mu.Unlock()
	return j.db.Sync()
}

// drop makes the snapshot of a generation the valid one, and deletes all that
// is older.
func drop(tx *bbolt.Tx, generation uint64) error {
	if err := tx.Bucket(metaBucket).Put(snapshotKey, number(generation)); err != nil {
		return err
	}
	var old [][]byte
	err := tx.ForEach(func(name []byte, _ *bbolt.Bucket) error {
		if len(name) == 9 && (name[0] == recordsPrefix || name[0] == snapshotPrefix) && binary.BigEndian.Uint64(name[1:]) < generation {
			old = append(old, bytes.Clone(name))
		}
		return nil
	})
	for _, name := range old {
		err = errors.Join(err, tx.DeleteBucket(name))
	}
	return err
}

// partWriter writes a snapshot in parts.
type partWriter struct {
	j      *Journal
	bucket []byte
	part   []byte
	count  uint64
}

func (w *partWriter) Write(p []byte) (int, error) {
	w.part = append(w.part, p...)
	if len(w.part) < partSize {
		return len(p), nil
	}
	return len(p), w.flush()
}

func (w *partWriter) flush() error {
	if len(w.part) == 0 {
		return nil
	}
	w.count++
	err := w.j.update(func(tx *bbolt.Tx) error {
		return tx.Bucket(w.bucket).Put(number(w.count), w.part)
	})
	w.part = w.part[:0]
	return err
}

// parts reads them one after the other.
type parts struct {
	cursor *bbolt.Cursor
	begun  bool
	rest   []byte
}

func (r *parts) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		next := r.cursor.Next
		if !r.begun {
			r.begun, next = true, r.cursor.First
		}
		key, part := next()
		if key == nil {
			return 0, io.EOF
		}
		r.rest = part
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

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
