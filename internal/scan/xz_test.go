package scan

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ulikunitz/xz"
)

// packed is text in xz, in blocks of a few bytes.
func packed(t testing.TB, text []byte, check byte, block int64) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := xz.WriterConfig{CheckSum: check, NoCheckSum: check == xz.None, BlockSize: block, DictCap: 1 << 16}.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// greedy is an archive whose first block wants a dictionary of 4 GiB.
func greedy(t testing.TB, archive []byte) []byte {
	t.Helper()
	const begin, lzma2, largest = 12, "\x21\x01", 40
	out := bytes.Clone(archive)
	header := out[begin : begin+4*(int(out[begin])+1)]
	at := bytes.Index(header, []byte(lzma2))
	if at < 0 {
		t.Fatalf("no filter in %x", header)
	}
	header[at+2] = largest
	binary.LittleEndian.PutUint32(header[len(header)-4:], crc32.ChecksumIEEE(header[:len(header)-4]))
	return out
}

// Every form of xz is read as it stands: with each check, of many blocks, of many
// streams with zeros between them, with chunks that are stored and those that are not.
func TestXZIsRead(t *testing.T) {
	t.Parallel()
	random := rand.NewChaCha8([32]byte{7})
	text := []byte(strings.Repeat("a line\n", 4_000))
	noise := make([]byte, 80_000)
	_, _ = random.Read(noise)
	text = append(append(text, noise...), text...)
	for _, check := range []byte{xz.None, xz.CRC32, xz.CRC64, xz.SHA256} {
		for _, block := range []int64{1 << 40, 30_001} {
			archive := packed(t, text, check, block)
			whole := append(append(bytes.Clone(archive), make([]byte, 8)...), archive...)
			r, err := openXZ(iotest.HalfReader(bytes.NewReader(whole)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, append(bytes.Clone(text), text...)) {
				t.Errorf("check %d, blocks of %d: %d bytes of %d, %v", check, block, len(got), 2*len(text), err)
			}
			f := &frugalXZ{in: bufio.NewReader(bytes.NewReader(whole)), next: (*frugalXZ).streamHeader}
			if passed, err := io.ReadAll(f); err != nil || !bytes.Equal(passed, whole) {
				t.Errorf("check %d, blocks of %d: %d bytes of %d are passed on, %v", check, block, len(passed), len(whole), err)
			}
		}
	}
}

// An archive of a hundred bytes takes no 4 GiB of memory, wherever in it that is asked
// for: it is told as one that was not read.
func TestXZThatWantsMuch(t *testing.T) {
	t.Parallel()
	small := packed(t, []byte("a line\n"), xz.CRC32, 1<<40)
	for name, archive := range map[string][]byte{
		"at once":         greedy(t, small),
		"further down":    append(bytes.Clone(small), greedy(t, small)...),
		"behind padding":  append(append(bytes.Clone(small), 0, 0, 0, 0), greedy(t, small)...),
		"in another file": packed(t, greedy(t, small), xz.CRC32, 1<<40),
	} {
		s := New()
		if err := s.Reader(t.Context(), "stdin", bytes.NewReader(archive)); err != nil {
			t.Fatal(err)
		}
		if unread := s.Coverage().Unread; len(unread) != 1 || !strings.Contains(unread[0].Why, "takes more than 64 MiB") {
			t.Errorf("%s: %+v", name, unread)
		}
	}
}

// FuzzXZ: what is passed on of an archive is how it begins, and all of it where nothing
// is amiss.
func FuzzXZ(f *testing.F) {
	small := packed(f, []byte("a line\n"), xz.CRC32, 1<<40)
	f.Add(small)
	f.Add(greedy(f, small))
	f.Add(append(append(bytes.Clone(small), 0, 0, 0, 0), packed(f, []byte("some\nmore\n"), xz.SHA256, 3)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := io.ReadAll(&frugalXZ{in: bufio.NewReader(bytes.NewReader(data)), next: (*frugalXZ).streamHeader})
		if !bytes.HasPrefix(data, got) || err == nil && len(got) != len(data) {
			t.Fatalf("of %x is passed on %x, %v", data, got, err)
		}
		s := New()
		if err := s.Reader(t.Context(), "stdin", bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
	})
}
