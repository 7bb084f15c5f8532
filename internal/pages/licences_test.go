package pages

import (
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/packaging/licences"
)

type licenceRows struct {
	Allowed           []string
	Linked, TestsOnly []licences.Module
}

func licenceTable(t *testing.T) licenceRows {
	t.Helper()
	linked, err := licences.Linked("../..")
	if err != nil {
		t.Fatal(err)
	}
	tested, err := licences.Tested("../..")
	if err != nil {
		t.Fatal(err)
	}
	isLinked := func(m licences.Module) bool {
		return slices.ContainsFunc(linked, func(l licences.Module) bool { return l.Path == m.Path })
	}
	rows := licenceRows{licences.Allowed(), linked, slices.DeleteFunc(tested, isLinked)}
	if len(rows.Linked) < 20 || len(rows.TestsOnly) < 10 {
		t.Fatal("too few rows")
	}
	return rows
}
