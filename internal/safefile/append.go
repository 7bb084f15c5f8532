package safefile

import (
	"errors"
	"io"
	"os"
)

// Append adds data to the end of a file that another program made and will
// read, such as the one by which a step of a CI job hands on variables. A file
// that does not end its last line is given a line end first. It is written in
// place, since the file is the other program's: neither atomic nor private.
// Errors: a *Refusal for a link or what is no regular file, fs.ErrNotExist.
func Append(path string, data []byte) error {
	judged, err := os.Lstat(path)
	if err != nil {
		return failed("append to", path, err)
	}
	if err := judgeRegular(path, judged); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return failed("append to", path, err)
	}
	err = appendTo(file, judged, data)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return failed("append to", path, err)
	}
	return nil
}

func appendTo(file *os.File, judged os.FileInfo, data []byte) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(judged, info) {
		return errExchanged
	}
	last := []byte{'\n'}
	if info.Size() > 0 {
		if _, err := file.ReadAt(last, info.Size()-1); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
	}
	if last[0] != '\n' {
		if _, err := file.Write([]byte{'\n'}); err != nil {
			return err
		}
	}
	_, err = file.Write(data)
	return err
}
