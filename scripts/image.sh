#!/bin/sh
# sh scripts/image.sh NAME VERSION: builds the image from the archives in dist/, pushes
# it for both architectures and joins them under the version. Needs docker with buildx.
set -eu

name=$1 version=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
for architecture in amd64 arm64; do
	archive=latch_${version}_linux_$architecture
	tar -xzf "dist/$archive.tar.gz" -C "$work"
	docker buildx build --platform "linux/$architecture" --provenance=false --push --file Dockerfile \
		--tag "$name:$version-$architecture" "$work/$archive"
done
docker buildx imagetools create --tag "$name:$version" "$name:$version-amd64" "$name:$version-arm64"
