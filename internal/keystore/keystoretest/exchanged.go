package keystoretest

import (
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// exchanges are about a seed that somebody else put under the name between the
// question and the answer.
func exchanges() []writingCase {
	return []writingCase{
		{"only the seed that was confirmed is deleted", func(b *bench) {
			seen := b.filled("one")["one"].PublicKey()
			b.remove("one")
			other := b.filled("one")["one"]
			fails(b.T, "Delete", b.open().Delete(b.ctx(), "one", seen), fault.Refused)
			fails(b.T, "Delete", b.open().Delete(b.ctx(), "one", keys.PublicKey{}), fault.Refused)
			b.holds("one", other)
		}},
		{"only the seed that was seen is renamed", func(b *bench) {
			seen := b.filled("one")["one"].PublicKey()
			b.remove("one")
			other := b.filled("one")["one"]
			fails(b.T, "Rename", b.open().Rename(b.ctx(), "one", "two", seen), fault.Refused)
			b.holds("one", other)
			b.lists("one")
		}},
	}
}
