package env

import (
	"strings"
	"testing"
)

func TestReadCredential(t *testing.T) {
	t.Parallel()
	e := full(t, "rust-0.82", true)
	text, err := dialect("json").Render(e, Revealed)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadCredential(text)
	compare(t, "ReadCredential", e, values(got), err)
	for i, a := range got.Assignments {
		if a.Secret() != e.Assignments[i].Secret() {
			t.Errorf("%s: secret is %t", a.Name, a.Secret())
		}
	}
	got.Wipe()
	if child, err := Child(nil, got); err == nil {
		t.Errorf("a child was given a wiped seed: %q", child)
	}
}

func TestReadCredentialRefuses(t *testing.T) {
	t.Parallel()
	const seed = `"WASMCLOUD_CLUSTER_SEED": "` + docsSeed + `"`
	for name, c := range map[string]struct{ text, says string }{
		"empty":          {"", "no JSON object"},
		"array":          {`["A"]`, "no JSON object"},
		"no variable":    {"{}", "not one object with variables"},
		"number":         {`{"A": 1}`, "after 0 variables"},
		"object":         {`{` + seed + `, "A": {}}`, "after 1 variables"},
		"twice":          {`{` + seed + `, "A": "1", "A": "2"}`, "the variable 3"},
		"twice, folded":  {`{"A": "1", "a": "2"}`, "the variable 2"},
		"no name":        {`{"": "1"}`, "the variable 1"},
		"equals":         {`{"A=B": "1"}`, "the variable 1"},
		"NUL":            {`{"A": "\u0000"}`, "A: no environment"},
		"not closed":     {`{` + seed, "it does not end"},
		"two objects":    {`{"A": "1"}{"B": "1"}`, "not one object"},
		"masked":         {`{"WASMCLOUD_CLUSTER_SEED": "[seed of ` + docsKey + `]"}`, "WASMCLOUD_CLUSTER_SEED: "},
		"seed with a LF": {`{"WASMCLOUD_CLUSTER_SEED": "` + docsSeed + `\n"}`, "WASMCLOUD_CLUSTER_SEED: "},
	} {
		got, err := ReadCredential([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) || holdsSecret(err.Error()) || len(got.Assignments) > 0 {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
}

// FuzzReadCredential: what is read is written again, and then read the same.
func FuzzReadCredential(f *testing.F) {
	f.Add([]byte(`{"A": "b", "WASMCLOUD_CLUSTER_SEED": "` + docsSeed + `"}`))
	f.Add([]byte(`{"A": "\ud83d\ude00", "a": []}`))
	f.Add([]byte("{\"\x7f\":\"\"}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := ReadCredential(text)
		if err != nil {
			return
		}
		again, err := dialect("json").Render(e, Revealed)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadCredential(again)
		compare(t, "ReadCredential", e, values(got), err)
	})
}
