package xz

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// block is one that is being read.
type block struct {
	packed   counter
	unpacked io.Reader
	check    hash.Hash
	inOrder  func([]byte) []byte // the sum as containers write it
}

const (
	lzma2       = 0x21
	oneFilter   = 0x00 // of the flags in a block's header
	hasPacked   = 0x40
	hasUnpacked = 0x80
)

// startBlock reads a block's header, whose first byte is its size in fours.
func (r *Reader) startBlock(size byte) (*block, error) {
	header := make([]byte, (int(size)+1)*4)
	header[0] = size
	if _, err := io.ReadFull(r.packed, header[1:]); err != nil {
		return nil, err
	}
	body, sum := header[:len(header)-4], header[len(header)-4:]
	if !checksumIs(body, sum) {
		return nil, errDamaged
	}
	dictionary, err := filterOf(body[1:])
	if err != nil {
		return nil, err
	}
	if dictionary > uint64(r.most) {
		return nil, errMemory
	}
	check, inOrder, err := newCheck(r.check)
	if err != nil {
		return nil, err
	}
	b := &block{packed: counter{from: r.packed}, check: check, inOrder: inOrder}
	decoded, err := lzma.Reader2Config{DictCap: max(lzma.MinDictCap, int(dictionary))}.NewReader2(&b.packed)
	if err != nil {
		return nil, err
	}
	b.unpacked = io.TeeReader(decoded, check)
	return b, nil
}

// filterOf reads the flags of a block, its sizes, which LZMA2 needs no more than
// this, and its one filter: how large the dictionary is.
func filterOf(body []byte) (uint64, error) {
	flags, in := body[0], bytes.NewReader(body[1:])
	for _, size := range []byte{hasPacked, hasUnpacked} {
		if flags&size != 0 {
			if _, err := number(in); err != nil {
				return 0, errDamaged
			}
		}
	}
	var filter [3]byte // its kind, the size of its properties, and those
	if _, err := io.ReadFull(in, filter[:]); err != nil {
		return 0, errDamaged
	}
	if flags&^(hasPacked|hasUnpacked) != oneFilter || filter[0] != lzma2 {
		return 0, errFilter
	}
	bits := filter[2]
	switch {
	case filter[1] != 1 || bits > 40:
		return 0, errDamaged
	case bits == 40:
		return 1<<32 - 1, nil
	}
	return uint64(2|bits&1) << (bits/2 + 11), nil
}

// Read gives the next bytes of the block.
func (b *block) Read(p []byte) (int, error) { return b.unpacked.Read(p) }

// finish reads what is behind the data: padding, and the checksum.
func (b *block) finish() error {
	end := make([]byte, int(-b.packed.read&3)+b.check.Size())
	if _, err := io.ReadFull(b.packed.from, end); err != nil {
		return err
	}
	padding, sum := end[:len(end)-b.check.Size()], end[len(end)-b.check.Size():]
	if len(bytes.Trim(padding, "\x00")) > 0 || !bytes.Equal(sum, b.inOrder(b.check.Sum(nil))) {
		return errDamaged
	}
	return nil
}

// counter counts what is read.
type counter struct {
	from io.Reader
	read int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.read += int64(n)
	return n, err
}

// newCheck is the checksum of a kind, and how its sum is written.
func newCheck(kind byte) (hash.Hash, func([]byte) []byte, error) {
	same := func(sum []byte) []byte { return sum }
	switch kind {
	case 0:
		return none{}, same, nil
	case 1:
		return crc32.NewIEEE(), func(sum []byte) []byte { return binary.LittleEndian.AppendUint32(nil, binary.BigEndian.Uint32(sum)) }, nil
	case 4:
		return crc64.New(crc64.MakeTable(crc64.ECMA)), func(sum []byte) []byte { return binary.LittleEndian.AppendUint64(nil, binary.BigEndian.Uint64(sum)) }, nil
	case 10:
		return sha256.New(), same, nil
	}
	return nil, nil, fmt.Errorf("the xz file uses checksums of an unknown kind, %d", kind)
}

// none is the checksum of a file that has none.
type none struct{}

func (none) Write(p []byte) (int, error) { return len(p), nil }
func (none) Sum(b []byte) []byte         { return b }
func (none) Reset()                      {}
func (none) Size() int                   { return 0 }
func (none) BlockSize() int              { return 1 }
