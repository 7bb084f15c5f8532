package scan_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"fmt"
	"io"
	"io/fs"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/scan"
)

// newSeed is the text of a new seed, and its public key.
func newSeed(t testing.TB) (text string, key keys.PublicKey) {
	t.Helper()
	seed, err := keys.Generate(keys.Cluster, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(seed.Reveal()), seed.PublicKey()
}

// one is the leak of that key, the only one that was found.
func one(t *testing.T, s *scan.Scanner, key keys.PublicKey) scan.Leak {
	t.Helper()
	leaks := s.Leaks()
	if len(leaks) != 1 || leaks[0].Key != key {
		t.Fatalf("found %d leaks, unread %v", len(leaks), s.Coverage().Unread)
	}
	return leaks[0]
}

// TestWhereverItStands: a seed is found once at every place of a stream that is read
// in pieces, with its line and column.
func TestWhereverItStands(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	for _, before := range []int{0, 1, 57, 63, 64, 65, 245_000, 253_000, 256 << 10, 256<<10 + 1, 600_000} {
		filler := []byte(strings.Repeat("some words.\n", 1+before/12)[:before])
		for _, spelled := range []string{text, text[:30] + "\n  " + text[30:]} {
			whole := slices.Concat(filler, []byte(" "+spelled+" "), bytes.Repeat([]byte("x\n"), 300_000))
			s := scan.New()
			if err := s.Reader(t.Context(), "log", iotest.HalfReader(bytes.NewReader(whole))); err != nil {
				t.Fatal(err)
			}
			leak := one(t, s, key)
			at := leak.Places[0]
			if line := 1 + bytes.Count(filler, []byte("\n")); leak.Count != 1 || at.Line != line || at.Column < 2 && at.Column != 0 || at.File != "log" {
				t.Errorf("behind %d bytes: %d times, at %+v, want line %d", before, leak.Count, at, line)
			}
			if read := s.Coverage().Bytes; read != int64(len(whole)) {
				t.Errorf("read %d bytes of %d", read, len(whole))
			}
		}
	}
}

// TestOneLongLine: a file of one line is read in constant memory.
func TestOneLongLine(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	const size = 64 << 20
	s := scan.New()
	long := io.MultiReader(io.LimitReader(repeat("abcdefg-"), size), strings.NewReader(" "+text))
	if err := s.Reader(t.Context(), "-", long); err != nil {
		t.Fatal(err)
	}
	if at := one(t, s, key).Places[0]; at.Line != 1 || at.Column != 0 {
		t.Errorf("%+v", at)
	}
}

type repeat string

func (r repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r[i%len(r)]
	}
	return len(p), nil
}

// TestPacked: seeds are found in every packing that is read, inside one another, and
// what is not read is said.
func TestPacked(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	plain := []byte("SEED=" + text + "\n")
	tarred := packTar(t, plain)
	zipped := packZip(t, plain)
	for name, c := range map[string]struct {
		data []byte
		file string
	}{
		"tar":            {tarred, "f!env"},
		"zip":            {zipped, "f!env"},
		"gzip":           {packGzip(t, plain), "f"},
		"xz":             {packXZ(t, plain), "f"},
		"zstd":           {packZstd(t, plain), "f"},
		"tar.gz":         {packGzip(t, tarred), "f!env"},
		"zip in tar.xz":  {packXZ(t, packTar(t, zipped)), "f!env!env"},
		"tar.gz in zip":  {packZip(t, packGzip(t, tarred)), "f!env!env"},
		"tar, odd type":  {packTarAs(t, plain, tar.TypeCont), "f!env"},
		"begins as bzip": {append([]byte("BZhi "), plain...), "f"},
		"begins as gzip": {append([]byte("\x1f\x8b"), plain...), "f"},
		"behind a tar":   {append(packTar(t, []byte("x")), plain...), "f"},
		"like gzip":      {slices.Concat([]byte("\x1f\x8b\x08\x0c\x00\x00\x00\x00\x00\x00\xd0\x07"), bytes.Repeat([]byte("x"), 999), plain, bytes.Repeat([]byte("y"), 3000)), "f"},
		"begins as zip":  {append([]byte("PK\x03\x04"), plain...), "f"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "f")
			if err := os.WriteFile(path, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
			s := scan.New()
			if err := s.Files(t.Context(), func(yield func(string) bool) { yield(path) }); err != nil {
				t.Fatal(err)
			}
			at := one(t, s, key).Places[0]
			if got := strings.TrimPrefix(at.File, filepath.Dir(path)+"/"); got != c.file || at.Line != 1 {
				t.Errorf("found at %s:%d, want %s", got, at.Line, c.file)
			}
		})
	}
	deep := plain
	for range 8 {
		deep = packGzip(t, deep)
	}
	for says, data := range map[string][]byte{
		"7z":         []byte("7z\xbc\xaf\x27\x1c\x00"),
		"rar":        []byte("Rar!\x1a\x07\x00"),
		"6 deep":     deep,
		"unexpected": packGzip(t, plain)[:40],
		"damaged":    packTar(t, bytes.Repeat(plain, 100))[:700],
	} {
		s := scan.New()
		if err := s.Reader(t.Context(), "f", bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		unread := s.Coverage().Unread
		if len(unread) == 0 || !strings.Contains(unread[0].Why, says) {
			t.Errorf("%s: %v", says, unread)
		}
	}
}

// TestMuchThatCannotBeRead: all of it counts, and the memory for it is bounded.
func TestMuchThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := scan.New()
	for i := range 3000 {
		s.Miss(fmt.Sprintf("f%d", i), fs.ErrPermission)
	}
	if c := s.Coverage(); c.Missed != 3000 || len(c.Unread) != 1000 {
		t.Errorf("%d could not be read, %d of them are named", c.Missed, len(c.Unread))
	}
}

// TestBomb: a stream that is made to keep its reader busy is not read to its end,
// although nobody knows its size.
func TestBomb(t *testing.T) {
	t.Parallel()
	const gibi, part = 1 << 30, 4 << 20
	member := packGzip(t, make([]byte, part)) // gzip files, one behind the other, are one
	bomb := packGzip(t, bytes.Repeat(member, 8*gibi/part))
	s := scan.New()
	check(t, s.Reader(t.Context(), "f", bytes.NewReader(bomb)))
	c := s.Coverage()
	if len(c.Unread) != 1 || !strings.Contains(c.Unread[0].Why, "more than a thousand times") || c.Bytes > 2*gibi {
		t.Errorf("%d bytes of %d, %v", c.Bytes, len(bomb), c.Unread)
	}
}

func packTar(t testing.TB, data []byte) []byte {
	t.Helper()
	return packTarAs(t, data, tar.TypeReg)
}

func packTarAs(t testing.TB, data []byte, kind byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	check(t, w.WriteHeader(&tar.Header{Name: "env", Size: int64(len(data)), Mode: 0o600, Typeflag: kind}))
	_, err := w.Write(data)
	check(t, err)
	check(t, w.Close())
	return out.Bytes()
}

func packZip(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.Create("env")
	check(t, err)
	_, err = f.Write(data)
	check(t, err)
	check(t, w.Close())
	return out.Bytes()
}

func packed(t testing.TB, out *bytes.Buffer, w io.WriteCloser, err error, data []byte) []byte {
	t.Helper()
	check(t, err)
	_, err = w.Write(data)
	check(t, err)
	check(t, w.Close())
	return out.Bytes()
}

func packGzip(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	return packed(t, &out, gzip.NewWriter(&out), nil, data)
}

func packXZ(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := xz.NewWriter(&out)
	return packed(t, &out, w, err, data)
}

func packZstd(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out)
	return packed(t, &out, w, err, data)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestNothingFalse: in noise, keys and prose nothing is found.
func TestNothingFalse(t *testing.T) {
	t.Parallel()
	chance := mathrand.NewChaCha8([32]byte{1})
	noise := make([]byte, 8<<20)
	_, _ = chance.Read(noise)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	base32 := make([]byte, 8<<20)
	for i, b := range noise {
		base32[i] = alphabet[b%32]
		if i%80 == 0 {
			base32[i] = '\n'
		}
	}
	_, key := newSeed(t)
	for name, text := range map[string][]byte{"noise": noise, "base32": base32, "keys": bytes.Repeat([]byte(key.String()+","), 1000)} {
		s := scan.New()
		check(t, s.Reader(t.Context(), name, bytes.NewReader(text)))
		if found := s.Leaks(); len(found) > 0 {
			t.Errorf("%s: %d found, the first at %+v", name, len(found), found[0].Places[0])
		}
	}
}
