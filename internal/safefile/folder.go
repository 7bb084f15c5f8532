package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile/system"
)

// folder is held open, so that the folder that was judged is the one written.
type folder struct {
	Disk
	path string
	root *os.Root // nil where the folder is only looked at
	// removable tells which files a journal may remove; nil: any.
	removable func(name string) bool
}

func (f *folder) lstat(base string) (fs.FileInfo, error) {
	if f.root == nil {
		return os.Lstat(filepath.Join(f.path, base))
	}
	return f.root.Lstat(base)
}

func (f *folder) open(base string) (*os.File, error) {
	if f.root == nil {
		return os.OpenFile(filepath.Join(f.path, base), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	}
	return f.root.OpenFile(base, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

// openFolder opens a folder to write files of the given access into, and
// removes what killed runs left there.
func (d Disk) openFolder(path string, access Access) (*folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, failed("open the folder", path, err)
	}
	f := &folder{Disk: d, path: path, root: root}
	if err := f.judge(access); err != nil {
		f.close()
		return nil, err
	}
	f.sweep()
	return f, nil
}

func (f *folder) judge(access Access) error {
	if access == Shared {
		return nil
	}
	info, err := f.root.Stat(".")
	if err != nil {
		return failed("look at the folder", f.path, err)
	}
	if err := judgeOwnFolder(f.path, info); err != nil {
		return err
	}
	return JudgeWay(f.path)
}

func (f *folder) close() { _ = f.root.Close() }

func (f *folder) sync() error {
	if err := f.at(stepSyncFolder, f.path); err != nil {
		return failed("sync the folder", f.path, err)
	}
	if err := system.SyncFolder(f.root); err != nil {
		return failed("sync the folder", f.path, err)
	}
	return nil
}

// split parts a path into its folder and the file's name in it.
func split(path string) (dir, base string, err error) {
	dir, base = filepath.Split(path)
	if base == "" || base == "." || base == ".." || strings.HasPrefix(base, stagedPrefix) {
		return "", "", failed("use", path, errors.New("this does not name a file"))
	}
	return filepath.Clean(dir), base, nil
}

// splitForWriting is split for the path of a file that is to be written.
func splitForWriting(path string) (dir, base string, err error) {
	if err := refuseDash(path); err != nil {
		return "", "", err
	}
	return split(path)
}

// refuseDash refuses to make what is called -: who writes that means stdout.
func refuseDash(path string) error {
	if path == "-" {
		return fault.New(fault.Usage, "- stands for stdout, and a name is needed here").WithHint("give one; ./- is a name as well")
	}
	return nil
}

// MakeDir makes a folder for Private files, mode 0700, with the parents it
// needs, of the same mode. A folder that is there already is judged instead: a
// *Refusal where others can write it.
func MakeDir(path string) error { return Disk{}.MakeDir(path) }

// MakeDir is MakeDir on this disk.
func (d Disk) MakeDir(path string) error {
	if err := refuseDash(path); err != nil {
		return err
	}
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	if err == nil {
		if err := judgeOwnFolder(path, info); err != nil {
			return err
		}
		return JudgeWay(path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return failed("look at the folder", path, err)
	}
	parent := filepath.Dir(path)
	if _, err := os.Stat(parent); errors.Is(err, fs.ErrNotExist) && parent != path {
		if err := d.MakeDir(parent); err != nil {
			return err
		}
	}
	if err := JudgeWay(parent); err != nil {
		return err
	}
	if err := d.at(stepMakeDir, path); err != nil {
		return failed("make the folder", path, err)
	}
	if err := makeOwnFolder(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return failed("make the folder", path, err)
	}
	// Another process may have made it in between: judge what is there now.
	return d.settle(parent, path)
}

func (d Disk) settle(parent, path string) error {
	root, err := os.OpenRoot(parent)
	if err != nil {
		return failed("open the folder", parent, err)
	}
	f := &folder{Disk: d, path: parent, root: root}
	defer f.close()
	if err := f.sync(); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return failed("look at the folder", path, err)
	}
	return judgeOwnFolder(path, info)
}
