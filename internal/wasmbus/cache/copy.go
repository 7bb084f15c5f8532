package cache

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"time"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/fault"
)

// copyVersion is of the form in which copies are written: lines of JSON. The first
// says what it is a copy of. Of each stream there is a line with its configuration,
// a line for each message, and a line with how many there were; the last line has
// the SHA-256 of all before it.
const copyVersion = 1

// The lines of a copy, told apart by their first member.
type (
	headLine struct {
		Version int       `json:"latch_cache_copy"`
		Lattice string    `json:"lattice"`
		Domain  string    `json:"domain,omitempty"`
		Taken   time.Time `json:"taken"`
	}
	streamLine struct {
		Stream string          `json:"stream"`
		Config json.RawMessage `json:"config"`
	}
	endLine struct {
		End      string `json:"end"`
		Messages uint64 `json:"messages"`
	}
	sumLine struct {
		SHA256 string `json:"sha256"`
	}
)

// copyWriter writes lines and keeps their sum.
type copyWriter struct {
	out *bufio.Writer
	sum hash.Hash
}

func (w *copyWriter) line(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	text = append(text, '\n')
	w.sum.Write(text)
	_, err = w.out.Write(text)
	return err
}

// Copy writes what the streams hold, message by message. progress is told of each.
// It fails where one of them changes meanwhile.
func (c Cache) Copy(ctx context.Context, w io.Writer, streams []Stream, at time.Time, progress func(messages int64)) error {
	out := &copyWriter{bufio.NewWriter(w), sha256.New()}
	if err := out.line(headLine{copyVersion, c.lattice, c.domain, at.UTC()}); err != nil {
		return err
	}
	for _, s := range streams {
		if !s.Exists {
			continue
		}
		if err := c.copyStream(ctx, out, s, progress); err != nil {
			return err
		}
	}
	if err := out.line(sumLine{hex.EncodeToString(out.sum.Sum(nil))}); err != nil {
		return err
	}
	return out.out.Flush()
}

func (c Cache) copyStream(ctx context.Context, out *copyWriter, s Stream, progress func(int64)) error {
	if err := out.line(streamLine{s.Stream, s.config}); err != nil {
		return err
	}
	count := uint64(0)
	err := c.read(ctx, s.Stream, s.first, s.last, func(m Message) error {
		if !utf8.ValidString(m.Subject) {
			return fault.New(fault.Failed, "message %d of %s has a subject that is no text", m.Seq, s.Stream)
		}
		count++
		progress(1)
		return out.line(m)
	})
	if err != nil {
		return err
	}
	now, err := c.look(ctx, s.Store)
	if err != nil {
		return err
	}
	if count != s.Messages || now.Messages != s.Messages || now.last != s.last || now.first != s.first {
		return fault.New(fault.Refused, "%s changed while it was copied: somebody writes to it", s.Stream).
			WithHint("stop what uses the lattice, then run the command again")
	}
	return out.line(endLine{s.Stream, count})
}
