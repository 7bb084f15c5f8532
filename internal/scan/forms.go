package scan

import (
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz/lzma"
)

// form is how files of one kind begin. Source: file(1), magic/Magdir/compress and archive.
type form struct {
	what   string
	begins func(head []byte) bool
}

// begins tells files by what stands at their beginning.
func begins(magic string) func(head []byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }
}

// closed are the forms that are not unpacked.
func closed() []form {
	return []form{
		{"a 7z archive", begins("7z\xbc\xaf\x27\x1c")},
		{"a rar archive", begins("Rar!\x1a\x07")},
		{"an rpm package", begins("\xed\xab\xee\xdb")},
		{"an lz4 file", begins("\x04\x22\x4d\x18")},
		{"an lz4 file", begins("\x02\x21\x4c\x18")}, // of the time before frames
		{"an lzip file", begins("LZIP\x01")},
		{"an lzop file", begins("\x89LZO\x00")},
		{"an lrzip file", begins("LRZI\x00")},
		{"a file of compress", begins("\x1f\x9d")},
		{"a file of pack", begins("\x1f\x1e")},
		{"a snappy file", begins("\xff\x06\x00\x00sNaPpY")},
		{"a cab archive", begins("MSCF\x00\x00\x00\x00")},
		{"a xar archive", begins("xar!\x00\x1c")},
	}
}

// packing is a form that holds one stream.
type packing struct {
	begins func(head []byte) bool
	open   opener
}

type opener func(io.Reader) (io.Reader, error)

// packings are those that are unpacked.
func packings() []packing {
	return []packing{
		{begins("\x1f\x8b"), func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
		{func(head []byte) bool { return len(head) > 4 && bytes.HasPrefix(head[4:], []byte("1AY&SY")) }, func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
		{begins("\xfd7zXZ\x00"), openXZ},
		{isZstd, openZstd},
		{isLZMA, openLZMA},
	}
}

// isZstd knows a file of zstd also by a frame that is to be skipped, with which pzstd
// begins. lz4 may begin with such a frame too: the decoder refuses what follows then.
func isZstd(head []byte) bool {
	skippable := len(head) > 3 && head[0]&0xf0 == 0x50 && bytes.HasPrefix(head[1:], []byte("\x2a\x4d\x18"))
	return skippable || bytes.HasPrefix(head, []byte("\x28\xb5\x2f\xfd"))
}

func openZstd(r io.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(mostZip))
}

// isLZMA knows a file of the form before xz, which has no magic bytes, by the properties
// that every tool writes, and by a size of its dictionary and of itself that makes sense.
func isLZMA(head []byte) bool {
	const usual = 0x5d
	return len(head) >= lzma.HeaderLen && head[0] == usual && lzma.ValidHeader(head[:lzma.HeaderLen])
}

func openLZMA(r io.Reader) (io.Reader, error) {
	unpacked, err := lzma.ReaderConfig{DictCap: mostZip}.NewReader(r)
	var larger *lzma.ErrDictSize
	if errors.As(err, &larger) {
		return nil, errDictionary
	}
	return unpacked, err
}
