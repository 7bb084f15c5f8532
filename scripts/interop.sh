#!/bin/sh
# Holds `latch keys validate` against the nkeys crates that wasmCloud hosts link.
set -eu
command -v cargo >/dev/null || { echo "interop: needs cargo, from https://rustup.rs" >&2; exit 1; }
cargo build --release --locked --quiet --manifest-path internal/keys/testdata/interop/Cargo.toml --target-dir .tools/interop
exec go test ./cmd -run '^TestInterop$' -count=1 -v -interop "$PWD/.tools/interop/release/judge"
