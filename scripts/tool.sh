#!/bin/sh
# Runs a development tool, pinned here, from .tools/ where it is built once:
# sh scripts/tool.sh golangci-lint run
set -eu

name=${1:?which tool}
shift
case $name in
golangci-lint) package=github.com/golangci/golangci-lint/v2/cmd/golangci-lint version=v2.15.0 ;;
deadcode) package=golang.org/x/tools/cmd/deadcode version=v0.49.0 ;;
goreleaser) package=github.com/goreleaser/goreleaser/v2 version=v2.16.0 ;; # later ones need a newer Go
cosign) package=github.com/sigstore/cosign/v3/cmd/cosign version=v3.1.3 ;;
actionlint) package=github.com/rhysd/actionlint/cmd/actionlint version=v1.7.12 ;;
govulncheck) package=golang.org/x/vuln/cmd/govulncheck version=v1.9.0 ;;
*)
	echo "tool: $name is not pinned in scripts/tool.sh" >&2
	exit 2
	;;
esac

folder=$(cd "$(dirname "$0")/.." && pwd)/.tools/$version
if [ ! -x "$folder/$name" ]; then
	echo "tool: building $name $version once; takes some minutes" >&2
	(unset GOOS GOARCH GOFLAGS && GOBIN="$folder" CGO_ENABLED=0 go install "$package@$version")
fi
exec "$folder/$name" "$@"
