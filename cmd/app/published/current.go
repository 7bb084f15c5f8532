package published

import (
	"context"
	"time"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
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
	return file, checkCurrent(ctx, file, store, a.Warn, func(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket) error {
		return CheckFollows(ctx, file, bucket, a.Sys.Now())
	})
}

// SayHowToShare says, once a manifest was changed, what brings it to whoever takes it
// from the bucket of its keystore.
func SayHowToShare(a *app.App, file *lattice.Document) {
	store, err := a.KeystoreOf(file)
	if _, shared := store.(*keystore.Bucket); !shared || err != nil {
		return
	}
	a.Say("Hosts and people who take the manifest from the bucket need no file. They have this one after:\nlatch lattice publish")
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

// CheckFollows tells an old copy of what was published, or of the same generation one
// that would take something back, from one that can be published next.
func CheckFollows(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket, now time.Time) error {
	last, text, err := compareForHosts(ctx, file, bucket)
	if err != nil || last == nil {
		return err
	}
	own := file.Manifest()
	before, err := bucket.WasPublished(ctx, own.Lattice, text)
	if err != nil {
		return err
	}
	if before {
		return fault.New(fault.Refused, "%s was published in %s, and another manifest of generation %d after it", file.Path(), bucket.Place(), own.Generation).
			WithHint("get that, and go on from there: %s", fetch(file))
	}
	if why := Unlike(last.Manifest(), own, now); why != "" {
		return unlike(file, bucket, why)
	}
	return nil
}

// compareForHosts refuses a manifest from which hosts get something else than from the
// one that was published, unless it is newer. last is that one where it has another
// text, though hosts get the same; text is that of the one at hand.
func compareForHosts(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket) (last *lattice.Document, text []byte, err error) {
	own := file.Manifest()
	now, there, err := bucket.Published(ctx, own.Lattice)
	if err != nil || !there || now.Generation < own.Generation {
		return nil, nil, err
	}
	if now.Generation > own.Generation {
		return nil, nil, fault.New(fault.Refused, "%s is generation %d of lattice %s, and generation %d was published in %s",
			file.Path(), own.Generation, own.Lattice, now.Generation, bucket.Place()).
			WithHint("get it, and go on from there: %s", fetch(file))
	}
	text, err = file.Whole()
	if err != nil || now.Says(text) {
		return nil, text, err
	}
	last, _, err = Fetch(ctx, bucket, own.Lattice)
	if err == nil && !last.Manifest().GivesHostsTheSame(own) {
		err = unlike(file, bucket, hostsDiffer)
	}
	return last, text, err
}

// hostsDiffer is why of two manifests of one generation the second may not follow.
const hostsDiffer = "hosts get something else from it"

// Unlike says why a manifest may not follow on the last one of its generation, "" where
// it may.
func Unlike(last, next lattice.Manifest, now time.Time) string {
	if !last.GivesHostsTheSame(next) {
		return hostsDiffer
	}
	if lost := next.Lost(last, now); lost != "" {
		return "this one lacks " + lost
	}
	return ""
}

// unlike refuses a manifest of the same generation as the one that was published.
func unlike(file *lattice.Document, bucket *keystore.Bucket, why string) error {
	own := file.Manifest()
	return fault.New(fault.Refused, "another manifest of lattice %s was published in %s as generation %d, and %s", own.Lattice, bucket.Place(), own.Generation, why).
		WithHint("see what differs: latch lattice fetch %s | diff %s -; then take that one, or say generation: %d in yours and publish it",
			own.Lattice, app.Word(file.Path()), own.Generation+1)
}

// fetch is the command that brings the published manifest in place of a file.
func fetch(file *lattice.Document) string {
	return "latch lattice fetch " + file.Manifest().Lattice + " --out " + app.Word(file.Path())
}
