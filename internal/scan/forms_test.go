package scan_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ulikunitz/xz/lzma"

	"github.com/latch-keys/latch/internal/scan"
)

// skippable is a frame that readers of zstd and lz4 pass over, as pzstd begins with.
func skippable(content string) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte("\x50\x2a\x4d\x18"), uint32(len(content))), content...)
}

// arFile is a file in an archive of ar.
func arFile(name string, data []byte) []byte {
	out := fmt.Appendf(nil, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", name, 0, 0, 0, 0o644, len(data))
	return append(append(out, data...), "\n"[:len(data)%2]...)
}

// TestMoreForms: seeds are found in files that begin as pzstd begins, in those of
// lzma, and in packages of Debian.
func TestMoreForms(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	plain := []byte("SEED=" + text + "\n")
	var old bytes.Buffer
	w, err := lzma.NewWriter(&old)
	alone := packed(t, &old, w, err, plain)
	var sized bytes.Buffer
	w, err = lzma.WriterConfig{SizeInHeader: true, Size: 1}.NewWriter(&sized)
	ended := packed(t, &sized, w, err, []byte("x"))
	deb := slices.Concat([]byte("!<arch>\n"), arFile("debian-binary", []byte("2.0\n")), arFile("x", []byte("odd")), arFile("data.tar.xz/", packXZ(t, packTar(t, plain))))
	for name, c := range map[string]struct {
		data []byte
		file string
	}{
		"pzstd":         {slices.Concat(skippable("size"), packZstd(t, []byte("first\n")), skippable("size"), packZstd(t, plain)), "f"},
		"lzma":          {alone, "f"},
		"behind lzma":   {slices.Concat(ended, plain), "f"},
		"a package":     {deb, "f!data.tar.xz!env"},
		"ar, long name": {slices.Concat([]byte("!<arch>\n"), arFile("#1/4", append([]byte("long"), packGzip(t, plain)...))), "f!long"},
		"ar, text":      {append([]byte("!<arch>\n"), plain...), "f"},
		"lz4, stored":   {slices.Concat([]byte("\x04\x22\x4d\x18"), plain), "f"},
	} {
		s := scan.New()
		check(t, s.Reader(t.Context(), "f", bytes.NewReader(c.data)))
		if at := one(t, s, key).Places[0]; at.File != c.file {
			t.Errorf("%s: found at %+v", name, at)
		}
	}
}

// TestUpToFault: what stands before the fault of a damaged archive is looked at, the
// last block included, and the fault is told.
func TestUpToFault(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	plain := []byte(strings.Repeat("more than one block\n", 10_000) + "SEED=" + text + "\n")
	changed := func(data []byte, fromEnd int) []byte {
		data[len(data)-fromEnd] ^= 1
		return data
	}
	var old bytes.Buffer
	w, err := lzma.WriterConfig{SizeInHeader: true, Size: int64(len(plain))}.NewWriter(&old)
	longer := packed(t, &old, w, err, plain)
	const sizeAt = 5 // of lzma's header
	binary.LittleEndian.PutUint64(longer[sizeAt:], uint64(len(plain)-1))
	for name, data := range map[string][]byte{
		"zstd": changed(packZstd(t, plain), 1), // its checksum
		"gzip": changed(packGzip(t, plain), 8), // likewise
		"lzma": longer,
	} {
		s := scan.New()
		check(t, s.Reader(t.Context(), "f", bytes.NewReader(data)))
		one(t, s, key)
		if all := s.Coverage().Unread; len(all) != 1 {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

// TestNotUnpacked: a form that is not unpacked, or a part that is damaged, is said.
func TestNotUnpacked(t *testing.T) {
	t.Parallel()
	var wide bytes.Buffer
	w, err := lzma.NewWriter(&wide)
	hungry := packed(t, &wide, w, err, []byte("x"))
	binary.LittleEndian.PutUint32(hungry[1:], 1<<30)
	for says, data := range map[string][]byte{
		"an rpm package":     []byte("\xed\xab\xee\xdb\x03\x00"),
		"an lz4 file":        []byte("\x04\x22\x4d\x18\x64\x40"),
		"an lzip file":       []byte("LZIP\x01\x0c"),
		"a file of compress": []byte("\x1f\x9d\x90"),
		"magic number":       append(skippable("x"), "\x04\x22\x4d\x18\x64\x40"...),
		"the archive is":     []byte("!<arch>\nand so on"),
		"archive is damaged": append([]byte("!<arch>\n"), arFile("a", []byte("more of it"))[:65]...),
		"more than 64 MiB":   hungry,
		"a: a 7z archive":    append([]byte("!<arch>\n"), arFile("a", []byte("7z\xbc\xaf\x27\x1c"))...),
	} {
		s := scan.New()
		check(t, s.Reader(t.Context(), "f", bytes.NewReader(data)))
		if all := s.Coverage().Unread; len(all) != 1 || !strings.Contains(all[0].Name+": "+all[0].Why, says) {
			t.Errorf("%s: %+v", says, all)
		}
	}
	s := scan.New()
	check(t, s.Reader(t.Context(), "f", strings.NewReader("LZIP, lz4 and ]\x00\x00 are words here")))
	if all := s.Coverage().Unread; len(all) > 0 {
		t.Errorf("text: %+v", all)
	}
}
