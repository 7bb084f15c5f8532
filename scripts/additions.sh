#!/bin/sh
# Tries on a copy what CONTRIBUTING.md says of adding something: each patch of
# internal/architecture/testdata/additions applies, and the tests that it names
# pass with the pages and goldens made anew.
set -eu
cd "$(dirname "$0")/.."

top=$(pwd)
copy=$top/.tools/additions # in one place always, so that Go can cache its builds
count=0
for patch in "$top"/internal/architecture/testdata/additions/*.patch; do
	name=$(basename "$patch" .patch)
	tests=$(sed -n 's/^test: //p' "$patch")
	[ -n "$tests" ] || { echo "additions: $name names no test" >&2; exit 1; }
	rm -rf "$copy"
	mkdir -p "$copy"
	git ls-files -z | xargs -0 tar -cf - | tar -xf - -C "$copy"
	(
		cd "$copy"
		git init -q # or git apply would look at the checkout around it
		git apply "$patch"
		case $tests in *./internal/env*) go test ./internal/env -run '^TestGolden$' -update >/dev/null ;; esac
		go test ./cmd ./internal/pages -run '^TestDocs' -update >/dev/null
		# shellcheck disable=SC2086 # several packages
		go test $tests
	) || { echo "additions: $name fails" >&2; exit 1; }
	count=$((count + 1))
	echo "additions: $name works"
done
rm -rf "$copy"
[ "$count" -ge 5 ] || { echo "additions: only $count" >&2; exit 1; }
