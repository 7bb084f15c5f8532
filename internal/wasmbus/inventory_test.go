package wasmbus

import (
	"fmt"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// A host names what runs on it, and by that the subject that a call goes to: only keys
// and links that make one token each are taken.
func TestInventoryNamesNoOtherSubject(t *testing.T) {
	t.Parallel()
	actor, provider := newKey(t, keys.Module).String(), newKey(t, keys.Service).String()
	list := func(ids ...string) string {
		var all []string
		for _, id := range ids {
			all = append(all, `{"id":"`+id+`","link_name":"default"}`)
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	links := func(names ...string) string {
		var all []string
		for _, name := range names {
			all = append(all, fmt.Sprintf(`{"id":%q,"link_name":%q,"contract_id":"a:b"}`, provider, name))
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	text := `{"host_id":"x","actors":` + list(actor, provider, actor+".x", actor+"\\n", ">", "*", "") +
		`,"providers":` + links("default", "default.shutdown", "*", ">", "a b", "a\nb", strings.Repeat("x", 300)) + `}`
	found, err := readInventory([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Actors) != 1 || found.Actors[0].ID != actor {
		t.Errorf("actors: %+v", found.Actors)
	}
	if len(found.Providers) != 1 || found.Providers[0] != (Running{provider, "default", "a:b"}) {
		t.Errorf("providers: %+v", found.Providers)
	}
}

// A host that runs much has a long answer, and one too long to be a host's is refused.
func TestLargeInventory(t *testing.T) {
	t.Parallel()
	actor := `{"id":"` + newKey(t, keys.Module).String() + `","image_ref":"example.com/actor:1","name":"actor","instances":[` +
		strings.Repeat(`{"instance_id":"0e4a9f6c-3a1b-4f43-9b5e-0f7c1f3c2d11","revision":0,"annotations":{}},`, 99) + `{}]}`
	of := func(count int) []byte {
		return []byte(`{"actors":[` + strings.Repeat(actor+",", count-1) + actor + `],"providers":[]}`)
	}
	found, err := readInventory(of(200))
	if err != nil || len(found.Actors) != 200 {
		t.Errorf("%d actors: %v", len(found.Actors), err)
	}
	if _, err := readInventory(of(4000)); err == nil {
		t.Error("an answer larger than any host's is taken")
	}
}
