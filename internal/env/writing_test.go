package env

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile"
)

// A rehearsal reports what Write would, and touches nothing.
func TestRehearse(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "env")
	w := Writing{Dir: dir, Dialect: dialect("dotenv"), Lattice: twoKeys(t, "otp"), Rehearse: true}
	report, err := Write(t.Context(), w, []Environment{web1(t, "otp")})
	if err != nil || len(report.Files) != 1 || !report.Files[0].Changed {
		t.Fatalf("%+v, %v", report, err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Fatal("the folder was made")
	}
	mustWrite(t, dir, web1(t, "otp"))
	second := web2(t, "otp")
	report, err = Write(t.Context(), w, []Environment{web1(t, "otp"), second})
	if err != nil || report.Files[0].Changed || !report.Files[1].Changed {
		t.Fatalf("%+v, %v", report, err)
	}
	if names := listing(t, dir); len(names) != 1 {
		t.Fatalf("the folder holds %v", names)
	}
}

// Only files that latch made for this lattice and for a host it has no more are
// stale; only with Prune they go.
func TestStale(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "env")
	gone, foreign := web1(t, "otp"), web1(t, "otp")
	gone.Host, foreign.Host, foreign.Lattice = "gone", "other", "staging"
	mustWrite(t, dir, web1(t, "otp"), gone, foreign)
	for name, text := range map[string]string{"by-hand.env": "A=b\n", "empty.env": "", ".hidden.env": "# Made by latch\n# lattice: prod\n# host: x\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := Writing{Dir: dir, Dialect: dialect("dotenv"), Lattice: twoKeys(t, "otp")}
	stale := []string{filepath.Join(dir, "gone.env")}
	for _, step := range []struct {
		prune, rehearse, there bool
	}{{false, false, true}, {true, true, true}, {true, false, false}} {
		w.Prune, w.Rehearse = step.prune, step.rehearse
		report, err := Write(t.Context(), w, []Environment{web2(t, "otp")}) // web-1 is left out, not gone
		if err != nil || !reflect.DeepEqual(report.Stale, stale) {
			t.Fatalf("%+v: %+v, %v", step, report, err)
		}
		if _, err := os.Stat(stale[0]); (err == nil) != step.there {
			t.Fatalf("%+v: %v", step, err)
		}
	}
	if names := strings.Join(listing(t, dir), " "); names != ".hidden.env by-hand.env empty.env other.env web-1.env web-2.env" {
		t.Fatal(names)
	}
}

// Who compares is shown what a changed file is to hold, while the old one is
// still there.
func TestChanging(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "env")
	mustWrite(t, dir, web1(t, "otp"), web2(t, "otp"))
	next := web1(t, "otp")
	next.Generation++
	var seen []string
	m := twoKeys(t, "otp")
	m.Generation = next.Generation
	w := Writing{Dir: dir, Dialect: dialect("dotenv"), Lattice: m, Changing: func(path string, data []byte) error {
		seen = append(seen, path)
		if old := contents(t, path); !bytes.Contains(old, []byte("# generation: 7")) || !bytes.Contains(data, []byte("# generation: 8")) {
			t.Errorf("old %q, new %q", old, data)
		}
		return nil
	}}
	if _, err := Write(t.Context(), w, []Environment{next, web2(t, "otp")}); err != nil || len(seen) != 1 {
		t.Fatal(seen, err)
	}
	w.Changing = func(string, []byte) error { return os.ErrInvalid }
	next.Generation++
	if _, err := Write(t.Context(), w, []Environment{next}); !errors.Is(err, os.ErrInvalid) {
		t.Fatal(err)
	}
}

// TestOTPReadingIsTheHosts holds envfile's reading against the transcript of the
// host's own.
func TestOTPReadingIsTheHosts(t *testing.T) {
	t.Parallel()
	reading, err := envfile.ParseReading("otp")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{
		"A=b\n", "A=b", " A = b \r\n", "A=\"b\"\n", "A=b # c\n", "#A=b\nB=c\n", " # A=b\n", "A=b\nA=c\n", "A=\nB=c\n", "A\nB=c\n", "=b\n",
		"A=<<EOF\none\n\ntwo\nEOF\nB=c\n", "A = << 'END'\nx\n END \n", "A=b=c\n", "A= \n", "\n\n",
	} {
		want, err := readAsOTP([]byte(file))
		if err != nil {
			t.Fatal(err)
		}
		hosts, err := envfile.Parse("x.env", []byte(file), envfile.Options{Reading: reading})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, e := range hosts[0].Entries {
			if first, _ := hosts[0].Lookup(e.Name); bytes.Equal(first.Value(), e.Value()) {
				got[e.Name] = string(e.Value())
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: read %q, the host reads %q", file, got, want)
		}
	}
}
