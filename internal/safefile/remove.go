package safefile

import "path/filepath"

// Remove removes a regular file for good: fs.ErrNotExist where there is none,
// refused for anything else.
func (d Disk) Remove(path string) error {
	dir, base, err := split(path)
	if err != nil {
		return err
	}
	f, err := d.openFolder(dir, Shared)
	if err != nil {
		return err
	}
	defer f.close()
	return f.remove(base)
}

func (f *folder) remove(base string) error {
	path := filepath.Join(f.path, base)
	info, err := f.root.Lstat(base)
	if err != nil {
		return failed("remove", path, err)
	}
	if err := judgeRegular(path, info); err != nil {
		return err
	}
	if err := f.at(stepRemove, path); err != nil {
		return failed("remove", path, err)
	}
	if err := f.root.Remove(base); err != nil {
		return failed("remove", path, err)
	}
	return f.sync()
}
