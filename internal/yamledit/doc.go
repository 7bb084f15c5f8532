// Package yamledit reads one YAML document with its places, and edits it by
// splicing: outside what an edit changes, every byte stays, comments and order
// among them.
//
// It knows YAML, and nothing of what a document is about. The caller describes
// what the document says now and what it is to say, as a tree of Values; Edit
// changes the places where the two differ. What it reads is the part of YAML that
// can be spliced with certainty: no anchors, aliases and tags, every scalar on one
// line, keys that are single words.
//
// A comment right above an entry, as far in as the entry, is the entry's own, and
// so are those below it that stand deeper. They stay as long as it does. A comment
// that a blank line sets off stays for good.
package yamledit
