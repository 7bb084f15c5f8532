package lattice

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawDocument draws a manifest and a document that says it in some layout.
func drawDocument(t *rapid.T) (Manifest, *Document) {
	m := drawManifest(t)
	text := (&layout{t: t}).manifest(m)
	d, err := Decode("lattice.yaml", []byte(text))
	if err != nil {
		t.Fatalf("a valid manifest is refused: %v\n%s", err, text)
	}
	if !d.manifest.Equal(m) {
		t.Fatalf("got %+v, want %+v\n%s", d.manifest, m, text)
	}
	return m, d
}

// still is the text without its generation.
func still(d *Document) string {
	line := regexp.MustCompile("(?m)(\r?\n)?^" + byteOrderMark + "?generation: \\d+")
	return line.ReplaceAllString(string(d.Bytes()), "")
}

// held checks that every numbered comment of the one stands in the other, in
// order, and so does every one of an item that is still there, right above it.
func held(t *rapid.T, before, after *Document) {
	kept := regexp.MustCompile(`(?m)^ *# (keep|own)[^\r\n]*`)
	there := map[string]bool{}
	for _, is := range after.manifest.Issuers {
		there["issuers "+fieldLines(issuerItems().record.write(is))[0]] = true
	}
	for _, h := range after.manifest.Hosts {
		there["hosts "+fieldLines(hostRecord(nil).write(h))[0]] = true
	}
	var want []string
	for _, comment := range kept.FindAllString(string(before.Bytes()), -1) {
		if _, item, own := strings.Cut(comment, "# own "); !own || there[item] {
			want = append(want, comment)
		}
	}
	if got := kept.FindAllString(string(after.Bytes()), -1); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Fatalf("comments lost or left over:\n%s\n---\n%s", before.Bytes(), after.Bytes())
	}
	for _, text := range strings.Split(string(after.Bytes()), "# own ")[1:] {
		comment, below, _ := strings.Cut(text, "\n")
		_, name, _ := strings.Cut(strings.TrimRight(comment, "\r"), " ")
		if next := strings.Index(below, "name: "); next < 0 || !strings.HasPrefix(below[next:], name) {
			t.Fatalf("the comment of %s is not with it:\n%s", name, after.Bytes())
		}
	}
}

// changedLines counts the lines that are only in the one and only in the other
// text, if the change is in one place.
func changedLines(before, after string) (lost, gained int) {
	b, a := strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(b), len(a)
}

func TestAddThenRemoveGivesTheOriginal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, d := drawDocument(t)
		added, err := addHost(d, Host{Name: "the-new.host", SignsWith: m.Issuers[0].Name})
		removeLater := removeHost
		if rapid.Bool().Draw(t, "an issuer") {
			added, err = addIssuer(d, Issuer{Name: "the-new.host", PublicKey: testKey(99), Created: testTime})
			removeLater = removeIssuer
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, d.Bytes())
		}
		held(t, d, added)
		// The line of the list and, in flow style over several lines, the one that
		// gets a comma; at the end of the text the one that gets a line end.
		if lost, gained := changedLines(still(d), still(added)); lost > 1 || gained > 4 {
			t.Fatalf("%d lines lost, %d gained:\n%s\n---\n%s", lost, gained, d.Bytes(), added.Bytes())
		}
		removed, err := removeLater(added, "the-new.host")
		if err != nil {
			t.Fatalf("%v\n%s", err, added.Bytes())
		}
		if still(removed) != still(d) {
			t.Fatalf("before\n%s\n---\nadded\n%s\n---\nremoved\n%s", d.Bytes(), added.Bytes(), removed.Bytes())
		}
	})
}

func TestRemoveTouchesNothingElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, d := drawDocument(t)
		for len(m.Hosts) > 0 {
			i := rapid.IntRange(0, len(m.Hosts)-1).Draw(t, "index")
			after, err := removeHost(d, m.Hosts[i].Name)
			if err != nil {
				t.Fatalf("%v\n%s", err, d.Bytes())
			}
			held(t, d, after)
			m, d = after.Manifest(), after
		}
	})
}

func TestSetSignsWithTouchesOneLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, d := drawDocument(t)
		if len(m.Hosts) == 0 {
			t.Skip("no host")
		}
		h := rapid.SampledFrom(m.Hosts).Draw(t, "host")
		is := rapid.SampledFrom(m.Issuers).Draw(t, "issuer")
		after, err := setSignsWith(d, h.Name, is.Name)
		if err != nil {
			t.Fatalf("%v\n%s", err, d.Bytes())
		}
		if got, _ := after.Manifest().Host(h.Name); got.SignsWith != is.Name {
			t.Fatalf("got %+v", got)
		}
		if lost, gained := changedLines(still(d), still(after)); lost > 1 || gained > 1 {
			t.Fatalf("%d lines lost, %d gained:\n%s\n---\n%s", lost, gained, d.Bytes(), after.Bytes())
		}
	})
}

func TestNewSaysWhatItIsGiven(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawManifest(t)
		m.Generation++
		m.Keystore = rapid.StringMatching(`(dir|age|exec):[ -~é]{0,12}`).Draw(t, "keystore")
		if rapid.Bool().Draw(t, "rotating") {
			m = drawRotation(t, m)
		}
		m.MaxAge, m.MinSoak = 90*24*time.Hour, 15*time.Minute
		d, err := New("lattice.yaml", m)
		if err != nil {
			t.Fatal(err)
		}
		if !d.manifest.Equal(m) {
			t.Fatalf("got %+v, want %+v\n%s", d.manifest, m, d.Bytes())
		}
	})
}
