package wasmcloud

import (
	"slices"
	"testing"
)

func TestEntryOf(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]Entry{
		"lc.prod.claims.MCFM":                  ClaimsEntry,
		"lc.prod.linkdefs.1f0e":                LinkEntry,
		"lc.prod.refmap.ghcr_io":               ReferenceEntry,
		"lc.stage.claims.MCFM":                 OtherEntry,
		"$KV.LATTICEDATA_prod.CLAIMS_MCFM":     ClaimsEntry,
		"$KV.LATTICEDATA_prod.LINKDEF_1F":      LinkEntry,
		"$KV.LATTICEDATA_prod.REFMAP_aGk":      ReferenceEntry,
		"$KV.LATTICEDATA_prod.COMPONENT_x":     ComponentEntry,
		"$KV.LATTICEDATA_prod.else":            OtherEntry,
		"$KV.CONFIGDATA_prod.CLAIMS_of_a_name": ConfigurationEntry,
		"$O.prod.C.nuid":                       ChunkEntry,
		"$O.prod.M.aGk=":                       PayloadEntry,
	} {
		if got := EntryOf("prod", subject); got != want {
			t.Errorf("%s: %s, want %s", subject, got, want)
		}
		if !slices.Contains(Entries(), want) {
			t.Errorf("%s is not listed", want)
		}
	}
	for kind, want := range map[Entry]string{ClaimsEntry: "1 claim", LinkEntry: "1 link", ConfigurationEntry: "1 configuration"} {
		if got := kind.Count(1); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
