#!/bin/sh
# Runs the tests, with their outside programs where those can be had. Where all
# are here, or in CI, a test that cannot find one fails instead of skipping.
# Arguments go to go test, for all packages or those in PACKAGES. Tests that leave
# anything in the checkout fail.
set -eu

checkout() { git status --porcelain --untracked-files=all 2>/dev/null || :; }
before=$(checkout)

if sh scripts/test-deps.sh; then
	LATCH_REQUIRE_ORACLES=1
	export LATCH_REQUIRE_ORACLES
elif [ -n "${CI:-}" ]; then
	echo 'test: CI must not skip the tests that need them' >&2
	exit 1
else
	echo 'test: going on; the tests that need them are skipped (go test -v names them)' >&2
fi
# What tests counted: kept between runs, since a cached test counts nothing anew.
LATCH_FIGURES=$PWD/.tools/figures
export LATCH_FIGURES
mkdir -p "$LATCH_FIGURES"
# shellcheck disable=SC2086
go test -timeout 30m "$@" ${PACKAGES:-./...}
echo 'counted:'
sort "$LATCH_FIGURES"/* | sed 's/^/  /'
if [ "$(checkout)" != "$before" ]; then
	echo 'test: the tests changed the checkout:' >&2
	git status --porcelain --untracked-files=all >&2
	exit 1
fi
