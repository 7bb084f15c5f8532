package lattice

import (
	"bytes"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// CheckTracked finds seeds in the text of a file that git tracks, so that whoever
// has the repository has them. One that stands in public anyway is left out.
func CheckTracked(path string, text []byte) []Finding {
	var findings []Finding
	for _, span := range keys.FindSeeds(text) {
		seed, err := keys.ParseSeed(text[span.From:span.To], keys.AnyKind)
		if err != nil {
			continue
		}
		public := seed.PublicKey()
		seed.Wipe()
		if found, known := wasmcloud.Published(public); known && found.WithSeed {
			continue
		}
		before := text[:span.From]
		findings = append(findings, Finding{
			File: path, Line: 1 + bytes.Count(before, []byte("\n")), Column: len(before) - bytes.LastIndexByte(before, '\n'),
			Severity: SeverityError, Rule: RuleTracked,
			Message: "git tracks this file, and the seed of " + public.String() + " stands in it: whoever has the repository can sign with it",
			Hint:    "replace the key, then git rm --cached " + path + " and add the file to .gitignore",
		})
	}
	return findings
}
