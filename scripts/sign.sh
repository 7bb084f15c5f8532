#!/bin/sh
# sh scripts/sign.sh FILE BUNDLE: signs a file with cosign, all that a verifier needs
# in one bundle. With LATCH_SIGNING_KEY, the file of a private key, it works off line,
# as make snapshot does; else as whom the workflow runs, which Sigstore's log records.
set -eu

if [ -n "${LATCH_SIGNING_KEY:-}" ]; then
	set -- --key "$LATCH_SIGNING_KEY" --use-signing-config=false --tlog-upload=false --bundle "$2" "$1"
else
	set -- --bundle "$2" "$1"
fi
exec sh scripts/tool.sh cosign sign-blob --yes "$@"
