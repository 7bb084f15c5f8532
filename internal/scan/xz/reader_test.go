package xz_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	library "github.com/ulikunitz/xz"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/scan/xz"
)

const memory = 64 << 20

func pack(t interface{ Fatal(...any) }, data []byte, check byte, blockSize int64) []byte {
	var out bytes.Buffer
	w, err := library.WriterConfig{CheckSum: check, NoCheckSum: check == library.None, BlockSize: blockSize, DictCap: 1 << 16}.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unpack(packed []byte) ([]byte, error) {
	r, err := xz.NewReader(bytes.NewReader(packed), memory)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Whatever the library packs, in any blocks, streams and padding, comes out again.
func TestUnpacksWhatTheLibraryPacks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var packed, want []byte
		for range rapid.IntRange(1, 3).Draw(t, "streams") {
			data := bytes.Repeat(rapid.SliceOf(rapid.Byte()).Draw(t, "data"), rapid.IntRange(0, 50).Draw(t, "times"))
			check := rapid.SampledFrom([]byte{library.None, library.CRC32, library.CRC64, library.SHA256}).Draw(t, "check")
			packed = append(packed, pack(t, data, check, rapid.Int64Range(1, 2000).Draw(t, "block"))...)
			packed = append(packed, make([]byte, 4*rapid.IntRange(0, 3).Draw(t, "padding"))...)
			want = append(want, data...)
		}
		got, err := unpack(packed)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes of %d, %v", len(got), len(want), err)
		}
	})
}

// One damaged bit is seen: an error, or, in what no checksum covers, the same data.
func TestDamageIsSeen(t *testing.T) {
	t.Parallel()
	data := []byte(strings.Repeat("seeds and seeds ", 40))
	whole := pack(t, data, library.CRC64, 300)
	for bit := range len(whole) * 8 {
		packed := slices.Clone(whole)
		packed[bit/8] ^= 1 << (bit % 8)
		if got, err := unpack(packed); err == nil && !bytes.Equal(got, data) {
			t.Errorf("bit %d of byte %d was overlooked", bit%8, bit/8)
		}
	}
	for size := range len(whole) {
		if _, err := unpack(whole[:size]); err == nil {
			t.Errorf("an end after %d of %d bytes was overlooked", size, len(whole))
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	packed := pack(t, []byte("seed"), library.CRC32, 100)
	r, err := xz.NewReader(bytes.NewReader(packed), 1<<15)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(r); err == nil || !strings.Contains(err.Error(), "memory") {
		t.Errorf("a dictionary of 64 KiB was taken: %v", err)
	}
}

// FuzzRead holds damaged files against the library: what both take, they read alike.
func FuzzRead(f *testing.F) {
	noise := make([]byte, 500)
	for i := range noise {
		noise[i] = byte(rand.IntN(256))
	}
	for _, check := range []byte{library.None, library.CRC32, library.CRC64, library.SHA256} {
		f.Add(pack(f, []byte("a seed"), check, 3))
		f.Add(pack(f, noise, check, 1000))
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		got, err := unpack(packed)
		if err != nil {
			return
		}
		r, err := library.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatalf("the library refuses what unpacks to %d bytes: %v", len(got), err)
		}
		want, err := io.ReadAll(r)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes, the library has %d, %v", len(got), len(want), err)
		}
	})
}
