package published

import (
	"context"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

// ToChange is the manifest at hand, for who is about to change it: not an old copy of
// what was published.
func ToChange(ctx context.Context, a *app.App) (*lattice.Document, error) {
	file, err := a.Manifest()
	if err != nil {
		return nil, err
	}
	store, err := a.KeystoreOf(file)
	if err != nil {
		return file, nil //nolint:nilerr // a change that needs the keystore says so; here there is none to compare with
	}
	return file, checkCurrent(ctx, file, store, a.Warn, compare)
}

// SayHowToShare says, once a manifest was changed, what brings it to whoever takes it
// from the bucket of its keystore.
func SayHowToShare(a *app.App, file *lattice.Document) {
	store, err := a.KeystoreOf(file)
	if _, shared := store.(*keystore.Bucket); !shared || err != nil {
		return
	}
	a.Say("Hosts and people who take the manifest from the bucket need no file. They have this one after:\n%s", rotation.Guide{Flags: a.FlagsInUse()}.Command("latch lattice publish"))
}

// comparison holds a manifest against what was published in the bucket.
type comparison func(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket) error

// checkCurrent refuses a manifest that the bucket of its keystore has a newer one of, or
// another of the same generation, of which hosts get something else: what is made of it
// could not be published, or would undo what a colleague has published. Where the bucket
// cannot be asked, warn is told. A keystore that is no bucket has nothing to compare with.
func checkCurrent(ctx context.Context, file *lattice.Document, store keystore.Store, warn func(format string, args ...any), compare comparison) error {
	bucket, is := store.(*keystore.Bucket)
	if !is {
		return nil
	}
	err := compare(ctx, file, bucket)
	if fault.Is(err, fault.Unavailable) && ctx.Err() == nil {
		warn("whether a newer manifest was published is not known: %v", err)
		return nil
	}
	return err
}

// compare tells an old copy of what was published, or an earlier edition of the same
// generation, from one that can be published next.
func compare(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket) error {
	text, another, err := compareForHosts(ctx, file, bucket)
	if err != nil || !another {
		return err
	}
	own := file.Manifest()
	before, err := bucket.WasPublished(ctx, own.Lattice, text)
	if before && err == nil {
		err = fault.New(fault.Refused, "%s was published in %s, and another manifest of generation %d after it", file.Path(), bucket.Place(), own.Generation).
			WithHint("get that, and go on from there: %s", fetch(file))
	}
	return err
}

// compareForHosts refuses a manifest from which hosts get something else than from the
// one that was published, unless it is newer. another reports whether that has another
// text, though hosts get the same.
func compareForHosts(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket) (text []byte, another bool, err error) {
	own := file.Manifest()
	last, there, err := bucket.Published(ctx, own.Lattice)
	if err != nil || !there || last.Generation < own.Generation {
		return nil, false, err
	}
	if last.Generation > own.Generation {
		return nil, false, fault.New(fault.Refused, "%s is generation %d of lattice %s, and generation %d was published in %s",
			file.Path(), own.Generation, own.Lattice, last.Generation, bucket.Place()).
			WithHint("get it, and go on from there: %s", fetch(file))
	}
	text, err = file.Whole()
	if err != nil || last.Says(text) {
		return text, false, err
	}
	doc, _, err := Fetch(ctx, bucket, own.Lattice)
	if err != nil {
		return text, false, err
	}
	if !doc.Manifest().GivesHostsTheSame(own) {
		return text, false, fault.New(fault.Refused, "another manifest of lattice %s was published in %s as generation %d, and hosts get something else from it", own.Lattice, bucket.Place(), own.Generation).
			WithHint("see what differs: latch lattice fetch %s | diff %s -; then take that one, or say generation: %d in yours and publish it",
				own.Lattice, app.Word(file.Path()), own.Generation+1)
	}
	return text, true, nil
}

// fetch is the command that brings the published manifest in place of a file.
func fetch(file *lattice.Document) string {
	return "latch lattice fetch " + file.Manifest().Lattice + " --out " + app.Word(file.Path())
}
