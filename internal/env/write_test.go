package env

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	for _, d := range Dialects() {
		dir := filepath.Join(t.TempDir(), "a", "env")
		envs := []Environment{web2(t, "otp"), web1(t, "otp")}
		report, err := write(t.Context(), dir, d, envs...)
		want := []Outcome{
			{Host: "web-2", Path: filepath.Join(dir, "web-2"+d.Extension()), Changed: true},
			{Host: "web-1", Path: filepath.Join(dir, "web-1"+d.Extension()), Changed: true},
		}
		if err != nil || !reflect.DeepEqual(report.Files, want) {
			t.Fatalf("%s: Write gave %+v, %v", d.Name(), report, err)
		}
		for i, e := range envs {
			data, err := d.Render(e, Revealed)
			if err != nil {
				t.Fatal(err)
			}
			if got := contents(t, report.Files[i].Path); !bytes.Equal(got, data) {
				t.Errorf("%s holds %q, want %q", report.Files[i].Path, got, data)
			}
			mode(t, report.Files[i].Path, 0o600)
		}
		mode(t, dir, 0o700)
		if names := listing(t, dir); len(names) != 2 {
			t.Errorf("the folder holds %v", names)
		}
	}
}

func TestWriteTouchesOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "env")
	first, second := web1(t, "otp"), web2(t, "otp")
	report := mustWrite(t, dir, first, second)
	old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, o := range report {
		if err := os.Chtimes(o.Path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	second.Generation++
	report = mustWrite(t, dir, first, second)
	if report[0].Changed || !report[1].Changed {
		t.Errorf("Write gave %+v", report)
	}
	for i, same := range []bool{true, false} {
		info, err := os.Stat(report[i].Path)
		if err != nil || info.ModTime().Equal(old) != same {
			t.Errorf("%s: untouched is %t, want %t: %v", report[i].Path, !same, same, err)
		}
	}
}

// TestWriteAllOrNothing: the last of the set fails, the first keeps its bytes.
func TestWriteAllOrNothing(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	cases := map[string]struct {
		last func(t *testing.T, dir string, e *Environment)
		ctx  context.Context
		want func(error) bool
	}{
		"bad value": {last: func(_ *testing.T, _ string, e *Environment) { e.Assignments[0].plain = "a b" }, want: func(err error) bool { return fault.Is(err, fault.Refused) }},
		"same file": {last: func(_ *testing.T, _ string, e *Environment) { e.Host = "WEB-1" }},
		"bad name":  {last: func(_ *testing.T, _ string, e *Environment) { e.Host = "../web-2" }},
		"cancelled": {last: func(*testing.T, string, *Environment) {}, ctx: cancelled, want: func(err error) bool { return errors.Is(err, context.Canceled) }},
		"folder in the way": {last: func(t *testing.T, dir string, e *Environment) {
			if err := os.Mkdir(filepath.Join(dir, e.Host+".env"), 0o700); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "env")
			first, last := web1(t, "otp"), web2(t, "otp")
			path := mustWrite(t, dir, first)[0].Path
			before := contents(t, path)
			first.Generation++
			c.last(t, dir, &last)
			listed := listing(t, dir)
			ctx := c.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			report, err := write(ctx, dir, dialect("dotenv"), first, last)
			if err == nil || report.Files != nil || c.want != nil && !c.want(err) {
				t.Fatalf("Write gave %+v, %v", report, err)
			}
			if holdsSecret(err.Error()) {
				t.Error("the error holds a seed")
			}
			if got := contents(t, path); !bytes.Equal(got, before) {
				t.Errorf("%s was changed to %q", path, got)
			}
			if now := listing(t, dir); !slices.Equal(now, listed) {
				t.Errorf("the folder holds %v, before %v", now, listed)
			}
		})
	}
}

func TestWriteCancelledMakesNoFolder(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	parent := t.TempDir()
	_, err := write(ctx, filepath.Join(parent, "env"), dialect("dotenv"), web1(t, "otp"))
	if !errors.Is(err, context.Canceled) || len(listing(t, parent)) != 0 {
		t.Errorf("%v, and it left %v", err, listing(t, parent))
	}
}

func TestWriteStaysInItsFolder(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"", ".", "..", "../x", "a/b", `a\b`, "/etc/x", "a\x00", "-x", "a:b", ".hidden"} {
		parent := t.TempDir()
		e := web1(t, "otp")
		e.Host = host
		for _, d := range Dialects() {
			if report, err := write(t.Context(), filepath.Join(parent, "env"), d, e); err == nil {
				t.Errorf("host %q was written to %+v", host, report)
			}
		}
		if names := listing(t, parent); len(names) != 0 {
			t.Errorf("host %q left %v", host, names)
		}
	}
}

func TestWriteNothing(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	report, err := write(t.Context(), filepath.Join(parent, "env"), dialect("dotenv"))
	if err != nil || len(report.Files) != 0 || len(listing(t, parent)) != 0 {
		t.Errorf("Write of no environment gave %+v, %v and %v", report, err, listing(t, parent))
	}
}

func TestWriteRefusesAnOpenFolder(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("modes mean nothing on Windows")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if report, err := write(t.Context(), dir, dialect("dotenv"), web1(t, "otp")); err == nil || len(listing(t, dir)) != 0 {
		t.Errorf("a folder anyone can write was used: %+v, %v", report, listing(t, dir))
	}
}

func TestWriteWipesWhatItRendered(t *testing.T) {
	t.Parallel()
	var seen [][]byte
	spied := dialect("dotenv")
	spied.render = func(_ Dialect, e Environment, show Secrets) ([]byte, error) {
		data, err := dialect("dotenv").Render(e, show)
		seen = append(seen, data)
		return data, err
	}
	dir := filepath.Join(t.TempDir(), "env")
	if _, err := write(t.Context(), dir, spied, web1(t, "otp"), web2(t, "otp")); err != nil {
		t.Fatal(err)
	}
	if len(seen) != 2 {
		t.Fatalf("rendered %d times", len(seen))
	}
	for _, data := range seen {
		if len(data) == 0 || len(bytes.Trim(data, "\x00")) != 0 {
			t.Errorf("left in memory: %d bytes", len(bytes.Trim(data, "\x00")))
		}
	}
}

func write(ctx context.Context, dir string, d Dialect, envs ...Environment) (Report, error) {
	m := lattice.Manifest{Lattice: "prod"}
	for _, e := range envs {
		m.Generation = max(m.Generation, e.Generation)
	}
	return Write(ctx, Writing{Dir: dir, Dialect: d, Lattice: m}, envs)
}

func mustWrite(t *testing.T, dir string, envs ...Environment) []Outcome {
	t.Helper()
	report, err := write(t.Context(), dir, dialect("dotenv"), envs...)
	if err != nil {
		t.Fatal(err)
	}
	return report.Files
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want && runtime.GOOS != "windows" {
		t.Errorf("%s has mode %o, want %o", path, got, want)
	}
}

// listing is what a folder holds.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
