package safefile

import (
	"io/fs"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Windows keeps access lists instead of modes: what is ours is made with a list
// that names its owner alone and inherits nothing, and that list is read back.

func judgeOwnFolder(path string, info fs.FileInfo) error {
	if err := judgeFolder(path, info.Mode()&^0o022, 0, 0); err != nil {
		return err
	}
	return judgeList(path, writing)
}

func judgeOwnFile(path string, _ fs.FileInfo, access Access) error {
	if access == Private {
		return judgeList(path, reading|writing)
	}
	return judgeList(path, writing)
}

func asWanted(fs.FileInfo, Access) bool { return true }

// keepOwner has nothing to do: the folder's list is inherited.
func keepOwner(*os.File, fs.FileInfo) error { return nil }

// openNew makes a file; one that is not Shared only its owner can open, from
// the moment it exists.
func openNew(root *os.Root, name string, mode fs.FileMode) (*os.File, error) {
	if mode.Perm()&0o077 != 0 {
		return root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	}
	path := filepath.Join(root.Name(), name)
	attributes, err := ownerOnly("")
	if err != nil {
		return nil, err
	}
	wide, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	handle, err := windows.CreateFile(wide, windows.GENERIC_READ|windows.GENERIC_WRITE,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, attributes,
		windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	file := os.NewFile(uintptr(handle), path)
	if err := judgeList(path, reading|writing); err != nil {
		_ = file.Close()
		_ = root.Remove(name)
		return nil, err
	}
	return file, nil
}

func makeOwnFolder(path string) error {
	attributes, err := ownerOnly("OICI")
	if err != nil {
		return err
	}
	wide, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	if err := windows.CreateDirectory(wide, attributes); err != nil {
		return &fs.PathError{Op: "mkdir", Path: path, Err: err}
	}
	return nil
}

// ownerOnly is an access list with one entry: everything, for the user we run
// as. inherit is how files in a folder get it, in SDDL.
func ownerOnly(inherit string) (*windows.SecurityAttributes, error) {
	us, err := ourselves()
	if err != nil {
		return nil, err
	}
	descriptor, err := windows.SecurityDescriptorFromString("O:" + us.String() + "D:P(A;" + inherit + ";FA;;;" + us.String() + ")")
	if err != nil {
		return nil, err
	}
	attributes := &windows.SecurityAttributes{SecurityDescriptor: descriptor}
	attributes.Length = uint32(unsafe.Sizeof(*attributes))
	return attributes, nil
}

func ourselves() (*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, err
	}
	return user.User.Sid, nil
}

func ownedByUs(fs.FileInfo) bool { return false }

// JudgeWay has nothing to add: access lists are judged where they are inherited.
func JudgeWay(string) error { return nil }
