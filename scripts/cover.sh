#!/bin/sh
# Prints how much of each package the tests run, the least first: those of all
# packages count for each, and so do the commands that they start.
# docs/coverage.md says what is left out, and why.
set -eu
cd "$(dirname "$0")/.."

GOCOVERDIR=$(mktemp -d) # where started commands leave what they ran, too
export GOCOVERDIR
trap 'rm -rf "$GOCOVERDIR"' EXIT
# Pages that compare what a terminal shows are left out: a command that is measured and
# does not know where to say so, says that.
go test -timeout 30m -skip '^TestDocs' -coverpkg=./cmd/...,./internal/... "$@" ./cmd/... ./internal/... \
	-args -test.gocoverdir="$GOCOVERDIR" >&2
go tool covdata textfmt -i="$GOCOVERDIR" -o="$GOCOVERDIR/profile"

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
	}' "$GOCOVERDIR/profile" | grep -vE '(test|oracle|architecture|pages)(/|$)' | sort -n
