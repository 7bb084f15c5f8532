package agefile

import (
	"context"
	"errors"
	"io"
	"sync"

	"filippo.io/age"

	"github.com/latch-keys/latch/internal/fault"
)

// Unlocker opens age files with what a person has: files of identities, and a
// passphrase. Files are read, and questions asked, when first needed and once.
// Its methods may be called at the same time.
type Unlocker struct {
	files   []string // of identities
	stdin   func(ctx context.Context) io.Reader
	named   bool   // each must be there and be sound
	subject string // what a passphrase is asked for when a file is sealed with one
	ask     asker  // nil where there is nobody to ask; the answer is ours to keep
	talk    Talk   // of plugins

	mu         sync.Mutex
	loaded     bool
	identities []identity
	passed     []string // files passed over, and why
	refused    error    // the first of them that is not safe to use
	answers    map[string][]byte
}

// Open gives what is in an age file, for the caller to clear. where names the
// file in questions and errors. fault.Locked: what is at hand does not open it. Any
// other error: it is no sound age file.
func (u *Unlocker) Open(ctx context.Context, where string, sealed []byte) ([]byte, error) {
	return u.open(ctx, where, sealed, u.ask, false)
}

// OpenUnasked is Open without asking for anything that is not known yet.
func (u *Unlocker) OpenUnasked(ctx context.Context, where string, sealed []byte) ([]byte, error) {
	return u.open(ctx, where, sealed, nil, true)
}

func (u *Unlocker) open(ctx context.Context, where string, sealed []byte, ask asker, quiet bool) ([]byte, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := u.load(ctx); err != nil {
		return nil, err
	}
	try := &attempt{Unlocker: u, ctx: ctx, where: where, asker: ask, quiet: quiet}
	with := []age.Identity{&passphrase{attempt: try}}
	for _, id := range u.identities {
		with = append(with, id.use(try))
	}
	plain, err := decrypt(sealed, with...)
	var unmatched *age.NoIdentityMatchError
	switch {
	case try.failure != nil:
		return nil, try.failure
	case errors.As(err, &unmatched):
		return nil, try.locked()
	}
	return plain, err
}

// Passphrase is the one for the subject, known or asked for. It stays the
// Unlocker's.
func (u *Unlocker) Passphrase(ctx context.Context) ([]byte, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	try := &attempt{Unlocker: u, ctx: ctx, where: u.subject, asker: u.ask}
	secret, err := try.answer(u.subject)
	if errors.Is(err, errUnasked) {
		return nil, try.needsPassphrase(u.subject)
	}
	return secret, err
}

type asker = func(ctx context.Context, what string) ([]byte, error)

// attempt is one opening of one file.
type attempt struct {
	*Unlocker
	ctx     context.Context //nolint:containedctx // age's interfaces take none
	where   string
	asker   asker
	quiet   bool   // plugins are left alone: they may ask for a touch
	unasked string // what could not be asked for
	failure error  // what ended the attempt, which age would make text of
}

// answer is what the person says to a question, asked once.
func (t *attempt) answer(what string) ([]byte, error) {
	if known, ok := t.answers[what]; ok {
		return known, nil
	}
	if t.asker == nil {
		t.unasked = what
		return nil, errUnasked
	}
	secret, err := t.asker(t.ctx, what)
	if err != nil {
		return nil, err
	}
	if t.answers == nil {
		t.answers = map[string][]byte{}
	}
	t.answers[what] = secret
	return secret, nil
}

// forget drops an answer that was wrong.
func (t *attempt) forget(what string) {
	clear(t.answers[what])
	delete(t.answers, what)
}

var errUnasked = errors.New("not asked")

// StaysOpen makes sure that what is at hand opens what is sealed to the recipients,
// before others are left out: fault.Refused.
func (u *Unlocker) StaysOpen(ctx context.Context, to []Recipient) error {
	sealed, err := Seal([]byte("still open\n"), to...)
	if err != nil {
		return err
	}
	_, err = u.Open(ctx, "what is encrypted to the others", sealed)
	if fault.Is(err, fault.Locked) {
		return fault.New(fault.Refused, "without this recipient you could no longer open the keystore").Because(err).
			WithHint("if that is meant, add --force")
	}
	return err
}
