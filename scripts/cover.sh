#!/bin/sh
# Prints how much of each package the tests run, the least first: those of all
# packages count for each. docs/coverage.md says what is left out, and why.
set -eu
cd "$(dirname "$0")/.."

profile=$(mktemp)
trap 'rm -f "$profile"' EXIT
go test -timeout 30m -coverpkg=./cmd/...,./internal/... -coverprofile="$profile" "$@" ./cmd/... ./internal/... >&2

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
	}' "$profile" | grep -vE '(test|oracle|architecture|pages)(/|$)' | sort -n
