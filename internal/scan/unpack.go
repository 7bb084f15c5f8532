package scan

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
)

const (
	deepest = 6        // archives within archives
	mostZip = 64 << 20 // of a zip file within an archive, in bytes: it is read from its end
	// An archive may unpack to this many times its size, and to this many bytes
	// anyhow; more is made to keep its reader busy.
	mostTimes, mostBytes = 1000, 1 << 30
)

// errTooMuch says that an archive is not read to its end.
var errTooMuch = errors.New("it unpacks to more than a thousand times its size")

const (
	tarMagic, tarAt = "ustar", 257
	zipMagic        = "PK\x03\x04"
)

// job is one stream to look at, and what it has unpacked to.
type job struct {
	*Scanner

	window *window
	depth  int
	size   func() int64 // of the outermost file, or as much of it as was read
	read   *int64       // in all, unpacked
}

// enter looks at a stream: at what is in it where it is an archive.
func (j job) enter(ctx context.Context, r io.Reader, at Place) error {
	peek := bufio.NewReaderSize(r, 512)
	head, _ := peek.Peek(tarAt + len(tarMagic))
	for _, f := range closed() {
		if f.begins(head) {
			return cmp.Or(j.plain(ctx, peek, at), fmt.Errorf("%s, which is not unpacked", f.what))
		}
	}
	for _, p := range packings() {
		if p.begins(head) {
			return j.unpack(ctx, p.open, peek, at)
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte(arMagic)):
		return j.ar(ctx, peek, at)
	case len(head) == tarAt+len(tarMagic) && string(head[tarAt:]) == tarMagic:
		return j.tar(ctx, peek, at)
	case bytes.HasPrefix(head, []byte(zipMagic)):
		return j.zip(ctx, r, peek, at)
	}
	return j.plain(ctx, peek, at)
}

// plain looks at a stream as it is.
func (j job) plain(ctx context.Context, r io.Reader, at Place) error {
	return j.stream(ctx, j.window, counted{r, j}, at)
}

// counted adds up what a file unpacks to, and ends it where that is far too much.
type counted struct {
	io.Reader

	of job
}

// Read reads on, unless it has been too much.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.of.read += int64(n)
	if read := *c.of.read; c.of.depth > 0 && read > mostBytes && read/mostTimes > c.of.size() {
		return n, errTooMuch
	}
	return n, err
}

// unpack looks at what a stream unpacks to. One that merely begins alike is text.
func (j job) unpack(ctx context.Context, open opener, r *bufio.Reader, at Place) error {
	if j.depth >= deepest {
		return errTooDeep()
	}
	tried := &recorder{Reader: r, on: true}
	inner, err := open(tried)
	tried.on = false
	if errors.Is(err, errDictionary) {
		return err
	}
	if err != nil {
		return j.plain(ctx, io.MultiReader(&tried.seen, r), at)
	}
	if closer, ok := inner.(interface{ Close() }); ok {
		defer closer.Close()
	}
	outside := j
	j.depth++
	if err := j.enter(ctx, inner, at); err != nil {
		return err
	}
	return outside.plain(ctx, r, at) // what comes behind its end
}

// recorder keeps what is read while it is on.
type recorder struct {
	io.Reader

	on   bool
	seen bytes.Buffer
}

// Read reads on.
func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.on {
		r.seen.Write(p[:n])
	}
	return n, err
}

func errTooDeep() error {
	return fmt.Errorf("archives lie in each other more than %d deep", deepest)
}
