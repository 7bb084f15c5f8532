#!/bin/sh
# The sixty-second tour: a lattice of three hosts, from nothing to the
# environment of every host. Each step shows the command line as typed. It works
# in demo/, which stays behind to be looked at; no seed is printed.
set -eu

cd "$(dirname "$0")/.."
PATH=$PWD/bin:$PATH
export PATH
rm -rf demo
mkdir -m 700 demo
cd demo
# Only what is typed below shall count.
unset LATCH_MANIFEST LATCH_KEYSTORE

# step runs one command line after showing it.
step() {
	printf '\n$ %s\n' "$1"
	eval "$1"
}

# fails runs one that must end with the given exit code.
fails() {
	printf '\n$ %s\n' "$2"
	code=0
	eval "$2" || code=$?
	printf '(exit code %s)\n' "$code"
	[ "$code" -eq "$1" ] || { echo "demo: want exit code $1" >&2; exit 1; }
}

printf 'A lattice of three hosts, in %s\n' "$PWD"
step 'latch lattice init --prefix demo --host web-1 --host web-2 --host edge-1 --keystore dir:keys'
step 'latch lattice show'
step 'latch lattice check'
step 'latch env write'
step 'ls -l lattice.yaml keys env'
step 'latch hosts list'

# On a terminal latch masks the seed itself; a pipe gets it in full.
if [ -t 1 ]; then
	step 'latch env print web-1'
else
	step "latch env print web-1 | sed 's/=S[A-Z2-7]*\$/=(a seed, masked)/'"
fi

step "latch env exec web-1 -- sh -c 'echo the host would start with issuers \$WASMCLOUD_CLUSTER_ISSUERS'"
step 'latch keys validate - <keys/demo-cluster.nk'
fails 3 'latch keys validate CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMY0D'
# A rotation: three deploys, and no call is refused on the way. hosts/ stands for
# the hosts, each of which starts from its file there.
step 'mkdir -m 700 hosts && cp env/*.env hosts/'
step 'latch issuers rotate start'
fails 5 'latch issuers rotate next --deployed hosts'
for phase in switch retire steady; do
	step 'latch env write && cp env/*.env hosts/'
	step "latch issuers rotate next --deployed hosts   # on to $phase"
done
step 'latch issuers list'
printf '\nLook around in %s, or make your own: latch lattice init --help\n' "$PWD"
