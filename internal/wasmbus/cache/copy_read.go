package cache

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/latch-keys/latch/internal/fault"
)

// CopyInfo is what a copy holds, without its messages.
type CopyInfo struct {
	Lattice string
	Domain  string
	Taken   time.Time
	Streams []CopiedStream
}

// CopiedStream is one stream of a copy.
type CopiedStream struct {
	Stream   string
	Messages uint64

	config json.RawMessage
}

// mostLine is more than any line of a copy has, in bytes: servers take messages of
// 64 MiB at most.
const mostLine = 100 << 20

var errDamaged = fault.New(fault.Failed, "the copy is damaged, or not whole")

// ReadCopy reads a copy from end to end, gives its messages to take, and checks that
// it is whole: only then does it end without an error.
func ReadCopy(r io.Reader, take func(stream CopiedStream, m Message) error) (CopyInfo, error) {
	in := &copyReader{in: bufio.NewReaderSize(r, 1<<16), sum: sha256.New(), take: take}
	if err := in.head(); err != nil {
		return in.info, err
	}
	for !in.whole {
		if err := in.next(); err != nil {
			return in.info, err
		}
	}
	if _, err := in.in.ReadByte(); !errors.Is(err, io.EOF) {
		return in.info, errDamaged
	}
	return in.info, nil
}

// Verify reads a copy that was just written, and holds it against the streams that
// it is of.
func Verify(r io.Reader, streams []Stream) error {
	info, err := ReadCopy(r, func(CopiedStream, Message) error { return nil })
	if err != nil {
		return err
	}
	count := map[string]uint64{}
	for _, s := range info.Streams {
		count[s.Stream] = s.Messages
	}
	for _, s := range streams {
		if found, there := count[s.Stream]; !there || found != s.Messages {
			return fault.New(fault.Failed, "the copy holds %d messages of %s, which holds %d", found, s.Stream, s.Messages)
		}
	}
	return nil
}

type copyReader struct {
	in    *bufio.Reader
	sum   hash.Hash
	take  func(CopiedStream, Message) error
	info  CopyInfo
	open  *CopiedStream
	whole bool
}

// line reads one whole line.
func (r *copyReader) line() ([]byte, error) {
	var whole []byte
	for {
		part, err := r.in.ReadSlice('\n')
		if whole == nil && err == nil {
			return part, nil
		}
		whole = append(whole, part...)
		switch {
		case err == nil:
			return whole, nil
		case !errors.Is(err, bufio.ErrBufferFull) || len(whole) > mostLine:
			return nil, errDamaged.Because(dropEOF(err))
		}
	}
}

// dropEOF: that a file ends is no cause that helps.
func dropEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, bufio.ErrBufferFull) {
		return nil
	}
	return err
}

func (r *copyReader) head() error {
	var head headLine
	text, err := r.line()
	if err == nil {
		err = decode(text, &head)
	}
	switch {
	case err != nil || head.Version == 0:
		return fault.New(fault.Failed, "it is no copy of a lattice's cache")
	case head.Version != copyVersion:
		return fault.New(fault.Failed, "the copy is of a form that this latch does not know: %d", head.Version).WithHint("use the latch that wrote it")
	}
	r.sum.Write(text)
	r.info = CopyInfo{Lattice: head.Lattice, Domain: head.Domain, Taken: head.Taken}
	return nil
}

// next reads a line, which is of the kind that its first member says.
func (r *copyReader) next() error {
	text, err := r.line()
	if err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(text, []byte(`{"seq":`)):
		err = r.message(text)
	case bytes.HasPrefix(text, []byte(`{"stream":`)):
		err = r.begin(text)
	case bytes.HasPrefix(text, []byte(`{"end":`)):
		err = r.end(text)
	case bytes.HasPrefix(text, []byte(`{"sha256":`)):
		return r.check(text)
	default:
		err = errDamaged
	}
	r.sum.Write(text)
	return err
}

func (r *copyReader) begin(text []byte) error {
	var line streamLine
	if err := decode(text, &line); err != nil || r.open != nil {
		return errDamaged
	}
	r.open = &CopiedStream{Stream: line.Stream, config: line.Config}
	return nil
}

func (r *copyReader) message(text []byte) error {
	var m Message
	if err := decode(text, &m); err != nil || r.open == nil {
		return errDamaged
	}
	r.open.Messages++
	return r.take(*r.open, m)
}

func (r *copyReader) end(text []byte) error {
	var line endLine
	if err := decode(text, &line); err != nil || r.open == nil || line.End != r.open.Stream || line.Messages != r.open.Messages {
		return errDamaged
	}
	r.info.Streams = append(r.info.Streams, *r.open)
	r.open = nil
	return nil
}

func (r *copyReader) check(text []byte) error {
	var line sumLine
	if err := decode(text, &line); err != nil || r.open != nil || line.SHA256 != hex.EncodeToString(r.sum.Sum(nil)) {
		return errDamaged
	}
	r.whole = true
	return nil
}

func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
