// Package journal keeps records in the order in which they were appended, and
// a snapshot that stands for those before it, in a directory.
//
// They are kept in one file of go.etcd.io/bbolt. Compared in 2026:
//
//   - bbolt: kept by the etcd project, releases several times a year; one
//     dependency (x/sys), 0.5 MB in a binary. A transaction is a few writes at
//     the end of a copy-on-write tree, of which the last, one page, makes it
//     valid: a process that is killed at any moment leaves the state before it
//     or after it. It locks its file against a second process.
//   - modernc.org/sqlite: as well kept, but brings a C library in Go and some
//     8 MB, and each batch pays for SQL. Nothing here is ever queried.
//   - cockroachdb/pebble: the fastest writer, with more than thirty modules.
//     Its compaction serves random keys and far more data than a checkpoint
//     lets gather here.
//
// Records are committed in groups: while one batch is being written, the next
// one gathers. A commit is not forced to the disk unless [Options].Sync says
// so: what is committed is with the operating system, and outlives the process
// but not a loss of power. After such a loss the file may be damaged, and is
// then not opened. Checkpoints and Close always force.
package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Options say how a journal works.
type Options struct {
	// Sync forces each commit to the disk.
	Sync bool
	// MaxSize bounds the file, in bytes; 0 does not.
	MaxSize int
}

// ErrClosed is the error of a journal that was closed.
var ErrClosed = errors.New("journal: closed")

// Journal is an open journal. It is safe for use by several goroutines.
type Journal struct {
	db   *bbolt.DB
	path string
	work chan struct{} // holds a token while the committer has something to do
	done chan struct{} // closed when the committer has ended

	mu       sync.Mutex
	settled  *sync.Cond // kept, err or attempts changed
	pending  []entry    // in order; those being committed stay until they are
	appended uint64     // number of the last record
	kept     uint64     // number of the last record that is committed
	attempts uint64
	err      error // why the last commit failed
	closed   bool

	generation uint64 // records appended now belong after the snapshot of this number
	size       int64  // bytes of records after the last snapshot
	snapshot   int64  // bytes of the last snapshot
}

// entry is a record on its way to the disk.
type entry struct {
	generation uint64
	number     uint64
	record     []byte
}

// Append adds a record, which is not the caller's any more, and returns its
// number. It does not wait: the record is kept once [Journal.Wait] says so.
// Records are kept in the order of the calls.
func (j *Journal) Append(record []byte) uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return math.MaxUint64
	}
	j.appended++
	j.size += int64(len(record))
	j.pending = append(j.pending, entry{j.generation, j.appended, record})
	j.wake()
	return j.appended
}

// wake lets the committer look for work.
func (j *Journal) wake() {
	select {
	case j.work <- struct{}{}:
	default:
	}
}

// Wait returns when all records up to a number are kept, or with the reason
// why that is not certain.
func (j *Journal) Wait(number uint64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for j.kept < number && j.err == nil {
		j.settled.Wait()
	}
	if j.kept < number {
		return j.err
	}
	return nil
}

// Ready returns an error when records cannot be kept. After a failed commit it
// first has it tried again.
func (j *Journal) Ready() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil && !j.closed {
		seen := j.attempts
		j.wake()
		for j.attempts == seen && !j.closed {
			j.settled.Wait()
		}
	}
	if j.closed {
		return ErrClosed
	}
	return j.err
}

// Err is why the last commit failed, nil when it did not.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

// commitAll is the committer: it commits what has gathered, one batch after
// the other, until the journal is closed. A batch that fails stays first in
// line.
func (j *Journal) commitAll() {
	defer close(j.done)
	for range j.work {
		runtime.Gosched() // lets callers append that are about to: six times the records a second
		j.mu.Lock()
		batch, last := j.pending, j.closed
		j.mu.Unlock()
		if len(batch) > 0 {
			j.settle(batch, j.commit(batch))
		}
		if last {
			return
		}
	}
}

// settle notes what became of a batch.
func (j *Journal) settle(batch []entry, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.attempts++
	if j.err = err; err == nil {
		j.kept = batch[len(batch)-1].number
		j.pending = slices.Clone(j.pending[len(batch):])
		if len(j.pending) > 0 {
			j.wake()
		}
	}
	j.settled.Broadcast()
}

func (j *Journal) commit(batch []entry) error {
	return j.update(func(tx *bbolt.Tx) error {
		for _, e := range batch {
			bucket, err := tx.CreateBucketIfNotExists(bucketName(recordsPrefix, e.generation))
			if err != nil {
				return err
			}
			bucket.FillPercent = 1 // keys only grow
			if err := bucket.Put(number(e.number), sum(e.record)); err != nil {
				return err
			}
		}
		return nil
	})
}

// update runs a transaction.
func (j *Journal) update(f func(*bbolt.Tx) error) (err error) {
	defer onFault(j.path, &err)()
	if err := j.db.Update(f); err != nil {
		return fmt.Errorf("journal: %s: %w", j.path, err)
	}
	return nil
}

// number is a key: keys are in the order of their numbers.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum puts a checksum before a value, as the store has none.
func sum(value []byte) []byte {
	summed := make([]byte, 0, 4+len(value))
	summed = binary.BigEndian.AppendUint32(summed, crc32.Checksum(value, castagnoli))
	return append(summed, value...)
}

// checked returns the value of sum, valid as long as the one given.
func checked(summed []byte) ([]byte, bool) {
	if len(summed) < 4 {
		return nil, false
	}
	value := summed[4:]
	return value, binary.BigEndian.Uint32(summed) == crc32.Checksum(value, castagnoli)
}

const (
	// fileName is that of the one file in the directory.
	fileName = "nimroom.db"
	// format is the version of what is in the file.
	format = "1"
	// lockTime is how long to wait for a process that is about to end.
	lockTime = time.Second
)

// The buckets: one that says whose file it is, and for each generation one
// with the parts of its snapshot and one with the records after that.
var (
	metaBucket  = []byte("nimroom")
	formatKey   = []byte("format")
	snapshotKey = []byte("snapshot") // the generation of the valid snapshot
)

const (
	recordsPrefix  = 'r'
	snapshotPrefix = 's'
)

func bucketName(prefix byte, generation uint64) []byte {
	return append([]byte{prefix}, number(generation)...)
}

// Open opens the journal of a directory, which it makes where there is none.
// It returns an error for a directory that another process has open, that holds
// other things, or whose file is damaged, and leaves it as it is.
func Open(dir string, o Options) (j *Journal, err error) {
	path := filepath.Join(dir, fileName)
	if err := checkDir(dir); err != nil {
		return nil, err
	}
	defer onFault(path, &err)()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout:      lockTime,
		NoSync:       !o.Sync,
		FreelistType: bbolt.FreelistMapType,
		MaxSize:      o.MaxSize,
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("journal: %s is in use by another process", dir)
	case err != nil:
		return nil, fmt.Errorf("journal: %s is damaged or no journal: %w", path, err)
	}
	j = &Journal{db: db, path: path, work: make(chan struct{}, 1), done: make(chan struct{})}
	j.settled = sync.NewCond(&j.mu)
	if err := j.update(j.begin); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go j.commitAll()
	return j, nil
}

// checkDir makes a directory, or finds the journal in it.
func checkDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	for _, f := range files {
		if f.Name() == fileName {
			return nil
		}
	}
	if len(files) > 0 {
		return fmt.Errorf("journal: %s holds other files (%s) and no %s: give a directory of its own", dir, files[0].Name(), fileName)
	}
	return nil
}

// onFault turns a panic or fault of the store over a damaged file into an
// error, in the calling goroutine.
func onFault(path string, err *error) func() {
	was := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(was)
		if p := recover(); p != nil {
			*err = fmt.Errorf("journal: %s is damaged: %v", path, p)
		}
	}
}

// begin signs a new file, and finds out where an old one goes on.
func (j *Journal) begin(tx *bbolt.Tx) error {
	meta := tx.Bucket(metaBucket)
	if meta == nil {
		if name, _ := tx.Cursor().First(); name != nil {
			return errors.New("is a database of another program")
		}
		meta, err := tx.CreateBucket(metaBucket)
		if err != nil {
			return err
		}
		return meta.Put(formatKey, []byte(format))
	}
	if got := string(meta.Get(formatKey)); got != format {
		return fmt.Errorf("has format %q, this program reads %q", got, format)
	}
	return nil
}

// Close keeps what was appended, forces it to the disk and lets the directory
// go. The journal cannot be used any more.
func (j *Journal) Close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return ErrClosed
	}
	j.closed = true
	j.wake()
	j.mu.Unlock()
	<-j.done

	j.mu.Lock()
	failed := j.err
	j.err = ErrClosed
	j.settled.Broadcast()
	j.mu.Unlock()
	return errors.Join(failed, j.db.Sync(), j.db.Close())
}
