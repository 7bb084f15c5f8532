package safefile

import "path/filepath"

// Rename is Held.Rename, and Remove is Held.Remove, for tests that hold no folder.
func Rename(from, to string, access Access) error { return Disk{}.Rename(from, to, access) }

func (d Disk) Rename(from, to string, access Access) error {
	f, err := d.openFolder(filepath.Dir(from), access)
	if err != nil {
		return err
	}
	defer f.close()
	return f.rename(filepath.Base(from), filepath.Base(to))
}

func Remove(path string) error { return Disk{}.Remove(path) }

func (d Disk) Remove(path string) error {
	f, err := d.openFolder(filepath.Dir(path), Shared)
	if err != nil {
		return err
	}
	defer f.close()
	return f.remove(filepath.Base(path))
}
