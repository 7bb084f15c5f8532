package lattice

import (
	"bytes"
	"errors"
	"testing"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// seeds are documents to start fuzzing from.
func seedCorpus(f *testing.F) {
	f.Helper()
	for _, text := range []string{
		sample,
		"\ufeff" + head + twoIssuers + "hosts: [\n  {name: a, signs_with: one}, # x\n]\n",
		head + twoIssuers + "hosts: []\r\ngeneration: 1",
		"{version: 1, lattice: p, target: otp, issuers: [{name: one, public_key: KEY0}]}",
		sample + rotating + "denied: [{public_key: KEY3}]\nmax_age: 90d\nmin_soak: 15m\n",
		"? a\n: &b |\n  c\n--- *d\n...\n",
	} {
		f.Add([]byte(fill(text)))
	}
}

// FuzzDecode: no text makes Decode panic; every error has a place in the text; a
// document that decodes does so again, and its edits keep to their promises.
func FuzzDecode(f *testing.F) {
	seedCorpus(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Decode("m.yaml", text)
		var errs Errors
		if err != nil {
			if !errors.As(err, &errs) || len(errs) == 0 {
				t.Fatalf("not Errors: %v", err)
			}
			lines := bytes.Count(text, []byte("\n")) + 1
			for _, e := range errs {
				if e.Line < 1 || e.Line > lines || e.Column < 0 {
					t.Fatalf("the error has no place: %v", e)
				}
			}
			return
		}
		checkEdits(t, d)
		Check(d)
	})
}

func checkEdits(t *testing.T, d *Document) {
	t.Helper()
	for i, is := range d.manifest.Issuers {
		if i == 0 {
			added, err := addHost(d, Host{Name: "the-new.host", SignsWith: is.Name})
			if err != nil {
				continue // the layout is beyond us, and we say so
			}
			if _, err := removeHost(added, "the-new.host"); err != nil {
				t.Fatalf("what was added cannot be removed: %v\n%s", err, added.Bytes())
			}
		}
	}
	steady := d.Manifest()
	steady.Rotation = nil
	if after, err := d.Update(steady); err == nil && after.manifest.Rotation != nil {
		t.Fatalf("the rotation did not end: %s", after.Bytes())
	}
	for _, h := range d.manifest.Hosts {
		if after, err := removeHost(d, h.Name); err == nil && len(after.manifest.Hosts) != len(d.manifest.Hosts)-1 {
			t.Fatalf("not removed: %s", after.Bytes())
		}
	}
}

// FuzzEdits: names and layouts given by the fuzzer either are refused or come
// back from the text as they went in.
func FuzzEdits(f *testing.F) {
	f.Add("web-3", "one", "dir:k")
	f.Add("y", "null", "exec:a # b")
	f.Add("0x1f", "1_000", "\"'\\\n")
	f.Fuzz(func(t *testing.T, host, issuer, keystore string) {
		d, err := New("m.yaml", Manifest{
			Lattice: "p", Target: wasmcloud.Targets()[0], Keystore: keystore,
			Issuers: []Issuer{{Name: issuer, PublicKey: testKey(0)}},
		})
		if err != nil {
			return
		}
		before := still(d)
		if d, err = addHost(d, Host{Name: host, SignsWith: issuer}); err != nil {
			if CheckName(host) == nil {
				t.Fatal(err)
			}
			return
		}
		if h := d.manifest.Hosts[0]; h.Name != host || h.SignsWith != issuer || d.manifest.Keystore != keystore {
			t.Fatalf("got %+v", d.manifest)
		}
		if d, err = removeHost(d, host); err != nil || still(d) != before {
			t.Fatalf("%v\n%s", err, d.Bytes())
		}
	})
}
