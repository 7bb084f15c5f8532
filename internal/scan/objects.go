package scan

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// cutShort is an object that git fails in: it gives no other one behind it.
type cutShort struct {
	object string
	why    error
}

// Error is why.
func (c *cutShort) Error() string { return c.why.Error() }

// every looks at each object that git has. Where git fails in one it is asked for those
// behind it.
func (s *Scanner) every(ctx context.Context, git Git) error {
	nowhere := func(object string) Place { return Place{Object: object} }
	err := s.batch(ctx, git, nil, nowhere, "--batch-all-objects", "--unordered")
	var cut *cutShort
	if !errors.As(err, &cut) {
		return err
	}
	rest, failed := git.Output(ctx, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)")
	if failed != nil {
		return err
	}
	rest = bytes.ReplaceAll(rest, []byte(missing), []byte("\n"))
	for errors.As(err, &cut) && ctx.Err() == nil {
		_, behind, found := bytes.Cut(rest, []byte(cut.object+"\n"))
		if !found {
			return err
		}
		s.unread("object "+cut.object, cut.Error())
		rest = behind
		err = s.batch(ctx, git, bytes.NewReader(rest), nowhere)
	}
	return err
}

// batch looks at the objects that `git cat-file` is asked for, in that order, or at
// all that it has.
func (s *Scanner) batch(ctx context.Context, git Git, ask io.Reader, place func(object string) Place, flags ...string) error {
	out, err := git.Pipe(ctx, ask, append([]string{"cat-file", "--batch", "--buffer"}, flags...)...)
	if err != nil {
		return err
	}
	err = s.objects(ctx, out, place)
	closed := out.Close()
	if cut := (*cutShort)(nil); errors.As(err, &cut) {
		cut.why = cmp.Or(closed, cut.why)
	}
	return cmp.Or(err, closed)
}

// missing ends the line that git prints in place of an object that it cannot give.
const missing = " missing\n"

// objects looks at each object that `git cat-file --batch` prints. place says what is
// known of it by its name.
func (s *Scanner) objects(ctx context.Context, out io.Reader, place func(object string) Place) error {
	r := bufio.NewReaderSize(out, piece)
	w := newWindow()
	defer w.wipe()
	for ctx.Err() == nil {
		head, err := r.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if object, is := strings.CutSuffix(head, missing); is {
			at := place(object)
			s.unread(nameOf(at), "git does not have it, or it is damaged")
			continue
		}
		object, kind, size, err := parseHead(head)
		if err != nil {
			return err
		}
		content := io.LimitReader(r, size)
		if kind != "tree" {
			at := place(object)
			if err := s.read(ctx, w, content, at, size); err != nil {
				return err
			}
		}
		if _, err := io.Copy(io.Discard, content); err != nil {
			return err
		}
		if _, err := r.Discard(1); err != nil { // a line end
			return &cutShort{object, err}
		}
	}
	return ctx.Err()
}

// parseHead reads the line that stands before an object.
func parseHead(line string) (object, kind string, size int64, err error) {
	fields := strings.Fields(line)
	if len(fields) == 3 {
		size, err = strconv.ParseInt(fields[2], 10, 64)
	}
	if len(fields) != 3 || err != nil {
		return "", "", 0, fmt.Errorf("git said %q where an object was to come", strings.TrimSpace(line))
	}
	return fields[0], fields[1], size, nil
}
