package xz

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

const (
	headerMagic = "\xfd7zXZ\x00"
	footerMagic = "YZ"
)

var (
	errDamaged = errors.New("the xz file is damaged")
	errFilter  = errors.New("the xz file uses a filter other than LZMA2")
	errMemory  = errors.New("the xz file needs too much memory to unpack")
)

// Reader gives what the streams of a file unpack to, one after the other.
type Reader struct {
	packed io.Reader
	most   int    // bytes of memory that a dictionary may take
	check  byte   // kind of the checksums in this stream
	block  *block // nil between blocks
	blocks uint64 // read in this stream
	err    error  // once it has ended, why
}

// NewReader reads the header of the first stream. No dictionary takes more than
// most bytes.
func NewReader(packed io.Reader, most int) (*Reader, error) {
	r := &Reader{packed: packed, most: most}
	var magic [4]byte
	if _, err := io.ReadFull(packed, magic[:]); err != nil {
		return nil, err
	}
	return r, r.startStream(magic)
}

// Read gives the next bytes. It checks every block before its last bytes are given.
func (r *Reader) Read(p []byte) (int, error) {
	for r.err == nil {
		if r.block == nil {
			r.err = r.advance()
			continue
		}
		n, err := r.block.Read(p)
		if errors.Is(err, io.EOF) {
			r.block, err = nil, r.block.finish()
		}
		r.err = unexpected(err)
		if n > 0 {
			return n, nil
		}
	}
	return 0, r.err
}

// advance starts the next block, or the next stream behind the last one.
func (r *Reader) advance() error {
	var size [1]byte
	if _, err := io.ReadFull(r.packed, size[:]); err != nil {
		return unexpected(err)
	}
	if size[0] != 0 {
		b, err := r.startBlock(size[0])
		r.block = b
		r.blocks++
		return unexpected(err)
	}
	if err := r.skipIndex(); err != nil {
		return unexpected(err)
	}
	for { // streams are padded by fours
		var magic [4]byte
		if _, err := io.ReadFull(r.packed, magic[:]); err != nil {
			return err // io.EOF where the file may end
		}
		if magic != [4]byte{} {
			return unexpected(r.startStream(magic))
		}
	}
}

// startStream reads the rest of a stream's header.
func (r *Reader) startStream(magic [4]byte) error {
	var rest [8]byte
	if _, err := io.ReadFull(r.packed, rest[:]); err != nil {
		return err
	}
	flags := rest[2:4]
	if string(magic[:])+string(rest[:2]) != headerMagic || !checksumIs(flags, rest[4:]) || flags[0] != 0 {
		return errDamaged
	}
	r.check, r.blocks = flags[1], 0
	_, _, err := newCheck(r.check)
	return err
}

// skipIndex reads the index and the footer, which end a stream.
func (r *Reader) skipIndex() error {
	var index bytes.Buffer
	index.WriteByte(0)
	in := byteReader{io.TeeReader(r.packed, &index)}
	count, err := number(in)
	if err != nil {
		return err
	}
	if count != r.blocks {
		return errDamaged
	}
	for range count {
		for range 2 { // the sizes of a block, packed and not
			if _, err := number(in); err != nil {
				return err
			}
		}
	}
	if _, err := io.CopyN(&index, r.packed, int64(-index.Len()&3)); err != nil {
		return err
	}
	var rest [16]byte // the index's checksum, and the footer
	if _, err := io.ReadFull(r.packed, rest[:]); err != nil {
		return err
	}
	if !checksumIs(index.Bytes(), rest[:4]) || !checksumIs(rest[8:14], rest[4:8]) || rest[13] != r.check || string(rest[14:]) != footerMagic {
		return errDamaged
	}
	return nil
}

// checksumIs tells whether a CRC32, as containers write it, is that of data.
func checksumIs(data, sum []byte) bool {
	return crc32.ChecksumIEEE(data) == binary.LittleEndian.Uint32(sum)
}

// byteReader reads byte by byte, and never more than is asked for.
type byteReader struct{ io.Reader }

func (b byteReader) ReadByte() (byte, error) {
	var one [1]byte
	_, err := io.ReadFull(b.Reader, one[:])
	return one[0], err
}

// number reads an integer of up to 63 bits, seven to a byte.
func number(r io.ByteReader) (uint64, error) {
	n, err := binary.ReadUvarint(r)
	if err == nil && n > 1<<63-1 {
		err = errDamaged
	}
	return n, err
}

// unexpected is an end where none may be.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the xz file ends too early: %w", io.ErrUnexpectedEOF)
	}
	return err
}
