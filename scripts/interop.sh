#!/bin/sh
# Compares latch with the published crates that wasmCloud hosts are made of:
# nkeys 0.3.2 and 0.4.5, wasmcloud-core 0.2.0 with wascap 0.12. Needs cargo.
set -eu

if ! command -v cargo >/dev/null 2>&1; then
	echo 'interop: cargo is not here; install Rust to compare with the real crates' >&2
	exit 1
fi
target=$PWD/.tools/interop
cargo build --release --locked --quiet --manifest-path scripts/interop/Cargo.toml --target-dir "$target"
LATCH_INTEROP=$target/release/interop
export LATCH_INTEROP
go test -count=1 -v -run "^TestInterop" ./internal/keys ./internal/invocation
