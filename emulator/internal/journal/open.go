package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

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
