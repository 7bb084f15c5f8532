package safefile

import (
	"os"
)

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
