package envfile

import (
	"path/filepath"
	"slices"

	"github.com/latch-keys/latch/internal/env/envfile/reading"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// dotenvNames are the files that an OTP host of a release reads in its folder,
// each over those before. Source: autodidaddict/vapor
// lib/vapor/providers/dotenv.ex.
func dotenvNames() []string { return []string{".env", ".env.prod", ".env.local", ".env.prod.local"} }

// joinOTP makes one host of the files that one OTP host reads in its folder.
func (l *loader) joinOTP() {
	order := append([]string{wasmcloud.ConfigFile}, dotenvNames()...)
	first := map[string]int{}
	var kept []Host
	for _, name := range order {
		for i := range l.hosts {
			h := &l.hosts[i]
			if filepath.Base(h.Path) != name || name != wasmcloud.ConfigFile && h.ReadBy != reading.OTP().Name() {
				continue
			}
			dir := filepath.Dir(h.Path)
			at, known := first[dir]
			if !known {
				first[dir] = len(kept)
				kept = append(kept, *h)
				continue
			}
			kept[at] = over(kept[at], *h)
		}
	}
	rest := slices.DeleteFunc(slices.Clone(l.hosts), func(h Host) bool {
		base := filepath.Base(h.Path)
		return base == wasmcloud.ConfigFile || slices.Contains(dotenvNames(), base) && h.ReadBy == reading.OTP().Name()
	})
	l.hosts = slices.Concat(rest, kept)
}

// over is a host told by two files, of which the second counts.
func over(base, top Host) Host {
	base.Entries = append(base.Counting(), top.Counting()...)
	base.FirstCounts = false
	base.Findings = append(base.Findings, top.Findings...)
	base.Doubts = append(base.Doubts, top.Doubts...)
	base.ReadBy = top.ReadBy
	if !top.Target.IsZero() {
		base.Target = top.Target
	}
	if top.Generation != 0 {
		base.Generation = top.Generation
	}
	return base
}
