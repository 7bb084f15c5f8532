#!/bin/sh
# Makes sure that the outside programs which tests compare latch with are here.
# On Debian as root it installs what is missing; elsewhere it names it.
# Exits 0 when all are here, 3 when some are not.
set -eu
cd "$(dirname "$0")/.."

# nkeys.js is the npm package that reads keys independently of us.
nkeysjs() {
	folder=.tools/npm/nkeys.js
	[ ! -d "$folder/node_modules/nkeys.js" ] || return 0
	echo 'test-deps: installing nkeys.js' >&2
	mkdir -p "$folder"
	npm install --silent --no-audit --no-fund --no-save --prefix "$folder" nkeys.js@1.1.0 </dev/null >&2 || return 3
}

# program, Debian package; TestOraclesAreInstalled holds this list to the tests
programs() {
	cat <<-'END'
		age                   age
		age-keygen            age
		bash                  bash
		dash                  dash
		dbus-daemon           dbus
		env                   coreutils
		gnome-keyring-daemon  gnome-keyring
		node                  nodejs
		npm                   npm
		secret-tool           libsecret-tools
		ssh-keygen            openssh-client
		strace                strace
		systemctl             systemd
		systemd               systemd
		systemd-run           systemd
		unshare               util-linux
	END
}

# missing prints the packages whose programs are not here, on one line.
missing() {
	programs | while read -r program package; do
		command -v "$program" >/dev/null 2>&1 || printf '%s\n' "$package"
	done | sort -u | tr '\n' ' '
}

packages=$(missing)
if [ -z "$packages" ]; then
	nkeysjs
	exit
fi

install="apt-get install -y --no-install-recommends $packages"
if [ "$(uname -s)" != Linux ] || ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
	printf 'test-deps: not installed: %s\n' "$packages" >&2
	printf 'hint: on Debian or Ubuntu: sudo %s\n' "$install" >&2
	exit 3
fi

printf 'test-deps: installing %s\n' "$packages" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && $install; } >"$log" 2>&1 </dev/null; then
	cat "$log" >&2
	exit 3
fi
packages=$(missing)
[ -z "$packages" ] || { printf 'test-deps: still missing: %s\n' "$packages" >&2; exit 3; }
nkeysjs
