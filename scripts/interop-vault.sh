#!/bin/sh
# Holds the vault: keystore against a real server: the vault or bao program that
# LATCH_VAULT names or PATH has, or Vault 1.21.0 built here, which takes minutes and
# gigabytes once. Its licence is the BUSL: it is run by this and is part of nothing.
set -eu
program=${LATCH_VAULT:-$(command -v bao || command -v vault || true)}
if [ -z "$program" ]; then
	program=$PWD/.tools/interop/vault/vault
fi
if [ ! -x "$program" ]; then
	echo 'interop-vault: there is no vault or bao; building Vault 1.21.0 in .tools/interop/vault' >&2
	mkdir -p .tools/interop/vault
	cd .tools/interop/vault
	cat >go.mod <<-'END'
		module vault

		go 1.26.0

		require github.com/hashicorp/vault v1.21.0

		replace github.com/hashicorp/vault/sdk => github.com/hashicorp/vault/sdk v0.20.0

		replace github.com/99designs/keyring => github.com/Jeffail/keyring v1.2.3

		replace github.com/ma314smith/signedxml v1.1.1 => github.com/moov-io/signedxml v1.1.1
	END
	cat >main.go <<-'END'
		package main

		import (
			"os"

			"github.com/hashicorp/vault/command"
		)

		func main() { os.Exit(command.Run(os.Args[1:])) }
	END
	go mod tidy -e
	CGO_ENABLED=0 go build -ldflags '-s -w' -o vault . || {
		echo 'interop-vault: it cannot be built here; install vault or bao, or name one by LATCH_VAULT' >&2
		exit 1
	}
	cd ../../..
fi
LATCH_VAULT=$program go test ./internal/keystore/vault -run '^TestInterop' -count=1 -v
