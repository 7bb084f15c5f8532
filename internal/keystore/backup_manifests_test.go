package keystore

import (
	"slices"
	"testing"
	"time"
)

// Manifests go through a backup as they are, and each difference is named once.
func TestManifestsInABackup(t *testing.T) {
	t.Parallel()
	b := &Backup{Keystore: "nats://n/team", Created: time.Unix(1_800_000_000, 0).UTC(), Manifests: []Manifest{
		{Lattice: "dev", Generation: 2, Text: []byte("dev 2")}, {Lattice: "prod", Generation: 7, Text: []byte("prod \"7\"\n")}, {Lattice: "test", Generation: 1, Text: []byte("test")},
	}}
	text, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseBackup(text)
	if err != nil || len(again.Manifests) != 3 || again.Manifests[1].Generation != 7 || string(again.Manifests[1].Text) != "prod \"7\"\n" {
		t.Fatalf("%v %v", again, err)
	}
	if differ := again.CompareManifests(b.Manifests); len(differ) > 0 {
		t.Errorf("%v", differ)
	}
	differ := again.CompareManifests([]Manifest{
		{Lattice: "dev", Generation: 2, Text: []byte("another")}, {Lattice: "prod", Generation: 8}, {Lattice: "new", Generation: 3},
	})
	if want := []ManifestDifference{{"dev", 2, 2}, {"new", 0, 3}, {"prod", 7, 8}, {"test", 1, 0}}; !slices.Equal(differ, want) {
		t.Errorf("%v, want %v", differ, want)
	}
	b.Manifests[2].Lattice = "dev"
	text, err = b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseBackup(text); err == nil {
		t.Error("a lattice is there twice")
	}
}
