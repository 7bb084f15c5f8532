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
unset LATCH_MANIFEST LATCH_KEYSTORE LATCH_NATS LATCH_NATS_CREDS LATCH_NATS_CONTEXT

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
# The hosts run: simulate stands for them, each of which starts from its file in
# hosts/ and answers pings on a real NATS server.
step 'mkdir -m 700 hosts && cp env/*.env hosts/'
step 'simulate start hosts'
trap 'simulate end 2>/dev/null || :' EXIT
LATCH_NATS=$(cat nats.url)
export LATCH_NATS
step 'latch lattice status'
# A rotation: three deploys, and no call is refused on the way. Each phase is left
# when the running hosts say that they have it: no hand, and no word.
step 'latch issuers rotate start'
step 'latch env write && cp env/*.env hosts/'
step 'simulate restart web-1 web-2'
fails 5 'latch issuers rotate next --live'
step 'simulate restart edge-1'
step 'latch lattice status --wait 1m --for introduce --quiet'
step 'latch issuers rotate next --live   # on to switch'
for phase in retire steady; do
	step 'latch env write && cp env/*.env hosts/ && simulate restart'
	step "latch issuers rotate next --live   # on to $phase"
done
step 'latch issuers list'
step 'latch lattice status'
step 'simulate end'
unset LATCH_NATS
# NATS users: a server in operator mode, an account for the lattice, a user for each
# connection. Those of one host's providers are revoked while the host goes on.
step 'mkdir -m 700 users && cd users'
step 'latch nats operator ops --dir nats --keystore dir:keys'
step 'simulate nats nats/operator.conf hosts   # nats-server -js -c nats/operator.conf'
LATCH_NATS=$(cat nats.url)
LATCH_NATS_CREDS=nats/sys.creds
export LATCH_NATS LATCH_NATS_CREDS
step 'latch lattice init --prefix shop --target otp --host web-1 --host web-2 --keystore dir:keys'
step 'latch nats users issue --account-per-lattice --operator ops --push'
step 'latch env write && cp -r env hosts && simulate users answers'
step 'latch nats users revoke web-1 --for prov_rpc --push'
step 'simulate users "shut out"'
step 'latch nats users issue && latch env write && cp env/web-1.env hosts/'
step 'latch nats users list web-1'
step 'simulate end'
cd ..
printf '\nLook around in %s, or make your own: latch lattice init --help\n' "$PWD"
