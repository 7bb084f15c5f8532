package env

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

func TestPrintingMasksSecrets(t *testing.T) {
	t.Parallel()
	e := web1(t, "rust-0.82")
	secret := e.Assignments[slices.IndexFunc(e.Assignments, Assignment.Secret)]
	if !secret.Secret() {
		t.Fatal("the last variable is no secret: nothing is tested")
	}
	for _, subject := range []any{e, &e, e.Assignments, secret, &secret, map[string]any{"e": e}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			if text := fmt.Sprintf(verb, subject); holdsSecret(text) {
				t.Errorf("%s of %T prints the seed", verb, subject)
			}
		}
		text, err := json.Marshal(subject)
		if err != nil || holdsSecret(string(text)) {
			t.Errorf("JSON of %T: %v, or it holds the seed", subject, err)
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "subject", subject)
		if holdsSecret(log.String()) {
			t.Errorf("slog of %T prints the seed", subject)
		}
	}
	if got, want := secret.String(), "WASMCLOUD_CLUSTER_SEED=[seed of "+docsKey+"]"; got != want {
		t.Errorf("String is %q, want %q", got, want)
	}
	if got := e.Assignments[0].String(); got != "WASMCLOUD_LATTICE=prod" {
		t.Errorf("String is %q", got)
	}
}

func TestMaskIsNoKey(t *testing.T) {
	t.Parallel()
	mask, err := Assignment{Name: "X", seed: parseSeed(t, docsSeed)}.Value(Masked)
	if err != nil {
		t.Fatal(err)
	}
	if keys.Diagnose(string(mask), keys.Want{}).Valid() || holdsSecret(string(mask)) {
		t.Errorf("the mask %q is a key", mask)
	}
	if len(mask) == keys.SeedLength || !strings.Contains(string(mask), " ") {
		t.Errorf("the mask %q could be taken for a key", mask)
	}
}

func TestWipedSeedIsNoValue(t *testing.T) {
	t.Parallel()
	seed := parseSeed(t, docsSeed)
	e := mustFor(t, twoKeys(t, "otp"), "web-1", seed)
	seed.Wipe()
	for _, d := range Dialects() {
		if d.Name() == "systemd-credentials" {
			continue // it holds no value
		}
		if out, err := d.Render(e, Revealed); err == nil || !strings.Contains(err.Error(), docsKey) {
			t.Errorf("%s of a wiped seed: %q, %v", d.Name(), out, err)
		}
		if _, err := d.Render(e, Masked); err != nil {
			t.Errorf("%s cannot mask a wiped seed: %v", d.Name(), err)
		}
	}
	if child, err := Child(nil, e); err == nil {
		t.Errorf("a child was given a wiped seed: %q", child)
	}
}
