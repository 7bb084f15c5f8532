package scan

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// FuzzObjects: whatever an object of git holds, the next one is read as it is, and
// what is no list of objects ends in an error, or in nothing.
func FuzzObjects(f *testing.F) {
	seed, err := keys.Generate(keys.Cluster, strings.NewReader(strings.Repeat("objects", 10)))
	if err != nil {
		f.Fatal(err)
	}
	line := "SEED=" + string(seed.Reveal()) + "\n"
	f.Add("blob", []byte("text\n"))
	f.Add("tree", []byte("100644 a\x00\x01\x02"))
	f.Add("commit", []byte("tree 0\nauthor a\n\nmessage"))
	f.Add("blob", []byte("\x1f\x8b\x08\x00broken"))
	f.Add("tag x", []byte("1 blob 1000000000000000000\n"))
	f.Add("blob -1\n", []byte("0 missing\n"))
	f.Fuzz(func(t *testing.T, kind string, content []byte) {
		nowhere := func(object string) Place { return Place{Object: object} }
		_ = New().objects(t.Context(), bytes.NewReader(content), nowhere)
		if len(strings.Fields(kind)) != 1 || strings.ContainsAny(kind, "\n\r") {
			return
		}
		var out bytes.Buffer
		fmt.Fprintf(&out, "aa %s %d\n%s\n", kind, len(content), content)
		fmt.Fprintf(&out, "bb blob %d\n%s\n", len(line), line)
		s := New()
		if err := s.objects(t.Context(), &out, nowhere); err != nil {
			t.Fatal(err)
		}
		for _, leak := range s.Leaks() {
			for _, at := range leak.Places {
				if at.Object == "bb" && leak.Key == seed.PublicKey() && leak.Sound {
					return
				}
			}
		}
		t.Fatalf("behind %q the seed is overlooked: %+v", content, s.Coverage())
	})
}

// FuzzTrace: the first commit and the path of an object are those in git's log,
// whatever the paths look like.
func FuzzTrace(f *testing.F) {
	const older, newer, object, other = "1f2ccba2f69e9b8e534ed82b2019a721d55de358", "5c0c1939ae2d395e8aeb5bd4171a596913eec1d5", "78981922613b2afb6025042ff6bd878ac1994e85", "f2ad6c76f0115a6ba5b00456a849810e7ec0af20"
	f.Add("a", "b", []byte(nil))
	f.Add("commit "+older, ":000000 100644 0 "+object+" A", []byte("\x00commit x\x00\n:1 2 3"))
	f.Add(" a\n", "\tb ", []byte{0, 0, 0})
	f.Fuzz(func(t *testing.T, first, second string, noise []byte) {
		wanted := map[string]Place{object: {}, older: {}}
		_ = trace(bytes.NewReader(noise), wanted)
		if first == "" || second == "" || strings.ContainsRune(first+second, 0) || len(first)+len(second) > 4096 {
			return
		}
		wanted = map[string]Place{object: {}, older: {}}
		zero := strings.Repeat("0", 40)
		log := "\x00commit " + newer + "\x00\n:100644 100644 " + object + " " + other + " M\x00" + first + "\x00:000000 100644 " + zero + " " + object + " A\x00" + second +
			"\x00\x00commit " + older + "\x00\n:000000 100644 " + zero + " " + other + " A\x00" + second + "\x00:000000 100644 " + zero + " " + object + " A\x00" + first + "\x00"
		if err := trace(strings.NewReader(log), wanted); err != nil {
			t.Fatal(err)
		}
		if want := (Place{Commit: older, File: first}); wanted[object] != want || wanted[older] != (Place{Commit: older}) {
			t.Fatalf("got %+v, want %+v", wanted, want)
		}
	})
}
