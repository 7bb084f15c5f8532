#!/bin/sh
# Holds latch against the published crates that wasmCloud hosts link: nkeys 0.3.2
# and 0.4.5 judge keys, wasmcloud-core 0.2.0 with wascap 0.12 judges invocations.
set -eu
command -v cargo >/dev/null || { echo 'interop: needs cargo; install Rust to compare with the real crates' >&2; exit 1; }

# build compiles the program in a folder. Its locked versions stand in
# Cargo.lock.in, without the name of the registry: cargo knows its own.
build() {
	work=.tools/interop/$(basename "$(dirname "$(dirname "$1")")")
	mkdir -p "$work"
	cp -r "$1/Cargo.toml" "$1/src" "$work"
	rm -f "$work/Cargo.lock"
	cargo generate-lockfile --quiet --manifest-path "$work/Cargo.toml"
	registry=$(sed -n 's/^source = "\(.*\)"$/\1/p' "$work/Cargo.lock" | head -n 1)
	sed "s|@registry@|$registry|" "$1/Cargo.lock.in" >"$work/Cargo.lock"
	cargo build --release --locked --quiet --manifest-path "$work/Cargo.toml" --target-dir .tools/interop/target
}

build internal/keys/testdata/interop
build internal/invocation/testdata/interop
programs=$PWD/.tools/interop/target/release
go test ./cmd -run '^TestInterop$' -count=1 -v -interop "$programs/keys"
LATCH_INTEROP=$programs/invocations go test ./internal/invocation -run '^TestInterop' -count=1 -v
