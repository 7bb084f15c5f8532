package safefile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// ErrTooLarge says that a file is larger than its reader takes.
var ErrTooLarge = errors.New("too large")

// Read gives the bytes of a regular file of at most limit bytes. A Private
// file must be readable by its owner only, an Owned one writable by its owner
// only; neither may be reached through a symbolic link, have a second name, or
// lie in a folder that others can write or exchange. A *Refusal says so otherwise.
func Read(path string, access Access, limit int64) ([]byte, error) {
	file, info, err := openRegular(path, access)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	if access != Shared {
		if err := judgeOwn(path, info, access); err != nil {
			return nil, err
		}
	}
	data, err := readLimited(file, limit)
	if err != nil {
		return nil, failed("read", path, err)
	}
	return data, nil
}

// judgeOwn judges a file that is not Shared, and its folder.
func judgeOwn(path string, info fs.FileInfo, access Access) error {
	dir := filepath.Dir(path)
	folder, err := os.Stat(dir)
	if err != nil {
		return failed("look at the folder", dir, err)
	}
	if err := judgeOwnFolder(dir, folder); err != nil {
		return err
	}
	if err := JudgeWay(dir); err != nil {
		return err
	}
	return judgeOwnFile(path, info, access)
}

// ReadStart gives the first bytes of a regular file, at most limit of them, to
// tell what it is. Who else can read it is not judged.
func ReadStart(path string, limit int64) ([]byte, error) {
	file, _, err := openRegular(path, Shared)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, limit))
	if err != nil {
		return nil, failed("read", path, err)
	}
	return data, nil
}

// mostExchanges is how often a file may be exchanged while it is being opened: who
// writes it at that moment puts another in its place, and each is judged.
const mostExchanges = 10

var errExchanged = errors.New("it was exchanged while being opened")

// openRegular opens a file that was judged, and not another.
func openRegular(path string, access Access) (file *os.File, info fs.FileInfo, err error) {
	for range mostExchanges {
		if file, info, err = openJudged(path, access); !errors.Is(err, errExchanged) {
			break
		}
	}
	return file, info, err
}

// openJudged judges before opening, since opening a device can have effects,
// and makes sure afterwards that the file opened is the one judged.
func openJudged(path string, access Access) (*os.File, fs.FileInfo, error) {
	look := os.Lstat
	if access == Shared {
		look = os.Stat
	}
	judged, err := look(path)
	if err != nil {
		return nil, nil, failed("read", path, err)
	}
	if err := judgeRegular(path, judged); err != nil {
		return nil, nil, err
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, failed("read", path, err)
	}
	info, err := file.Stat()
	if err == nil && !os.SameFile(judged, info) && (access != Shared || !info.Mode().IsRegular()) {
		err = errExchanged
	}
	if err != nil {
		_ = file.Close()
		return nil, nil, failed("read", path, err)
	}
	return file, info, nil
}

// Streamed is what a person named, open for reading from end to end.
type Streamed struct {
	*os.File

	regular bool
	size    int64
}

// Regular tells a file from a pipe and a device, of which nothing can be read twice.
func (s *Streamed) Regular() bool { return s.regular }

// Size is that of a regular file when it was opened, in bytes; 0 of anything else.
func (s *Streamed) Size() int64 { return s.size }

// Stream opens what the person named for reading from end to end, whatever its
// size: a file, or the pipe of a process substitution. Nothing is judged; what
// holds a secret of ours is read with Read.
func Stream(path string) (*Streamed, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, failed("read", path, err)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("it is a folder")
	}
	if err != nil {
		_ = file.Close()
		return nil, failed("read", path, err)
	}
	stream := &Streamed{File: file, regular: info.Mode().IsRegular()}
	if stream.regular {
		stream.size = info.Size()
	}
	return stream, nil
}

// Judge tells whether a file or a folder is as safe as Read and Write of that access
// want it, without opening it: a *Refusal where it is not, fs.ErrNotExist where there
// is none. Nothing is asked of what is Shared.
func Judge(path string, access Access) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return failed("look at", path, err)
	case access == Shared:
		return nil
	case !info.IsDir():
		if err := judgeRegular(path, info); err != nil {
			return err
		}
		return judgeOwn(path, info, access)
	}
	if err := judgeOwnFolder(path, info); err != nil {
		return err
	}
	return JudgeWay(path)
}

// Names gives the names of what is in a folder, in order. os.ReadDir gives more, in
// twice the time.
func Names(dir string) ([]string, error) {
	folder, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = folder.Close() }()
	names, err := folder.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}
