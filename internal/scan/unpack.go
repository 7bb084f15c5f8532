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
	headLength      = tarAt + len(tarMagic) // the most that tells what a stream is
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
	ended := j.window.begin(r)
	head := j.window.head()
	for _, f := range j.closed {
		if f.begins(head) {
			return cmp.Or(j.toTheEnd(ctx, r, ended, at), fmt.Errorf("%s, which is not unpacked", f.what))
		}
	}
	for _, p := range j.packings {
		if p.begins(head) {
			return j.unpack(ctx, p.open, j.window.again(r, ended), at)
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte(arMagic)):
		return j.ar(ctx, j.window.again(r, ended), at)
	case len(head) == headLength && string(head[tarAt:]) == tarMagic:
		return j.tar(ctx, j.window.again(r, ended), at)
	case bytes.HasPrefix(head, []byte(zipMagic)):
		return j.zip(ctx, r, j.window.again(r, ended), at)
	}
	return j.toTheEnd(ctx, r, ended, at)
}

// plain looks at a stream as it is.
func (j job) plain(ctx context.Context, r io.Reader, at Place) error {
	return j.toTheEnd(ctx, r, j.window.begin(r), at)
}

// toTheEnd looks at what the window holds of a stream, and then at all that r gives. ended
// is why the window could not be filled: io.EOF behind the last byte. Each seed is told
// with its place, of which the rest is known to who calls.
func (j job) toTheEnd(ctx context.Context, r io.Reader, ended error, at Place) error {
	w := j.window
	for fresh := w.held; ; {
		ended = cmp.Or(j.unpacked(fresh), ended)
		j.look(w, ended != nil, at)
		switch {
		case errors.Is(ended, io.EOF):
			return nil
		case ended != nil:
			return ended
		case ctx.Err() != nil:
			return ctx.Err()
		}
		w.advance()
		kept := w.held
		ended = w.fill(r)
		fresh = w.held - kept
	}
}

// unpacked adds up what a file unpacks to. It is an error where that is far too much.
func (j job) unpacked(bytes int) error {
	*j.read += int64(bytes)
	if read := *j.read; j.depth > 0 && read > mostBytes && read/mostTimes > j.size() {
		return errTooMuch
	}
	return nil
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
	if err := j.enter(ctx, &upToFault{Reader: inner}, at); err != nil {
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

// upToFault reads an archive up to where it is damaged. A decoder may tell that first,
// give what it had unpacked by then to who reads on, and not tell it again.
type upToFault struct {
	io.Reader

	fault error
}

// Read reads on.
func (r *upToFault) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.fault == nil && (err == nil || errors.Is(err, io.EOF)) {
		return n, err
	}
	if r.fault == nil {
		r.fault = err
	}
	if n == 0 {
		n, _ = r.Reader.Read(p)
	}
	if n > 0 {
		return n, nil
	}
	return 0, r.fault
}

func errTooDeep() error {
	return fmt.Errorf("archives lie in each other more than %d deep", deepest)
}
