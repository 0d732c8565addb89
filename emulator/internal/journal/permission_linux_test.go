package journal

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// readAsUser reads a directory as its owner. Root may write every file, so that
// the thread of a test that root runs becomes another user; it ends with its goroutine.
func readAsUser(dir string) error {
	const nobody = 65534
	failed := make(chan error)
	go func() {
		if os.Geteuid() == 0 {
			runtime.LockOSThread()
			if err := errors.Join(os.Chmod(filepath.Dir(dir), 0o755), os.Chown(dir, nobody, nobody),
				os.Chown(filepath.Join(dir, fileName), nobody, nobody), syscall.Setfsuid(nobody)); err != nil {
				failed <- err
				return
			}
		}
		_, err := read(dir)
		failed <- err
	}()
	return <-failed
}

// What may not be written is not called damaged, and the error has the reason.
func TestNoPermissionIsNoDamage(t *testing.T) {
	for name, modes := range map[string]struct{ dir, file os.FileMode }{
		fileName: {0o700, 0o400},
		lockName: {0o500, 0o600},
	} {
		dir := t.TempDir()
		write(t, filepath.Join(dir, fileName), written(t, 1))
		if err := errors.Join(os.Chmod(filepath.Join(dir, fileName), modes.file), os.Chmod(dir, modes.dir)); err != nil {
			t.Fatal(err)
		}
		want := dir + " cannot be read and written: open " + filepath.Join(dir, name) + ": permission denied"
		if err := readAsUser(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if err := os.Chmod(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}
