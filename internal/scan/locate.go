package scan

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
)

// locate finds the first commit and the path of each object that a seed was found
// in, by one walk through the history.
func (s *Scanner) locate(ctx context.Context, git Git) error {
	wanted := map[string]Place{}
	for _, leak := range s.leaks {
		for _, at := range leak.Places {
			if at.Object != "" {
				wanted[at.Object] = Place{}
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	out, err := git.Pipe(ctx, nil, "log", "--all", "--reflog", "--topo-order", "-m", "--root", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-relative", "--format=%x00commit %H")
	if err != nil {
		return err
	}
	err = trace(out, wanted)
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil { // a log that ends early does not tell which commit was the first
		return s.goOn(ctx, "git log", fmt.Errorf("since which commit the seeds stand there is not known: %w", err))
	}
	for _, leak := range s.leaks {
		for i, at := range leak.Places {
			if found := wanted[at.Object]; found.Commit != "" {
				leak.Places[i].Commit = found.Commit
				leak.Places[i].File = found.File + at.File
			}
		}
	}
	return nil
}

// trace notes where each wanted object first came in. The log begins with the
// newest commit, so what is noted last is the first.
func trace(log io.Reader, wanted map[string]Place) error {
	const newObject = 3
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	lines.Split(untilZero)
	commit, object := "", ""
	for lines.Scan() {
		if object != "" { // then this is its path, whatever it looks like
			if _, is := wanted[object]; is {
				wanted[object] = Place{Commit: commit, File: lines.Text()}
			}
			object = ""
			continue
		}
		text := strings.TrimSpace(lines.Text())
		if hash, is := strings.CutPrefix(text, "commit "); is {
			commit = hash
			if _, is := wanted[hash]; is { // the seed stands in its message
				wanted[hash] = Place{Commit: hash}
			}
		} else if fields := strings.Fields(text); strings.HasPrefix(text, ":") && len(fields) > newObject {
			object = fields[newObject]
		}
	}
	return lines.Err()
}

// untilZero splits at zero bytes.
func untilZero(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}
