package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"runtime"
	"slices"
	"sync"

	"go.etcd.io/bbolt"
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
