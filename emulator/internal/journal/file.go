package journal

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// The file is a header and then frames. A frame is a kind, the length of its
// value, the value, and a digest: the SHA-256 of the digest before it and of the
// frame. So no frame can be changed, be missing, stand twice or elsewhere without
// the next digest being another. The header says where the last frame ends that
// was committed and what its digest is, so that none can be missing at the end
// either, and has a checksum of its own. Numbers are little-endian:
//
//	header: magic [16], format [4], end [8], digest of the last frame [32], CRC-32C [4]
//	frame:  kind [1], length [4], value [length], digest [32]
//
// A commit writes its frames after the last one, and then the header. A process
// that is killed between the two leaves frames of which no caller knows. They are
// read if they are whole, and overwritten if they are not.
const (
	magic      = "nimroom journal\n"
	format     = 2
	headerSize = len(magic) + 4 + 8 + sha256.Size + 4
	frameHead  = 1 + 4
)

// The kinds of frames.
const (
	snapshotPart byte = 's' // all of them come first
	record       byte = 'r'
)

// storage is a file, or what a test puts in its place.
type storage interface {
	io.ReaderAt
	io.Seeker
	io.WriterAt
	Sync() error
	Close() error
}

// file is a file of frames that is open for writing.
type file struct {
	storage
	path   string
	sync   bool // forces each commit to the disk
	end    int64
	digest [sha256.Size]byte
}

// contentError says what is wrong with the content of a file.
type contentError string

func (e contentError) Error() string { return string(e) }

func damaged(format string, args ...any) error {
	return contentError("is damaged: " + fmt.Sprintf(format, args...) + "; it was left as it is: use a copy of it that is not, or another directory")
}

// unknown is for what is as it was written, and means nothing to this program.
func unknown(format string, args ...any) error {
	return contentError("is not damaged, but this program cannot read " + fmt.Sprintf(format, args...) + "; use the version that wrote it, or a later one")
}

// newFile makes an empty file, or empties one.
func newFile(path string, sync bool) (*file, error) {
	on, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	f := &file{storage: on, path: path, sync: sync, end: int64(headerSize)}
	if err := f.writeHeader(); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// openFile opens a file and reads its header. The frames are to be read before
// any is written.
func openFile(path string, sync bool) (*file, error) {
	f := &file{path: path, sync: sync}
	if err := f.open(); err != nil {
		return nil, err
	}
	if err := f.readHeader(); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

func (f *file) writeHeader() error {
	h := append(make([]byte, 0, headerSize), magic...)
	h = binary.LittleEndian.AppendUint32(h, format)
	h = binary.LittleEndian.AppendUint64(h, uint64(f.end))
	h = sumHeader(append(h, f.digest[:]...)[:headerSize])
	if _, err := f.WriteAt(h, 0); err != nil {
		return err
	}
	return f.force()
}

// sumHeader fills in the checksum of a header.
func sumHeader(h []byte) []byte {
	rest := h[headerSize-4:]
	binary.LittleEndian.PutUint32(rest, headerSum(h))
	return h
}

func headerSum(h []byte) uint32 { return crc32.Checksum(h[:headerSize-4], castagnoli) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// bboltMagic stands at bboltAt in the files of format 1.
const (
	bboltMagic = 0xED0CDAED
	bboltAt    = 16
)

func (f *file) readHeader() error {
	h := make([]byte, headerSize)
	n, err := f.ReadAt(h, 0)
	switch rest := h[len(magic):]; {
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case n == headerSize && binary.LittleEndian.Uint32(h[bboltAt:]) == bboltMagic:
		return contentError("has format 1, which versions of nimroom up to November 2026 wrote and later ones do not read: " +
			"start the old version with it, save what GET /_emulator/state gives, and PUT that to this version with another directory")
	case n < headerSize || string(h[:len(magic)]) != magic:
		return damaged("it does not begin as a journal does, or it is of another program")
	case headerSum(h) != binary.LittleEndian.Uint32(h[headerSize-4:]):
		return damaged("the checksum of its header is wrong")
	case binary.LittleEndian.Uint32(rest) != format:
		return contentError(fmt.Sprintf("has format %d, which a later version of nimroom wrote, and this one reads format %d: use the later version",
			binary.LittleEndian.Uint32(rest), format))
	default:
		f.end = int64(binary.LittleEndian.Uint64(rest[4:]))
		f.digest = [sha256.Size]byte(rest[12:])
		return nil
	}
}

// write commits values as frames of a kind. After an error nothing has been
// committed, and it can be tried again.
func (f *file) write(kind byte, values ...[]byte) error {
	if len(values) == 0 {
		return nil
	}
	if err := f.open(); err != nil {
		return err
	}
	was := *f
	var frames []byte
	for _, value := range values {
		frames = f.appendFrame(frames, kind, value)
	}
	_, err := f.WriteAt(frames, was.end)
	if err == nil {
		err = f.force()
	}
	if err == nil {
		err = f.writeHeader()
	}
	if err != nil {
		f.end, f.digest = was.end, was.digest
	}
	return err
}

// open opens the file where it is closed.
func (f *file) open() (err error) {
	if f.storage == nil {
		on, opened := os.OpenFile(f.path, os.O_RDWR, 0)
		if err = opened; err == nil {
			f.storage = on
		}
	}
	return err
}

func (f *file) close() (err error) {
	if f.storage != nil {
		err = f.Close()
		f.storage = nil
	}
	return err
}

// rename closes the file, because Windows renames no open one, and gives it
// another name. The next write opens it.
func (f *file) rename(path string) error {
	if err := f.close(); err != nil {
		return err
	}
	if err := os.Rename(f.path, path); err != nil {
		return err
	}
	f.path = path
	if f.sync { // the name, too, where the system can; the file has it by now in any case
		if dir, err := os.Open(filepath.Dir(path)); err == nil {
			_ = dir.Sync()
			_ = dir.Close()
		}
	}
	return nil
}

func (f *file) force() error {
	if !f.sync {
		return nil
	}
	return f.Sync()
}

// appendFrame appends the frame that comes next.
func (f *file) appendFrame(to []byte, kind byte, value []byte) []byte {
	start := len(to)
	to = append(to, kind)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(value)))
	to = append(to, value...)
	f.digest = chain(f.digest, to[start:])
	to = append(to, f.digest[:]...)
	f.end += int64(len(to) - start)
	return to
}

// chain returns the digest of a frame.
func chain(before [sha256.Size]byte, frame []byte) (after [sha256.Size]byte) {
	h := sha256.New()
	h.Write(before[:])
	h.Write(frame)
	h.Sum(after[:0])
	return after
}

// frames reads the frames of a file from the first one on, and checks them.
type frames struct {
	file *file // as the header describes it
	from *bufio.Reader
	size int64 // of the file
	at   int64 // where the next frame begins
	last [sha256.Size]byte
	n    int
	text []byte
}

func (f *file) frames() (*frames, error) {
	if err := f.open(); err != nil {
		return nil, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	from := io.NewSectionReader(f, int64(headerSize), size-int64(headerSize))
	return &frames{file: f, from: bufio.NewReaderSize(from, partSize), size: size, at: int64(headerSize)}, err
}

// next returns the kind and the value of the next frame, which is valid until the
// one after it is read. The error is [io.EOF] after the last one.
func (r *frames) next() (kind byte, value []byte, err error) {
	frame, whole, err := r.read()
	committed := r.at < r.file.end
	switch {
	case err != nil:
		return 0, nil, err
	case !whole && !committed:
		return 0, nil, io.EOF
	case !whole:
		return 0, nil, damaged("frame %d, at byte %d of %d, is cut off or changed", r.n+1, r.at, r.size)
	}
	r.n++
	r.at += int64(len(frame) + sha256.Size)
	if committed && (r.at > r.file.end || r.at == r.file.end && r.last != r.file.digest) {
		return 0, nil, damaged("frame %d is not the last one that its header names", r.n)
	}
	return frame[0], frame[frameHead:], nil
}

// read reads a frame without its digest, and reports whether that is right.
func (r *frames) read() (frame []byte, whole bool, err error) {
	if r.size-r.at < frameHead+sha256.Size {
		return nil, false, nil
	}
	head, err := r.from.Peek(frameHead)
	if err != nil {
		return nil, false, err
	}
	length := frameHead + int64(binary.LittleEndian.Uint32(head[1:]))
	if r.size-r.at < length+sha256.Size {
		return nil, false, nil
	}
	r.text = slices.Grow(r.text[:0], int(length)+sha256.Size)[:length+sha256.Size]
	if _, err := io.ReadFull(r.from, r.text); err != nil {
		return nil, false, err
	}
	frame = r.text[:length]
	digest := chain(r.last, frame)
	if !bytes.Equal(digest[:], r.text[length:]) {
		return nil, false, nil
	}
	r.last = digest
	return frame, true, nil
}
