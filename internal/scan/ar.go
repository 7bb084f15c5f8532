package scan

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
)

// arMagic begins an archive of ar, such as a package of Debian. Source: ar(5).
const arMagic = "!<arch>\n"

var errDamagedAr = errors.New("the archive is damaged")

// ar looks at each file in an archive of ar.
func (j job) ar(ctx context.Context, r *bufio.Reader, at Place) error {
	if j.depth >= deepest {
		return errTooDeep()
	}
	j.depth++
	if _, err := io.CopyN(io.Discard, r, int64(len(arMagic))); err != nil {
		return err
	}
	for {
		name, size, err := nextInAr(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil { // what follows may not be of an archive at all
			return cmp.Or(j.plain(ctx, r, at), err)
		}
		inside, content := at, &io.LimitedReader{R: r, N: size}
		inside.File += "!" + name
		if err := j.enter(ctx, content, inside); err != nil {
			if err = j.pass(ctx, err, inside); err != nil {
				return err
			}
		}
		if _, err := io.Copy(io.Discard, content); err != nil || content.N > 0 {
			return errDamagedAr
		}
	}
}

// nextInAr reads what stands before a file: its name and size.
func nextInAr(r *bufio.Reader) (name string, size int64, err error) {
	const header, nameEnds, sizeFrom, sizeEnds, end, behind = 60, 16, 48, 58, "`\n", "#1/"
	if next, _ := r.Peek(1); string(next) == "\n" { // each begins at an even place
		_, _ = r.Discard(1)
	}
	head, err := r.Peek(header)
	if len(head) < header {
		if errors.Is(err, io.EOF) && len(head) > 0 {
			err = errDamagedAr
		}
		return "", 0, err
	}
	size, err = strconv.ParseInt(string(bytes.TrimSpace(head[sizeFrom:sizeEnds])), 10, 64)
	if err != nil || size < 0 || string(head[sizeEnds:]) != end {
		return "", 0, errDamagedAr
	}
	name = strings.TrimSuffix(string(bytes.TrimSpace(head[:nameEnds])), "/")
	_, _ = r.Discard(header)
	if long, is := strings.CutPrefix(name, behind); is { // as BSD has it, the name stands before the content
		length, err := strconv.ParseInt(long, 10, 16)
		if err != nil || length < 0 || length > size {
			return "", 0, errDamagedAr
		}
		whole, err := io.ReadAll(io.LimitReader(r, length))
		return string(bytes.TrimRight(whole, "\x00")), size - length, err
	}
	return name, size, nil
}
