package journal

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func open(t *testing.T, dir string, o Options) *Journal {
	t.Helper()
	j, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil && !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
	return j
}

// load returns the snapshot and the records of a journal.
func load(t *testing.T, j *Journal) (snapshot string, records []string) {
	t.Helper()
	err := j.Load(func(r io.Reader) error {
		text, err := io.ReadAll(r)
		snapshot = string(text)
		return err
	}, func(record []byte) error {
		records = append(records, string(record))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return snapshot, records
}

func add(t *testing.T, j *Journal, records ...string) {
	t.Helper()
	for _, r := range records {
		if err := j.Wait(j.Append([]byte(r))); err != nil {
			t.Fatal(err)
		}
	}
}

func writing(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func checkpoint(t *testing.T, j *Journal, text string) {
	t.Helper()
	j.Cut()
	if err := j.Checkpoint(writing(text)); err != nil {
		t.Fatal(err)
	}
}

func closeNow(t *testing.T, j *Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

func wantLoaded(t *testing.T, dir, wantSnapshot string, want ...string) {
	t.Helper()
	j := open(t, dir, Options{})
	snapshot, records := load(t, j)
	if snapshot != wantSnapshot || !slices.Equal(records, want) {
		t.Errorf("loaded %d bytes of snapshot and %q, want %d and %q", len(snapshot), records, len(wantSnapshot), want)
	}
	closeNow(t, j)
}

func TestRecordsComeBackInOrder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	j := open(t, dir, Options{Sync: true})
	load(t, j)
	add(t, j, "a", "", "b")
	closeNow(t, j)
	j = open(t, dir, Options{})
	load(t, j)
	add(t, j, "c")
	closeNow(t, j)
	wantLoaded(t, dir, "", "a", "", "b", "c")
}

func TestASnapshotStandsForWhatWasBeforeIt(t *testing.T) {
	dir := t.TempDir()
	large := strings.Repeat("0123456789abcdef", 3*partSize/16)
	for _, snapshot := range []string{"", "small", large} {
		j := open(t, dir, Options{})
		load(t, j)
		add(t, j, "before")
		j.Cut()
		add(t, j, "during")
		j.Append([]byte("pending"))
		if err := j.Checkpoint(writing(snapshot)); err != nil {
			t.Fatal(err)
		}
		add(t, j, "after")
		closeNow(t, j)
		wantLoaded(t, dir, snapshot, "during", "pending", "after")
	}
}

// A process is killed at some moments of a checkpoint.
func TestACheckpointIsWholeOrNotThere(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir, Options{Sync: true})
	load(t, j)
	add(t, j, "a")
	j.Cut()
	add(t, j, "b")
	if err := j.Checkpoint(func(w io.Writer) error {
		if _, err := io.WriteString(w, strings.Repeat("snapshot ", partSize)); err != nil {
			return err
		}
		add(t, j, "c")
		wantLoaded(t, copied(t, dir), "", "a", "b", "c")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := strings.Repeat("snapshot ", partSize)
	wantLoaded(t, copied(t, dir), want, "b", "c")
	add(t, j, "d")
	wantLoaded(t, copied(t, dir), want, "b", "c", "d")

	// The new file cannot take the place of the old one.
	if err := os.Rename(j.path, j.path+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(j.path, "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	j.Cut()
	if err := j.Checkpoint(writing("two")); err == nil {
		t.Fatal("a directory was replaced")
	}
	number := j.Append([]byte("e"))
	if err := j.Wait(number); err == nil {
		t.Error("a directory was written")
	}
	if err := errors.Join(os.RemoveAll(j.path), os.Rename(j.path+".away", j.path), j.Ready(), j.Wait(number)); err != nil {
		t.Fatal(err)
	}
	closeNow(t, j)
	wantLoaded(t, dir, want, "b", "c", "d", "e")
}

func TestAnUnfinishedCheckpointChangesNothing(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir, Options{})
	load(t, j)
	add(t, j, "a")
	checkpoint(t, j, "one")
	add(t, j, "b")
	for range 2 {
		j.Cut()
		if err := j.Checkpoint(func(io.Writer) error { return io.ErrUnexpectedEOF }); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatal(err)
		}
	}
	closeNow(t, j)
	wantLoaded(t, dir, "one", "b")

	j = open(t, dir, Options{})
	load(t, j)
	add(t, j, "c")
	j.Cut()
	if err := j.Checkpoint(func(io.Writer) error { return io.ErrUnexpectedEOF }); err == nil {
		t.Fatal("no error")
	}
	add(t, j, "d")
	closeNow(t, j)
	wantLoaded(t, dir, "one", "b", "c", "d")

	j = open(t, dir, Options{})
	load(t, j)
	checkpoint(t, j, "two")
	closeNow(t, j)
	wantLoaded(t, dir, "two")
}

func TestOutgrownReportsRecordsLargerThanTheSnapshot(t *testing.T) {
	j := open(t, t.TempDir(), Options{})
	load(t, j)
	if j.Outgrown() {
		t.Error("outgrown from the start")
	}
	add(t, j, strings.Repeat("x", restSize+1))
	if !j.Outgrown() {
		t.Error("not outgrown")
	}
	checkpoint(t, j, strings.Repeat("y", restSize+2))
	if add(t, j, strings.Repeat("x", restSize+1)); j.Outgrown() {
		t.Error("the snapshot is larger")
	}
}

func TestWritersShareCommits(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir, Options{})
	load(t, j)
	var group sync.WaitGroup
	for range 32 {
		group.Go(func() {
			for range 50 {
				if err := j.Wait(j.Append([]byte("record"))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if j.attempts >= 32*50 {
		t.Errorf("%d commits", j.attempts)
	}
	closeNow(t, j)
	j = open(t, dir, Options{})
	if _, records := load(t, j); len(records) != 32*50 {
		t.Errorf("%d records", len(records))
	}
}

func TestADirectoryHasOneProcess(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, Options{})
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("got %v", err)
	}
}

func TestAClosedJournalReturnsErrClosed(t *testing.T) {
	j := open(t, t.TempDir(), Options{})
	load(t, j)
	closeNow(t, j)
	if err := j.Wait(j.Append([]byte("x"))); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := j.Ready(); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := j.Close(); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

// fullDisk is a file on a disk that has no space until there is.
type fullDisk struct {
	storage
	space bool
}

func (d *fullDisk) WriteAt(p []byte, at int64) (int, error) {
	if d.space {
		return d.storage.WriteAt(p, at)
	}
	n, err := d.storage.WriteAt(p[:len(p)/2], at)
	return n, errors.Join(err, syscall.ENOSPC)
}

// What a full disk does: nothing is kept until there is space again, and then
// everything in order.
func TestAFailedCommitIsTriedAgain(t *testing.T) {
	dir := t.TempDir()
	j := open(t, dir, Options{})
	load(t, j)
	add(t, j, "kept")
	disk := &fullDisk{storage: j.file.storage} // the committer rests
	j.file.storage = disk
	number := j.Append([]byte("waits"))
	if err := j.Wait(number); err == nil || !strings.Contains(err.Error(), "cannot be read and written: no space left") {
		t.Fatalf("on a full disk: %v", err)
	}
	if j.Ready() == nil || j.Err() == nil {
		t.Error("a full disk, and it says nothing")
	}
	wantLoaded(t, copied(t, dir), "", "kept")
	disk.space = true
	if err := j.Ready(); err != nil {
		t.Fatal(err)
	}
	add(t, j, "after")
	if err := j.Wait(number); err != nil || j.Err() != nil {
		t.Errorf("%v, %v", err, j.Err())
	}
	closeNow(t, j)
	wantLoaded(t, dir, "", "kept", "waits", "after")
}

// copied is what a directory would be if the process were killed now.
func copied(t *testing.T, dir string) string {
	t.Helper()
	left := t.TempDir()
	if err := os.CopyFS(left, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return left
}
