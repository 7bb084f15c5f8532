#!/bin/sh
# The tour of a team: two people, a keystore on three servers, three hosts that hold
# nothing but an identity, and a rotation that rolls through them with nobody in
# charge. It works in demo/, which stays behind to be looked at; no seed is printed.
set -eu

cd "$(dirname "$0")/.."
PATH=$PWD/bin:$PATH
export PATH
rm -rf demo
mkdir -m 700 demo
cd demo
unset LATCH_MANIFEST LATCH_KEYSTORE LATCH_NATS LATCH_NATS_CREDS LATCH_NATS_CONTEXT LATCH_IDENTITY_FILE XDG_DATA_HOME XDG_CONFIG_HOME
WORK=$PWD

# as has somebody type one command line, each with a home of their own.
as() {
	who=$1
	shift
	printf '\n%s$ %s\n' "$who" "$*"
	mkdir -p "$WORK/$who"
	HOME=$WORK/$who
	cd "$HOME"
	eval "$*"
	cd "$WORK"
}

# begins has a host's machine run what its service would, until the demo has ended.
begins() {
	printf '\n%s$ %s\n' "$1" "$2"
	mkdir -p "$WORK/$1"
	(cd "$WORK/$1" && HOME=$PWD && export HOME && exec $2 >log 2>&1) &
	echo $! >"$WORK/$1/pid"
}

# identity makes one, as age-keygen does, and says its public key alone.
identity() {
	latch keystore init "age:$1.d" --new-identity "$1" -q >/dev/null
	rm -r "$1.d"
	sed -n 's/^# public key: //p' "$1"
}

# ended stops all that was started.
ended() {
	for host in web-1 web-2 edge-1; do
		[ ! -e "$WORK/$host/pid" ] || kill "$(cat "$WORK/$host/pid")" 2>/dev/null || :
	done
	wait
	rm -f "$WORK/nats.url"
}

simulate cluster
trap ended EXIT
SERVERS=$(cat nats.url)
STORE=$SERVERS/team
export LATCH_KEYSTORE="$STORE"
printf 'Three servers of NATS: %s\n' "$SERVERS"

as alice 'latch keystore init $STORE --replicas 3 --new-identity alice.key -q'
export LATCH_IDENTITY_FILE=alice.key
ALICE=$(cd alice && HOME=$WORK/alice latch keystore maintainers list -o json | sed -n 's/.*"public_key": "\(U[A-Z2-7]*\)".*/\1/p')
# A second maintainer, and three hosts that only read.
BOB=$(mkdir bob && cd bob && HOME=$WORK/bob identity bob.key)
as alice "latch keystore recipients add $BOB --name bob -q"
BOBKEY=$(cd bob && HOME=$WORK/bob LATCH_IDENTITY_FILE=bob.key latch keystore maintainers list 2>&1 >/dev/null | sed -n 's/.*Your signing key is \(U[A-Z2-7]*\).*/\1/p')
as alice "latch keystore maintainers add $BOBKEY --name bob -q"
for host in web-1 web-2 edge-1; do
	KEY=$(mkdir $host && cd $host && HOME=$WORK/$host identity host.key)
	as alice "latch keystore recipients add $KEY --name $host -q"
done
as alice 'latch lattice init --prefix shop --host web-1 --host web-2 --host edge-1 -q'
FIRST=${SERVERS%%,*}
printf 'nats:\n  rpc: {host: 127.0.0.1, port: %s}\n  ctl: {host: 127.0.0.1, port: %s}\n' "${FIRST##*:}" "${FIRST##*:}" >>alice/lattice.yaml
as alice 'latch lattice publish'

# Each host has its identity and knows whom to trust: no manifest, no seed on disk.
export LATCH_KEYSTORE="$STORE?maintainer=$ALICE" LATCH_IDENTITY_FILE=host.key
for host in web-1 web-2 edge-1; do
	begins $host "latch env exec $host --restart-on-change --every 500ms --settle 500ms --nats $SERVERS -- simulate host"
done

# Bob rotates at night, from a machine that has nothing but his identity.
export LATCH_IDENTITY_FILE=bob.key LATCH_NATS="$SERVERS"
as bob 'latch lattice fetch --out lattice.yaml'
as bob 'latch lattice status --wait 1m --every 200ms'
as bob 'latch issuers rotate start && latch lattice publish'
until cat "$WORK"/*/log | grep -q 'Started .* with generation 2'; do sleep 0.1; done
as bob 'latch lattice status || [ $? -eq 3 ]   # on the way: no call is refused'
for phase in introduce switch; do
	as bob "latch lattice status --wait 2m --every 200ms --for $phase"
	as bob 'latch issuers rotate next --live && latch lattice publish'
done
as bob 'latch lattice status --wait 2m --every 200ms --for retire'
as bob 'latch issuers rotate next --live && latch lattice publish'
as bob 'latch lattice status'
as bob 'latch issuers list'
printf '\nWhat the host web-1 was told, and when:\n\n'
cat web-1/log
printf '\nLook around in %s\n' "$WORK"
