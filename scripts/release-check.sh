#!/bin/sh
# Judges .goreleaser.yaml, then makes the release of the last commit twice, in
# two folders, and compares the checksums of every archive. Publishes nothing.
set -eu

tool=$(cd "$(dirname "$0")" && pwd)/tool.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# goreleaser wants a remote to take the project's name from; nothing is asked of it.
copy() {
	git clone --quiet . "$work/$1"
	git -C "$work/$1" remote set-url origin https://github.com/latch-keys/latch
}

# quietly runs goreleaser in a copy and shows its log only if it fails.
quietly() {
	folder=$1
	shift
	(cd "$work/$folder" && sh "$tool" goreleaser "$@") >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
}

copy first
quietly first check
copy second-with-another-name
for folder in first second-with-another-name; do
	quietly "$folder" release --snapshot --clean --skip=publish,sign
done

sums() { cat "$work/$1/dist/checksums.txt"; }
sums first
[ "$(sums first)" = "$(sums second-with-another-name)" ] || {
	echo 'release-check: two builds of one commit differ:' >&2
	sums second-with-another-name >&2
	exit 1
}
echo "release-check: $(sums first | wc -l) archives, identical in both builds"
