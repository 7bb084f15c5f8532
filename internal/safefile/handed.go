package safefile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/latch-keys/latch/internal/bounded"
	"github.com/latch-keys/latch/internal/safefile/system"
)

// ReadHanded reads a secret that somebody hands over, in the ways in which people
// do: a private file, a pipe, a descriptor (/dev/stdin, /dev/fd/3), and what
// Kubernetes, docker and systemd mount, which are symbolic links and files that
// others may read. What others could have exchanged is refused. It waits for who
// writes to a pipe until ctx ends.
//
// A descriptor is whoever's who opened it, and is read as it is. Otherwise links
// and folders on the way must belong to us or to root; the file too, and nobody
// else may be able to write it. Others may read it where nobody can change its
// mode: on a read-only mount, or where it belongs to us and has no mode to write.
func ReadHanded(ctx context.Context, path string, limit int64) ([]byte, error) {
	file, err := openHanded(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	// Without a deadline to set, as for regular files, nothing waits either.
	stop := context.AfterFunc(ctx, func() { _ = file.SetReadDeadline(time.Unix(0, 1)) })
	defer stop()
	data, err := readLimited(file, limit)
	switch {
	case ctx.Err() != nil:
		clear(data)
		return nil, failed("read", path, ctx.Err())
	case err != nil:
		return nil, failed("read", path, err)
	}
	return data, nil
}

func readLimited(from io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(from, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%w: more than %d bytes", ErrTooLarge, limit)
	}
	if err != nil {
		clear(data)
		return nil, err
	}
	return data, nil
}

// openHanded judges before it opens, and that what it opened is what it judged.
func openHanded(ctx context.Context, path string) (*os.File, error) {
	judged, err := os.Stat(path)
	if err != nil {
		return nil, failed("read", path, err)
	}
	_, descriptor := system.DescriptorIn(path)
	if !descriptor {
		if err := judgeHanded(path, judged); err != nil {
			return nil, err
		}
	}
	file, err := openWaiting(ctx, path)
	if err != nil {
		return nil, failed("read", path, err)
	}
	info, err := file.Stat()
	switch {
	case err == nil && info.IsDir():
		err = errors.New("it is a folder")
	case err == nil && !descriptor && !os.SameFile(judged, info):
		err = errExchanged
	}
	if err != nil {
		_ = file.Close()
		return nil, failed("read", path, err)
	}
	return file, nil
}

// openWaiting opens a file; opening a pipe waits for who writes to it, until ctx
// ends.
func openWaiting(ctx context.Context, path string) (*os.File, error) {
	return bounded.Call(ctx, func() (*os.File, error) { return os.Open(path) })
}

// judgeHanded judges what is at the end of a path, and the way there.
func judgeHanded(path string, info fs.FileInfo) error {
	if kind := info.Mode().Type(); kind != 0 && kind != fs.ModeNamedPipe {
		return judgeRegular(path, info)
	}
	if err := JudgeWay(path); err != nil {
		return err
	}
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return failed("read", path, err)
	}
	if system.OnReadOnlyMount(resolved) {
		return nil // its owner was judged on the way; nobody can write it here
	}
	folder, err := os.Stat(filepath.Dir(resolved))
	if err != nil {
		return failed("look at the folder", filepath.Dir(resolved), err)
	}
	if folder.Mode()&fs.ModeSticky == 0 { // there nobody exchanges a file that is not theirs
		if err := judgeOwnFolder(filepath.Dir(resolved), folder); err != nil {
			return err
		}
	}
	access := Private
	if info.Mode().Perm()&0o222 == 0 && ownedByUs(info) {
		access = Owned
	}
	return judgeOwnFile(path, info, access)
}
