package scan

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/ulikunitz/xz"
)

// openXZ unpacks what xz has packed. A block says how large a dictionary it wants, up to
// 4 GiB, and the library makes room for it before it looks at what is there.
func openXZ(r io.Reader) (io.Reader, error) {
	return xz.NewReader(&frugalXZ{in: bufio.NewReader(r), next: (*frugalXZ).streamHeader})
}

var (
	errDictionary = fmt.Errorf("to unpack it takes more than %d MiB", mostZip>>20)
	errDamagedXZ  = errors.New("xz: the archive is damaged")
)

// frugalXZ passes on an xz file part by part, and ends it before a block that wants too
// large a dictionary. Source: The .xz File Format 1.2.1, and what xz has of LZMA2.
type frugalXZ struct {
	in    *bufio.Reader
	next  func(f *frugalXZ) error // reads the head of the next part
	head  []byte                  // what was read of it, to be passed on
	pass  int64                   // bytes to be passed on behind it
	check int64                   // bytes of a check behind each block
	size  int64                   // of the block's data, or of the index, so far
	left  uint64                  // numbers of the index that are to come
	err   error                   // how it ended
}

// Read passes on what is next.
func (f *frugalXZ) Read(p []byte) (int, error) {
	for len(f.head) == 0 && f.pass == 0 {
		if f.err == nil {
			f.err = f.next(f)
		}
		if f.err != nil {
			return 0, f.err
		}
	}
	if len(f.head) > 0 {
		n := copy(p, f.head)
		f.head = f.head[n:]
		return n, nil
	}
	n, err := f.in.Read(p[:min(int64(len(p)), f.pass)])
	f.pass -= int64(n)
	return n, err
}

// take reads the next bytes of a part's head.
func (f *frugalXZ) take(n int) ([]byte, error) {
	from := len(f.head)
	f.head = append(f.head, make([]byte, n)...)
	got, err := io.ReadFull(f.in, f.head[from:])
	f.head = f.head[:from+got]
	return f.head[from:], err
}

// number reads one as xz writes them: seven bits a byte.
func (f *frugalXZ) number() (uint64, error) {
	from := len(f.head)
	for {
		if _, err := f.take(1); err != nil {
			return 0, err
		}
		value, n := binary.Uvarint(f.head[from:])
		if n > 0 {
			return value, nil
		}
		if n < 0 {
			return 0, errDamagedXZ
		}
	}
}

// streamHeader begins a stream. Zeros may lie between two.
func (f *frugalXZ) streamHeader() error {
	const padding, rest, flags = 4, 8, 7
	start, err := f.take(padding)
	if err != nil || string(start) == "\x00\x00\x00\x00" {
		return f.orEnd(err)
	}
	if _, err := f.take(rest); err != nil {
		return f.orEnd(err)
	}
	f.check = []int64{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}[f.head[flags]&0xf]
	f.next = (*frugalXZ).block
	return nil
}

// orEnd has the library judge a file that ends early: it gets what there is of it.
func (f *frugalXZ) orEnd(err error) error {
	if (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) && len(f.head) > 0 {
		return nil
	}
	return err
}

// block reads the header of a block, or begins the index that comes behind all of them.
func (f *frugalXZ) block() error {
	head, err := f.take(1)
	if err != nil {
		return err
	}
	if head[0] == 0 {
		f.size, f.next = 0, (*frugalXZ).index
		return nil
	}
	rest, err := f.take(int(head[0])*4 + 3)
	if err != nil {
		return f.orEnd(err)
	}
	if err := frugal(rest); err != nil {
		f.head = nil
		return err
	}
	f.size, f.next = 0, (*frugalXZ).chunk
	return nil
}

// frugal is an error where a block's header wants too large a dictionary.
func frugal(header []byte) error {
	const packedSize, unpackedSize, filters, lzma2 = 0x40, 0x80, 3, 0x21
	flags, rest := header[0], header[1:]
	number := func() uint64 {
		value, n := binary.Uvarint(rest)
		if n <= 0 {
			rest = nil
			return math.MaxUint64
		}
		rest = rest[n:]
		return value
	}
	for _, flag := range []byte{packedSize, unpackedSize} {
		if flags&flag != 0 {
			number()
		}
	}
	for range int(flags&filters) + 1 {
		id, size := number(), number()
		if size > uint64(len(rest)) {
			return errDamagedXZ
		}
		if id == lzma2 && size == 1 && (2|uint64(rest[0])&1)<<(rest[0]/2+11) > mostZip {
			return errDictionary
		}
		rest = rest[size:]
	}
	return nil
}

// chunk reads the header of one chunk of LZMA2, or what ends a block's data.
func (f *frugalXZ) chunk() error {
	const stored, packed, properties = 2, 0x80, 0xc0
	first, err := f.take(1)
	if err != nil {
		return err
	}
	control := first[0]
	var sizes int
	switch {
	case control == 0:
		f.size++
		f.pass, f.next = -f.size&3+f.check, (*frugalXZ).block
		return nil
	case control <= stored:
		sizes = 2
	case control >= packed:
		sizes = 4
	default:
		f.head = nil
		return errDamagedXZ
	}
	words, err := f.take(sizes)
	if err != nil {
		return f.orEnd(err)
	}
	f.pass = int64(binary.BigEndian.Uint16(words[sizes-2:])) + 1
	if control >= properties {
		f.pass++
	}
	f.size += int64(1+sizes) + f.pass
	return nil
}

// index reads how many blocks there were.
func (f *frugalXZ) index() error {
	count, err := f.number()
	if err != nil {
		return f.orEnd(err)
	}
	f.size = 1 + int64(len(f.head))
	f.left, f.next = 2*count, (*frugalXZ).record
	return nil
}

// record reads a number of the index, or what comes behind the last of them, up to the
// stream's end.
func (f *frugalXZ) record() error {
	const sum, footer = 4, 12
	if f.left == 0 {
		f.pass, f.next = -f.size&3+sum+footer, (*frugalXZ).streamHeader
		return nil
	}
	f.left--
	_, err := f.number()
	f.size += int64(len(f.head))
	return f.orEnd(err)
}
