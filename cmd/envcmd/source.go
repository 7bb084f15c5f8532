package envcmd

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// source tells, again and again, what a host is to be started with: its environment,
// from the manifest and the keystore, or from a bucket that holds both.
type source struct {
	verbs

	host     string
	lattice  string // whose manifest the bucket is asked for; "" for the only one
	fromFile bool   // the manifest is a file
	offline  offline
	store    keystore.Store
	bucket   *keystore.Bucket     // the store, where it is one
	copy     *keystore.BucketCopy // nil where none is kept
	hints    <-chan struct{}      // that something may have changed; nil where nothing tells
	told     bool                 // what is said once was said
}

// start is what a host is to be started with.
type start struct {
	environment env.Environment
	// digest tells whether a host that was started with another one is to be started
	// anew; see env.Environment.Digest.
	digest   string
	manifest lattice.Manifest
	// kept is when what the machine has kept was last known to be current: zero where
	// the store itself was asked.
	kept time.Time
	// wipe ends the seeds in the environment.
	wipe func()
}

// newSource is the source for a host, as flags and settings say. every is how often it
// will be asked, 0 for once.
func (a verbs) newSource(host string, f sourceFlags, every time.Duration) (*source, error) {
	offline, err := parseOffline(f.offline)
	if err != nil {
		return nil, err
	}
	s := &source{verbs: a, host: host, lattice: f.lattice, offline: offline}
	if s.store, err = a.Keystore(); err != nil {
		return nil, err
	}
	s.bucket, _ = s.store.(*keystore.Bucket)
	if s.fromFile, err = s.hasFile(); err != nil {
		return nil, err
	}
	if !s.fromFile {
		if _, err := published.In(s.store, "give one"); err != nil {
			return nil, err
		}
	}
	if s.bucket != nil && every > 0 {
		s.bucket.Linger(2 * every)
		s.hints = s.bucket.Watch()
	}
	if s.bucket != nil && offline.keeps() {
		s.copy = s.bucket.Copy(s.copyName())
	}
	return s, nil
}

// copyName tells the copies of one machine apart: one for another lattice, or of a start
// with a manifest at hand, does not have what this one needs.
func (s *source) copyName() string {
	if s.fromFile {
		return s.host + " with a file"
	}
	return s.host + " of " + s.lattice
}

// hasFile decides whence the manifest comes: from the bucket where its lattice was
// named, or where no file was named and none lies at hand.
func (s *source) hasFile() (bool, error) {
	if s.lattice != "" {
		return false, nil
	}
	settings, err := s.Settings()
	if err != nil || s.bucket == nil || settings.Origin("manifest") != "default" {
		return true, err
	}
	_, err = os.Stat(s.ManifestPath())
	return !errors.Is(err, fs.ErrNotExist), nil
}

// look is what the host would be started with now, by the store itself: for the caller
// to wipe.
func (s *source) look(ctx context.Context) (*start, error) {
	if s.copy != nil {
		s.copy.Begin()
	}
	found, err := s.from(ctx, s.store, s.bucket)
	if err == nil || fault.Is(err, fault.NotFound) { // of an old copy the seed may be gone
		if old := s.checkFile(ctx); old != nil {
			if err == nil {
				found.wipe()
			}
			return nil, old
		}
	}
	if err != nil {
		return nil, err
	}
	if s.copy != nil {
		if err := s.copy.Save(); err != nil && !s.told {
			s.Warn("no copy of what %s needs can be kept, so it can start only while NATS can be reached: %v", s.host, err)
		}
	}
	s.told = true
	return found, nil
}

// checkFile looks, once, whether a manifest at hand is an old copy of what the bucket has.
func (s *source) checkFile(ctx context.Context) error {
	if !s.fromFile || s.told {
		return nil
	}
	doc, err := s.Manifest()
	if err != nil {
		return err
	}
	return published.ToStart(ctx, s.App, doc, s.host, s.store)
}

// from builds what the host is started with out of a store.
func (s *source) from(ctx context.Context, store keystore.Store, bucket *keystore.Bucket) (*start, error) {
	doc, files, err := s.manifest(ctx, bucket)
	if err != nil {
		return nil, err
	}
	b := s.newBuilder(doc.Manifest(), files, store)
	found := &start{manifest: doc.Manifest(), wipe: b.wipe}
	if found.environment, err = b.environment(ctx, s.host); err == nil {
		found.digest, err = found.environment.Digest()
	}
	if err != nil {
		b.wipe()
		return nil, err
	}
	if !s.told {
		s.warnOfIgnoredKeys([]env.Environment{found.environment})
	}
	return found, nil
}

// manifest is the one in use, and where the files are that it names.
func (s *source) manifest(ctx context.Context, bucket *keystore.Bucket) (*lattice.Document, credentials.Files, error) {
	if s.fromFile {
		doc, err := s.Manifest()
		if err != nil {
			return nil, credentials.Files{}, err
		}
		return doc, s.FilesOf(doc), nil
	}
	doc, _, err := published.Fetch(ctx, bucket, s.lattice)
	if err != nil {
		return nil, credentials.Files{}, err
	}
	if !s.told {
		s.Say("Using %s, generation %d.", doc.Path(), doc.Manifest().Generation)
	}
	return doc, credentials.Files{Dir: ".", Home: s.Sys.Home(), Reads: s.TraceRead}, nil
}
