#!/bin/sh
# Prints how much of each package the tests run, the least first: those of all
# packages count for each, and so do the commands that they start.
# docs/coverage.md says what is left out, and why.
set -eu
cd "$(dirname "$0")/.."

ran=$(mktemp -d)
trap 'rm -rf "$ran"' EXIT
# go test has a folder of its own for what started commands ran, and forgets it: env puts
# it beside the rest. Pages that compare what a terminal shows are left out: a command
# that is measured, and has no variable that says where to put it, says so.
go test -timeout 30m -skip '^TestDocs' -exec "env GOCOVERDIR=$ran" -coverpkg=./cmd/...,./internal/... "$@" \
	./cmd/... ./internal/... -args -test.gocoverdir="$ran" >&2
go tool covdata textfmt -i="$ran" -o="$ran/profile"

# A block stands there once for each package whose tests could have run it.
awk -F'[: ]' '
	NR > 1 {
		block = $1 ":" $2
		size[block] = $3
		if ($4 > 0) ran[block] = 1
	}
	END {
		for (block in size) {
			package = block
			sub(/\/[^\/]*:.*/, "", package)
			sub(/^github.com\/latch-keys\/latch\//, "", package)
			of[package] += size[block]
			if (block in ran) did[package] += size[block]
		}
		for (package in of) printf "%5.1f%%  %s\n", 100 * did[package] / of[package], package
	}' "$ran/profile" | grep -vE '(test|oracle|architecture|pages)(/|$)' | sort -n
