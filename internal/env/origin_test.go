package env

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// foreign are files that somebody else made, by who.
func foreign(t *testing.T, d Dialect) map[string][]byte {
	t.Helper()
	e := web1(t, "otp")
	e.Lattice = "stage"
	for i, a := range e.Assignments {
		if a.Name == "WASMCLOUD_LATTICE_PREFIX" {
			e.Assignments[i].plain = "stage"
		}
	}
	stage, err := d.Render(e, Revealed)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := d.Render(web1(t, "otp"), Revealed)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"a person":           []byte("OCI_REGISTRY_PASSWORD=only-copy\n"),
		"a person, as JSON":  []byte("{\"OCI_REGISTRY_PASSWORD\": \"only-copy\"}\n"),
		"an OTP host":        []byte(`{"cluster_issuers":["` + docsKey + `"],"cluster_seed":"` + docsSeed + `","lattice_prefix":"prod"}`),
		"another lattice":    stage,
		"a person, below":    append([]byte("A=b\n"), ours...),
		"somebody, in bytes": {0xff, 0xfe, 'A', 0},
	}
}

// TestNeverReplacesWhatIsNotItsOwn: what latch did not make for this lattice stays
// as it is, in every dialect, and nothing else is written; --replace replaces it.
func TestNeverReplacesWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	for _, d := range Dialects() {
		for who, text := range foreign(t, d) {
			for _, rehearse := range []bool{false, true}[:1+strings.Count(d.Name(), "dotenv")] {
				dir := t.TempDir()
				path := filepath.Join(dir, "web-1"+d.Extension())
				if err := os.WriteFile(path, text, 0o600); err != nil {
					t.Fatal(err)
				}
				w := Writing{Dir: dir, Dialect: d, Lattice: twoKeys(t, "otp"), Rehearse: rehearse}
				_, err := Write(t.Context(), w, []Environment{web2(t, "otp"), web1(t, "otp")})
				if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), path) || !strings.Contains(hint(err), "--replace") {
					t.Errorf("%s, made by %s: %v", d.Name(), who, err)
				}
				if got := contents(t, path); !bytes.Equal(got, text) || len(listing(t, dir)) != 1 {
					t.Errorf("%s, made by %s: the folder holds %v, the file %q", d.Name(), who, listing(t, dir), got)
				}
				w.Replace = true
				if _, err := Write(t.Context(), w, []Environment{web1(t, "otp")}); err != nil {
					t.Errorf("%s, with Replace: %v", d.Name(), err)
				}
				if bytes.Equal(contents(t, path), text) != rehearse {
					t.Errorf("%s, made by %s, was not replaced, or in a rehearsal", d.Name(), who)
				}
			}
		}
	}
}

// TestKnowsItsOwn: what latch wrote it replaces, and finds stale, in every dialect
// and for every target that has it.
func TestKnowsItsOwn(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"otp", "rust-0.82"} {
		for _, d := range Dialects() {
			e := full(t, target, d.Name() != "helm" || target != "otp")
			if _, err := d.Render(e, Revealed); err != nil {
				continue
			}
			dir := filepath.Join(t.TempDir(), "env")
			if _, err := write(t.Context(), dir, d, e); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "web-1"+d.Extension())
			if from, ours := originOf(path); !ours || from.lattice != "prod" || from.host != "web-1" {
				t.Errorf("%s for %s is of %+v, made by latch: %t", d.Name(), target, from, ours)
			}
			w := Writing{Dir: dir, Dialect: d, Lattice: lattice.Manifest{Lattice: "prod", Generation: 7}, Prune: true}
			if report, err := Write(t.Context(), w, nil); err != nil || len(report.Stale) != 1 || len(listing(t, dir)) != 0 {
				t.Errorf("%s for %s: %+v, %v, and left %v", d.Name(), target, report, err, listing(t, dir))
			}
		}
	}
}

// TestEmptyFileIsReplaced: nothing is lost with it.
func TestEmptyFileIsReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "web-1.env"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if written := mustWrite(t, dir, web1(t, "otp")); !written[0].Changed {
		t.Error("it stayed empty")
	}
}

// TestNeverWritesByAnOlderManifest: a file of a later generation stays, whichever
// host it is of, and nothing else is written; in every dialect that says its
// generation.
func TestNeverWritesByAnOlderManifest(t *testing.T) {
	t.Parallel()
	told := 0
	for _, d := range Dialects() {
		newer := twoKeys(t, "otp")
		dir := t.TempDir()
		if _, err := Write(t.Context(), Writing{Dir: dir, Dialect: d, Lattice: newer}, []Environment{web1(t, "otp")}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "web-1"+d.Extension())
		if from, ours := originOf(path); !ours || from.generation == 0 {
			continue // host_config.json has no room for it
		}
		told++
		before := contents(t, path)
		older := newer.Clone()
		older.Generation--
		for _, envs := range [][]Environment{{web2(t, "otp")}, {web2(t, "otp"), web1(t, "rust-0.82")}} {
			for _, w := range []Writing{{Rehearse: true}, {Prune: true}, {Replace: true}} {
				w.Dir, w.Dialect, w.Lattice = dir, d, older
				_, err := Write(t.Context(), w, envs)
				if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "web-1 runs generation") {
					t.Errorf("%s: %v", d.Name(), err)
				}
			}
		}
		if !bytes.Equal(before, contents(t, path)) || len(listing(t, dir)) != 1 {
			t.Errorf("%s: the folder has changed: %v", d.Name(), listing(t, dir))
		}
	}
	if told < len(Dialects())-1 {
		t.Errorf("only %d dialects say their generation", told)
	}
}
