package scan

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// tar looks at each file in an archive.
func (j job) tar(ctx context.Context, r io.Reader, at Place) error {
	if j.depth >= deepest {
		return errTooDeep()
	}
	j.depth++
	files := tar.NewReader(r)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return j.plain(ctx, r, at) // what comes behind its end
		}
		if err != nil {
			return fmt.Errorf("the archive is damaged: %w", err)
		}
		inside := at // whatever it says to be: what holds nothing is empty
		inside.File += "!" + header.Name
		if err := j.enter(ctx, files, inside); err != nil {
			if err = j.pass(ctx, err, inside); err != nil {
				return err
			}
		}
	}
}

// pass notes what is amiss with one file of an archive, unless it ends the whole.
func (j job) pass(ctx context.Context, err error, at Place) error {
	if errors.Is(err, errTooMuch) || ctx.Err() != nil {
		return err
	}
	j.unread(at.File, err.Error())
	return nil
}

// zip looks at each file in a zip archive, which is read from its end.
func (j job) zip(ctx context.Context, r, peek io.Reader, at Place) error {
	if j.depth >= deepest {
		return errTooDeep()
	}
	whole, size, err := seekable(r, peek)
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(whole, size)
	if err != nil {
		return j.plain(ctx, io.NewSectionReader(whole, 0, size), at)
	}
	j.depth++
	for _, file := range archive.File {
		inside := at
		inside.File += "!" + file.Name
		if err := j.zipped(ctx, file, inside); err != nil {
			if err = j.pass(ctx, err, inside); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j job) zipped(ctx context.Context, file *zip.File, at Place) error {
	const encrypted = 1
	if file.Flags&encrypted != 0 {
		return errors.New("it is encrypted")
	}
	content, err := file.Open()
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	return j.enter(ctx, content, at)
}

// seekable is a stream that can be read at any place: a file itself, or what is
// read of another into memory.
func seekable(r, peek io.Reader) (io.ReaderAt, int64, error) {
	if file, ok := r.(interface {
		io.ReaderAt
		Size() int64
	}); ok {
		return file, file.Size(), nil
	}
	data, err := io.ReadAll(io.LimitReader(peek, mostZip+1))
	if err == nil && len(data) > mostZip {
		err = fmt.Errorf("a zip archive within another is larger than %d MiB", mostZip>>20)
	}
	return bytes.NewReader(data), int64(len(data)), err
}
