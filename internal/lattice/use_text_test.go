package lattice

import (
	"strings"
	"testing"
)

func TestUseSaysWhatTheLossOfTheSeedMeans(t *testing.T) {
	t.Parallel()
	for want, use := range map[string]Use{
		"the host a signs with the key k: no env file can be written for it without the seed":                   {UseSigns, "k", []string{"a"}},
		"the hosts a, b and c sign with the key k: no env file can be written for them without the seed":        {UseSigns, "k", []string{"a", "b", "c"}},
		"the hosts a and b log in to NATS with the key k: no env file can be written for them without the seed": {UseLogsIn, "k", []string{"a", "b"}},
		"every host that is added logs in to NATS with the key k":                                               {UseLogsIn, "k", nil},
		"the rotation under way has retired the key k, and needs the seed on its way back":                      {Kind: UseRetired, Name: "k"},
		"the rotation under way is about the key k":                                                             {Kind: UseRotation, Name: "k"},
		"it has the key as issuer k, which a host may be made to sign with":                                     {Kind: UseIssuer, Name: "k"},
	} {
		if got := use.String(); got != want {
			t.Errorf("%s: got %q, want %q", use.Kind, got, want)
		}
	}
	many := Use{UseSigns, "k", strings.Split(strings.Repeat("h ", 29)+"h", " ")}
	if got := many.String(); !strings.Contains(got, "h and 10 more sign") {
		t.Errorf("many: %q", got)
	}
}
