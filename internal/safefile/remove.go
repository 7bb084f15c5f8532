package safefile

import "path/filepath"

// remove removes a regular file for good: fs.ErrNotExist where there is none, a
// *Refusal for anything else.
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
