// Package finding is what a check has to say: which rule, where, how bad, and
// what to do. Manifests and env files are judged by rules of one kind, and
// shown in one way.
package finding
