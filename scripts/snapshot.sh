#!/bin/sh
# sh scripts/snapshot.sh FOLDER [unsigned]: builds the release of the last commit into
# a folder, in a copy of the checkout, and publishes nothing. It is signed, and the
# signature verified, with a key that is thrown away.
set -eu

to=$(mkdir -p "$1" && cd "$1" && pwd)
tool=$(cd "$(dirname "$0")" && pwd)/tool.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# goreleaser wants a remote to take the project's name from; nothing is asked of it.
git clone --quiet . "$work/latch"
git -C "$work/latch" remote set-url origin https://github.com/latch-keys/latch
# Tools are built once, in the checkout.
mkdir -p .tools
ln -s "$PWD/.tools" "$work/latch/.tools"
cd "$work/latch"

# quietly shows what a command printed only if it fails.
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }; }

cosign() { quietly sh "$tool" cosign "$@"; }

skip=publish,sign
if [ "${2:-}" != unsigned ]; then
	skip=publish
	LATCH_SIGNING_KEY=$work/cosign.key COSIGN_PASSWORD=
	export LATCH_SIGNING_KEY COSIGN_PASSWORD
	(cd "$work" && cosign generate-key-pair)
fi
quietly sh "$tool" goreleaser check
quietly sh "$tool" goreleaser release --snapshot --clean --skip="$skip"
if [ "$skip" = publish ]; then
	signed() {
		sh "$tool" cosign verify-blob --key "$work/cosign.pub" --insecure-ignore-tlog \
			--bundle dist/checksums.txt.sigstore.json "$1"
	}
	quietly signed dist/checksums.txt
	sed '1s/^......../00000000/' dist/checksums.txt >"$work/changed"
	if signed "$work/changed" 2>/dev/null; then
		echo 'snapshot: the signature fits other checksums as well' >&2
		exit 1
	fi
	echo 'the signature of a key that is thrown away, verified: checksums.txt.sigstore.json'
fi
version=$(sed -n 's/.*"version":"\([^"]*\)".*/\1/p' dist/metadata.json)
.staged/pack channels dist dist/channels "$version"
(cd dist && sha256sum --quiet -c checksums.txt)
cp -R dist/. "$to"
