#!/bin/sh
# Makes the release of the last commit twice, in two folders, and compares every file
# that would be published. Publishes nothing; the first stays in dist/.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf dist
sh scripts/snapshot.sh dist
sh scripts/snapshot.sh "$work/second" unsigned

published() { cat "$1/checksums.txt" "$1"/channels/*; }
cat dist/checksums.txt
published dist >"$work/first"
published "$work/second" | cmp -s - "$work/first" || {
	echo 'release-check: two builds of one commit differ:' >&2
	published "$work/second" | diff "$work/first" - >&2 || :
	exit 1
}
echo "release-check: $(wc -l <dist/checksums.txt) files, identical in both builds"
