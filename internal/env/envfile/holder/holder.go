// Package holder finds the env file that still has a seed which the keystore has lost.
package holder

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/keys"
)

// Of is an env file in a folder whose host signs with a key, and which so has its seed:
// empty where there is none, or the files cannot be read.
func Of(ctx context.Context, dir string, key keys.PublicKey) string {
	hosts, _, err := envfile.Load(ctx, []string{dir}, envfile.Options{})
	defer envfile.Wipe(hosts)
	if err != nil || key.IsZero() {
		return ""
	}
	for _, o := range judge.Observe(hosts, time.Time{}) {
		if o.Signs == key {
			return o.Source
		}
	}
	return ""
}
