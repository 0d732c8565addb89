// Package journal keeps records in the order in which they were appended, and
// a snapshot that stands for those before it, in a directory.
//
// They are kept in one file of checked frames: see file.go. The format is our
// own because bbolt, which kept them before, goes back to an older state without
// a word when its newest header is damaged, as a database has to after a loss of
// power, and because nothing here is ever queried: records are written at the end
// and read from the beginning.
//
// Records are committed in groups: while one batch is being written, the next
// one gathers. A commit is not forced to the disk unless [Options].Sync says
// so: what is committed is with the operating system, and outlives the process
// but not a loss of power. After such a loss the file may be damaged, and is
// then not opened. Checkpoints and Close always force.
package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Options say how a journal works.
type Options struct {
	// Sync forces each commit to the disk.
	Sync bool
}

// ErrClosed is the error of a journal that was closed.
var ErrClosed = errors.New("journal: closed")

// Journal is an open journal. It is safe for use by several goroutines.
type Journal struct {
	path string
	lock *flock.Flock
	work chan struct{} // holds a token while the committer has something to do
	done chan struct{} // closed when the committer has ended

	writing sync.Mutex // guards file
	file    *file

	mu       sync.Mutex
	settled  *sync.Cond // kept, err or attempts changed
	pending  [][]byte   // the last records, in order; those being committed stay until they are
	appended uint64     // number of the last record
	kept     uint64     // number of the last record that is committed
	attempts uint64
	err      error // why the last commit failed
	closed   bool

	cut      bool     // a checkpoint is under way
	since    [][]byte // records that come after its snapshot and are not in its file yet
	size     int64    // bytes of records after the last snapshot
	snapshot int64    // bytes of the last snapshot
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
	j.pending = append(j.pending, record)
	if j.cut {
		j.since = append(j.since, record)
	}
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
		if j.commit() {
			return
		}
	}
}

// commit commits a batch, and reports whether it was the last one.
func (j *Journal) commit() (last bool) {
	j.writing.Lock()
	defer j.writing.Unlock()
	j.mu.Lock()
	batch, last := j.pending, j.closed
	j.mu.Unlock()
	if len(batch) > 0 {
		err := j.file.write(record, batch...)
		j.mu.Lock()
		j.settle(len(batch), j.explain(err))
		j.mu.Unlock()
	}
	return last
}

// settle notes what became of the first n pending records. It needs mu.
func (j *Journal) settle(n int, err error) {
	j.attempts++
	if j.err = err; err == nil {
		j.kept += uint64(n)
		j.pending = slices.Clone(j.pending[n:])
		if len(j.pending) > 0 {
			j.wake()
		}
	}
	j.settled.Broadcast()
}

const (
	// fileName is that of the one file that counts in the directory.
	fileName = "nimroom.db"
	// newName is that of a file that is about to take its place.
	newName = "nimroom.db.new"
	// lockName is that of an empty file that the process locks.
	lockName = "nimroom.lock"
	// lockTime is how long to wait for a process that is about to end.
	lockTime = time.Second
	lockPoll = 20 * time.Millisecond
)

// Open opens the journal of a directory, which it makes where there is none.
// It returns an error for a directory that another process has open, that holds
// other things, that cannot be written, or whose file is damaged or of another
// format, and leaves the file as it is.
func Open(dir string, o Options) (*Journal, error) {
	if err := checkDir(dir); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	for end := time.After(lockTime); ; {
		if locked, err := lock.TryLock(); err != nil {
			return nil, cannotUse(dir, err)
		} else if locked {
			break
		}
		select {
		case <-end:
			return nil, fmt.Errorf("journal: %s is in use by another process", dir)
		case <-time.After(lockPoll):
		}
	}
	j := &Journal{path: filepath.Join(dir, fileName), lock: lock, work: make(chan struct{}, 1), done: make(chan struct{})}
	j.settled = sync.NewCond(&j.mu)
	var err error
	if j.file, err = openOrMake(j.path, o); err != nil {
		return nil, errors.Join(j.explain(err), lock.Close())
	}
	go j.commitAll()
	return j, nil
}

// checkDir makes a directory, or finds out whether a journal can be in it.
func checkDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return cannotUse(dir, err)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		return cannotUse(dir, err)
	}
	for _, f := range files {
		if !slices.Contains([]string{fileName, newName, lockName}, f.Name()) {
			return fmt.Errorf("journal: %s holds other files (%s): give a directory of its own", dir, f.Name())
		}
	}
	return nil
}

// openOrMake opens a file, or makes one. It is made under another name, so that
// a process that is killed meanwhile leaves no part of one.
func openOrMake(path string, o Options) (*file, error) {
	f, err := openFile(path, o.Sync)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	if f, err = newFile(filepath.Join(filepath.Dir(path), newName), o.Sync); err != nil {
		return nil, err
	}
	return f, f.rename(path)
}

// explain says what is wrong: with the content of the file, or with the file
// itself and its directory, as the system says it.
func (j *Journal) explain(err error) error {
	var content contentError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &content):
		return fmt.Errorf("journal: %s %w", j.path, err)
	}
	return cannotUse(filepath.Dir(j.path), err)
}

func cannotUse(dir string, err error) error {
	return fmt.Errorf("journal: %s cannot be read and written: %w", dir, err)
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
	err := j.file.open()
	if err == nil {
		err = errors.Join(j.file.Sync(), j.file.close())
	}
	return errors.Join(failed, j.explain(errors.Join(err, j.lock.Close())))
}
