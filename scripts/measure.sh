#!/bin/sh
# Prints what whole commands take: processor time, wall time and peak memory of each,
# as GNU time tells them. docs/performance.md says what bounds them.
set -eu
cd "$(dirname "$0")/.."

/usr/bin/time -f %M true 2>/dev/null || {
	echo 'measure: this needs GNU time, on Debian: apt-get install time' >&2
	exit 3
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$work/bin/" ./cmd/latch ./cmd/testdata/bare
PATH=$work/bin:$PATH
HOME=$work # and no settings but what is typed below
unset LATCH_MANIFEST LATCH_KEYSTORE LATCH_IDENTITY_FILE LATCH_OUTPUT
export PATH HOME

title() { printf '\n%-46s %8s %8s %6s\n' "$1" 'cpu s' 'wall s' MB; }

# quietly prepares what is not measured.
quietly() { "$@" >/dev/null 2>"$work/err" || { cat "$work/err" >&2; exit 1; }; }

# row runs a command and shows what it took. The first word is what the row says.
row() {
	said=$1
	shift
	code=0
	/usr/bin/time -q -o "$work/took" -f '%U %S %e %M' "$@" >/dev/null 2>"$work/err" || code=$?
	[ "$code" -eq 0 ] || { cat "$work/err" >&2; exit 1; }
	awk -v said="$said" '{ printf "%-46s %8.2f %8.2f %6.0f\n", said, $1 + $2, $3, $4 * 1.024 / 1000 }' "$work/took"
}

# latch_row is a row for a command of latch, as it is typed.
latch_row() { row "latch $*" latch "$@"; }

# begin makes a lattice of so many hosts in a folder of its own and goes there; what
# comes after the number goes to lattice init.
begin() {
	hosts=$1
	shift
	mkdir "$work/$hosts$*" && cd "$work/$hosts$*"
	quietly latch lattice init --prefix prod --host web-1 --keystore dir:keys "$@"
	quietly latch hosts add --count $((hosts - 1)) --template 'web-{n}' ${1:+--new-key}
}

# kept runs rows and puts the manifest and the keys back as they were.
kept() {
	cp lattice.yaml "$work/lattice.yaml" && cp -R keys "$work/keys.kept"
	"$@"
	mv "$work/lattice.yaml" lattice.yaml && rm -r keys && mv "$work/keys.kept" keys
}

title 'start-up'
row 'a Go program that makes one key' bare
latch_row version

title 'keys'
for lines in 1000 1000000; do
	latch keys gen cluster --count $lines -q 2>/dev/null | awk 'NR > 1 { print $1 }' >"$work/keys.txt"
	row "latch keys validate --file, $lines keys" latch keys validate --file "$work/keys.txt" -q
done
rm "$work/keys.txt"

for hosts in 100 1000 10000; do
	begin $hosts
	title "env files of $hosts hosts"
	latch_row env write
	row 'latch env write, nothing changes' latch env write
	latch_row env check env
done

title 'one key shared by 10000 hosts'
latch_row lattice check
latch_row lattice show
new=$(seq -f 'new-%g' 3000)
# shellcheck disable=SC2086 # each name is a word
row 'latch hosts add, 3000 names' latch hosts add $new
# shellcheck disable=SC2086
row 'latch hosts remove, 3000 names' latch hosts remove $new
kept row 'latch issuers rotate emergency' latch issuers rotate emergency --compromised prod-cluster --confirm prod
latch_row issuers rotate start
latch_row issuers rotate status
kept latch_row issuers rotate next --attest all
quietly latch env write
latch_row lattice show --against env
latch_row issuers rotate next --deployed env
quietly latch issuers rotate next --attest all
quietly latch issuers rotate next --attest all
row 'latch keys delete' latch keys delete prod-cluster --yes

title '1000 hosts with a key each'
begin 1000 --per-host
latch_row lattice show
row 'latch lattice show -o json' latch lattice show -o json

mkdir "$work/envs" && cd "$work"
printf 'version: 1\ntarget: rust-0.82\nkeystore: dir:keys\n' >envs/shared.yaml
for lattice in dev test staging prod; do
	mkdir "envs/$lattice"
	manifest=envs/$lattice/lattice.yaml
	printf 'version: 1\ninclude: ../shared.yaml\nlattice: %s\n' "$lattice" >"$manifest"
	quietly latch keys gen cluster --name "$lattice-key" -m "$manifest"
	quietly latch issuers add "$lattice-key" -m "$manifest"
	quietly latch hosts add --count 3000 --template 'web-{n}' -m "$manifest"
done
title 'four lattices of 3000 hosts that share a file'
latch_row lattice check envs
latch_row lattice show -m envs
latch_row hosts list -m envs
latch_row hosts list -m envs -o json
latch_row issuers list -m envs
latch_row issuers rotate status -m envs
latch_row keystore check -m envs
latch_row env write -m envs
latch_row env write -m envs --check
latch_row env write -m envs --check --diff

title 'leaked seeds'
cd "$work"
awk 'BEGIN { for (i = 0; i < 16000000; i++) printf "no key at all, " }' >long.txt
row 'latch scan, one line of 240 MB' latch scan long.txt
